"""What is told in a terminal keeps its structure where it is narrow."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from bot.demo.indent import print_below


@pytest.mark.parametrize(
    ("width", "lead", "words", "lines"),
    [
        # One line needs nothing, and a pipe is as wide as it likes.
        (40, "✔ 1. ", "Ana asks.", ["✔ 1. Ana asks."]),
        (500, "✔ 1. ", "word " * 20, ["✔ 1. " + ("word " * 20).strip()]),
        # What does not fit goes on below its own beginning.
        (20, "✔ 12. ", "Ana asks how job 205 is.", ["✔ 12. Ana asks how", "      job 205 is."]),
        (20, "     ", "It has been running.", ["     It has been", "     running."]),
        # Nor does a word without a gap, or wide letters, leave its column.
        (20, "     ", "x" * 20, ["     " + "x" * 15, "     " + "x" * 5]),
        (20, "     ", "您好我会报告作业", ["     您好我会报告作", "     业"]),
    ],
)
def test_every_line_stands_below_the_first(
    width: int, lead: str, words: str, lines: list[str]
) -> None:
    console = Console(file=io.StringIO(), width=width, highlight=False)

    print_below(console, Text(words, "bold"), lead)

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == lines
