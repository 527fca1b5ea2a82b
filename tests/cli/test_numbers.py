"""What is no number of the range is refused in a sentence, wherever the command line takes one."""

import pytest

from bot.cli.numbers import Number, WholeNumber
from tests.program import call

#: Every command that takes a number; the number comes last.
TAKING = [
    ("demo", "--speed"),
    ("demo", "--port"),
    ("demo", "--script", "--speed"),
    ("healthcheck", "--port"),
    ("list", "--limit"),
    ("audit", "--"),
]
NO_NUMBERS = [
    "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "1e999", "-0", "-1", "0x10", "1e-3",
    "1_0", "1__0", "１", "٣", "²", "", " ", "1 0", "1,5", "½", "ten", "9" * 5000, "1\x1b[31m",
]  # fmt: skip


@pytest.mark.parametrize("command", TAKING, ids=" ".join)
@pytest.mark.parametrize("text", NO_NUMBERS, ids=lambda text: ascii(text)[:12])
async def test_what_is_no_number_is_refused_with_what_was_expected(
    command: tuple[str, ...], text: str
) -> None:
    ended = await call(*command, text, env={"DATABASE_URL": "sqlite:///nowhere.db"})

    assert ended.code == 2, ended
    assert "Traceback" not in ended.err
    assert "range" in ended.err or "Expected a" in ended.err
    assert ended.err.replace("\n", "").isprintable()
    assert len(ended.err) < 500


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (Number(0.01, 1000), "1", 1.0),
        (Number(0.01, 1000), "0.01", 0.01),
        (Number(0.01, 1000), ".5", 0.5),
        (Number(0.01, 1000), "+20.", 20.0),
        (Number(0.01, 1000), "1000", 1000.0),
        (WholeNumber(0, 65535), "08420", 8420),
        (WholeNumber(0, 65535), "0", 0),
        (WholeNumber(min=1), "999999999", 999_999_999),
    ],
)
def test_numbers_are_read(kind: Number | WholeNumber, text: str, number: float) -> None:
    assert kind.convert(text, None, None) == number
