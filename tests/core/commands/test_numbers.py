"""What looks like a number is the id of a job, or is said to be none; no id is made up."""

import pytest

from bot.core.commands.words.numbers import is_odd_number, unknown_job_words

ODD = ("1e9", "1E+9", "0x1F", "0b101", "0o17", "1_000", "1,000", "1'000", "3.14", "205.0", "1/2",
       "+205", "50%", "(1e9)", "１e9", "-1.5")  # fmt: skip
NAMES = ("205", "0", "e5", "v1.2", "x10", "2024-01-02", "1st", "205.", "run1", "1e", "flowers", "")


@pytest.mark.parametrize("word", ODD)
def test_a_number_that_is_no_whole_one_is_told_from_an_id(word: str) -> None:
    assert is_odd_number(word)
    assert str(unknown_job_words(word)).endswith("ids are whole numbers, such as 205.")


@pytest.mark.parametrize("word", NAMES)
def test_ids_and_names_are_no_odd_numbers(word: str) -> None:
    assert not is_odd_number(word)
