"""The last job of each person: remembered at once, written periodically, kept after a failed
write."""

from collections.abc import Mapping

import pytest

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.project import Project
from bot.responder.last_asked import LastAsked
from tests.fakes import FakeStore
from tests.make import ANA, OURS, TEAM

BEN = "U0BEN00001"
GONE = StoreUnavailable("The database does not answer.")

OTHER = Project(team_id="T2", project_id=OURS.project_id)


async def test_what_was_asked_is_known_before_it_is_written() -> None:
    store = FakeStore()
    last_asked = LastAsked(store)

    last_asked.note(OURS, ANA, JobId(205))

    assert await last_asked.last(OURS, ANA) == 205
    assert store.writes == 0


async def test_each_person_in_each_workspace_has_a_last_job_of_their_own() -> None:
    last_asked = LastAsked(FakeStore())
    last_asked.note(OURS, ANA, JobId(205))
    last_asked.note(OURS, BEN, JobId(197))
    last_asked.note(OTHER, ANA, JobId(7))

    assert [await last_asked.last(*who) for who in ((OURS, ANA), (OURS, BEN), (OTHER, ANA))] == [
        205,
        197,
        7,
    ]
    assert await last_asked.last(OTHER, BEN) is None


async def test_what_an_earlier_run_wrote_is_known() -> None:
    assert await LastAsked(FakeStore({(TEAM, ANA): JobId(231)})).last(OURS, ANA) == 231


async def test_a_write_takes_what_is_new_once() -> None:
    store = FakeStore()
    last_asked = LastAsked(store)
    last_asked.note(OURS, ANA, JobId(205))
    last_asked.note(OURS, ANA, JobId(197))
    last_asked.note(OURS, BEN, JobId(7))

    assert await last_asked.write() == 5
    assert await last_asked.write() == 5
    assert store.asked == {(TEAM, ANA): 197, (TEAM, BEN): 7}
    assert store.writes == 2


async def test_asking_for_the_same_job_again_writes_nothing() -> None:
    store = FakeStore()
    last_asked = LastAsked(store)
    for _ in range(3):
        last_asked.note(OURS, ANA, JobId(205))
        await last_asked.write()

    assert store.writes == 1


async def test_what_could_not_be_written_is_written_later() -> None:
    store = FakeStore(error=GONE)
    last_asked = LastAsked(store)
    last_asked.note(OURS, ANA, JobId(205))
    assert await last_asked.write() == 60
    store.error = None

    assert await last_asked.write() == 5
    assert store.asked == {(TEAM, ANA): 205}


async def test_the_last_flush_says_when_it_fails() -> None:
    last_asked = LastAsked(FakeStore(error=GONE))
    last_asked.note(OURS, ANA, JobId(205))

    with pytest.raises(StoreUnavailable):
        await last_asked.flush()


async def test_whoever_asks_for_another_job_during_a_write_is_written_again() -> None:
    class SlowStore(FakeStore):
        async def remember_asked(self, asked: Mapping[tuple[Project, str], JobId]) -> None:
            await super().remember_asked(asked)
            last_asked.note(OURS, ANA, JobId(7))

    store = SlowStore()
    last_asked = LastAsked(store)
    last_asked.note(OURS, ANA, JobId(205))
    await last_asked.flush()
    await last_asked.flush()

    assert store.asked == {(TEAM, ANA): 7}
