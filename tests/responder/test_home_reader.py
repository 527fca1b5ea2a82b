"""Which jobs Home calls the person's own."""

from dataclasses import replace

import pytest

from bot.catalog import Catalog
from bot.core.job import JobId
from tests.care_fakes import FakeCare
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, OURS, TEAM, a_job, line_words
from tests.responder_fakes import a_responder, ports_in_memory

BEN = "U0BEN00002"


@pytest.mark.parametrize(
    ("care", "yours"),
    [
        (FakeCare(), ["named"]),
        (FakeCare(owners={JobId(193): ANA}), ["named", "plain"]),
        (FakeCare(owners={JobId(205): BEN}), []),
        (FakeCare(disclaimed=ANA), []),
    ],
    ids=["description", "claim", "taken over", "disclaimed"],
)
async def test_a_claim_and_a_description_make_a_job_yours(care: FakeCare, yours: list[str]) -> None:
    jobs = [a_job(205, name="named", description=f"owner: {ANA}"), a_job(193, name="plain")]
    clock = ManualClock()
    source = FakeSource(jobs, clock=clock)
    catalog = Catalog(source, clock=clock)
    await catalog.sweep(OURS)

    ports = replace(ports_in_memory(clock), care=care)
    sections = await a_responder(catalog, source, clock, ports).home(TEAM, ANA, 1)

    lines = [line_words(line) for section in sections for card in section for line in card.lines]
    assert sorted(line.split()[1] for line in lines if "yours" in line) == yours
