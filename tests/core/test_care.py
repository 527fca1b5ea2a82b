"""Whose a job is: by claim, else by its description."""

import pytest

from bot.core.care import NO_CARE, JobCare, described_owner, owner_of

DESCRIPTIONS = (
    ("owner: U0ANA00001", "U0ANA00001"),
    ("Learning rates, owner:U0ANA00001.", "U0ANA00001"),
    ("Owner : W012A3CDE, nightly", "W012A3CDE"),
    ("OWNER： U024BE7LH", "U024BE7LH"),
    ("team vision; owner: <@U0BEN00002>", "U0BEN00002"),
    ("owner: <@UFXTHWABC|ana>", "UFXTHWABC"),
    ("owner: ana, owner: U0ANA00001", "U0ANA00001"),
    ("owner: U0ANA00001, owner: U0BEN00002", "U0ANA00001"),
    ("", ""),
    ("owner: ana", ""),
    ("owner: WAREHOUSE", ""),
    ("owner: USA", ""),
    ("owner: u0ana00001", ""),
    ("owner: S0MLADMINS", ""),
    ("owner: U0ANA00001x", ""),
    ("owner: U", ""),
    ("owner: <!channel>", ""),
    ("owner: <@S0MLADMINS>", ""),
    ("co-owner: U0ANA00001", ""),
    ("homeowner: U0ANA00001", ""),
    ("owner U0ANA00001", ""),
    (f"owner: U{'1' * 40}", ""),
)


@pytest.mark.parametrize(("description", "owner"), DESCRIPTIONS)
def test_a_description_names_an_owner_by_the_id_alone(description: str, owner: str) -> None:
    assert described_owner(description) == owner


@pytest.mark.parametrize(
    ("claimed_by", "disclaimed_by", "owner"),
    [
        (None, None, "U0ANA00001"),
        ("U0BEN00002", None, "U0BEN00002"),
        (None, "U0ANA00001", ""),
        (None, "U0BEN00002", "U0ANA00001"),
        ("U0ANA00001", "U0ANA00001", "U0ANA00001"),
    ],
)
def test_a_claim_counts_more_than_the_description_and_a_no_of_the_named_is_kept(
    claimed_by: str | None, disclaimed_by: str | None, owner: str
) -> None:
    found = owner_of("owner: U0ANA00001", claimed_by=claimed_by, disclaimed_by=disclaimed_by)

    assert found == owner


def test_nobody_has_said_anything_of_a_job_at_first() -> None:
    assert (NO_CARE.owner, NO_CARE.keep) == ("", None)
    assert JobCare() == NO_CARE
