"""The rule of three witnesses, one sentence a row."""

from datetime import timedelta

import pytest

from bot.core.absence import PRESENT, least_apart
from tests.make import NOW

APART = timedelta(seconds=30)

#: What happened, at which second: "denied" by the detail call, or "unlisted" by a complete list.
CASES = [
    ("nothing speaks for it", [], False),
    ("one denial is one witness", [("denied", 0)], False),
    ("two denials without a list are two witnesses", [("denied", 0), ("denied", 30)], False),
    ("ten denials without a list are no more", [("denied", n * 30) for n in range(10)], False),
    ("a list alone denies nothing", [("unlisted", 0), ("unlisted", 60)], False),
    ("one denial and a list are two witnesses", [("denied", 0), ("unlisted", 60)], False),
    (
        "a list between two denials makes three",
        [("denied", 0), ("unlisted", 10), ("denied", 30)],
        True,
    ),
    (
        "a list after two denials makes three",
        [("denied", 0), ("denied", 30), ("unlisted", 31)],
        True,
    ),
    (
        "a list at the moment of the first denial was asked for after it",
        [("denied", 0), ("unlisted", 0), ("denied", 30)],
        True,
    ),
    (
        "a list before the first denial is too old",
        [("unlisted", 0), ("denied", 1), ("denied", 31)],
        False,
    ),
    (
        "two denials too close together are one",
        [("denied", 0), ("denied", 29), ("unlisted", 30)],
        False,
    ),
    (
        "a third one far enough from the first makes two",
        [("denied", 0), ("denied", 29), ("unlisted", 30), ("denied", 31)],
        True,
    ),
    (
        "of two lists the later one counts",
        [("unlisted", 0), ("denied", 1), ("unlisted", 20), ("denied", 31)],
        True,
    ),
]


@pytest.mark.parametrize(("_sentence", "heard", "is_proved"), CASES, ids=lambda value: str(value))
def test_three_witnesses(_sentence: str, heard: list[tuple[str, int]], *, is_proved: bool) -> None:
    absence = PRESENT
    for what, second in heard:
        at = NOW + timedelta(seconds=second)
        absence = absence.add_denial(at) if what == "denied" else absence.add_list_without(at)

    assert absence.is_proved(apart=APART) is is_proved


@pytest.mark.parametrize(("interval", "seconds"), [(300, 30), (30, 30), (5, 5), (1, 1)])
def test_two_denials_are_half_a_minute_apart_or_one_interval_if_that_is_shorter(
    interval: int, seconds: int
) -> None:
    assert least_apart(timedelta(seconds=interval)) == timedelta(seconds=seconds)
