"""What of an error is told in Slack: of the database's none of its own words."""

import pytest

from bot.core.errors import BotError, SourceUnavailable, StoreRefused, StoreUnavailable
from bot.core.health import Check, Verdict

DRIVER = "I can't use the PostgreSQL database rest at 10.0.0.7: connection failed, port 5432."

#: An error, and the sentence that people hear.
TOLD = [
    (StoreUnavailable(DRIVER, hint="Check 10.0.0.7."), "My database does not answer."),
    (StoreUnavailable(DRIVER, told="I did nothing."), "I did nothing."),
    (
        StoreRefused(DRIVER, hint="See 5432."),
        "My database did not take that, so nothing was changed.",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), TOLD, ids=str)
def test_people_hear_of_the_database_in_a_plain_sentence(error: BotError, sentence: str) -> None:
    told = error.for_people

    assert str(told.sentence) == sentence
    assert "whoever runs me" in str(told.hint)
    assert str(error) == DRIVER, "the operator's stays"
    assert (told.code, told.vendor_text) == ("", "")


def test_what_the_cloud_says_is_told_as_it_is() -> None:
    error = SourceUnavailable("ModelArts did not answer in time.", hint="Try again.", code="502")

    assert error.for_people is error


def test_a_row_is_told_to_people_in_its_other_words_where_it_has_some() -> None:
    row = Check(
        name="database",
        verdict=Verdict.FAILED,
        found=DRIVER,
        cure="10.0.0.7",
        told=("away", "wait"),
    )

    assert (row.for_people.found, row.for_people.cure) == ("away", "wait")
    assert (row.found, row.for_people.verdict) == (DRIVER, Verdict.FAILED)
    plain = Check(name="cloud", verdict=Verdict.OK, found="well")
    assert plain.for_people is plain
