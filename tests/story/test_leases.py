"""A keep ends with the run that it was made for, in the running bot."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_claims import say
from tests.story.test_pressed import told
from tests.waiting import as_time_passes
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
HOUR = timedelta(hours=1)
KEPT, ENDED = "Kept until ", "that ended with the run."


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(231, 8, name="resnet-sweep", duration=2 * HOUR)])


@pytest.fixture
async def lab(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    async with open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="30", VISJOB_GUARD_HOURS="1,2"
    ) as made:
        source.clock = made.clock
        yield await settle(made)


async def shows(world: World, source: FakeSource, status: int, words: str, **facts: Any) -> Json:
    """Set the job's status, and return its card in the channel, once it contains these words."""
    source.jobs = [a_job(231, status, name="resnet-sweep", **facts)]

    async def is_shown() -> Json:
        return _card(world, words)

    # An ended job is read in every third interval only.
    return await as_time_passes(world.clock, is_shown, seconds=100)


def _card(world: World, words: str) -> Json:
    cards = told(world, "visjob_card")
    return cards[-1] if cards and words in cards[-1]["text"] else {}


async def kept(world: World) -> None:
    """Let the channel follow the job, and Ana keep it for 8 hours."""
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 231")
    await world.workspace.until(lambda: told(world, "visjob_card"))
    assert "is kept until" in said(await say(world, "keep 231 8h")).replace("\u00a0", " ")
    await world.workspace.until(lambda: _card(world, KEPT))


async def test_a_stop_ends_the_keep_and_another_run_is_not_kept(
    lab: World, source: FakeSource
) -> None:
    await kept(lab)

    stopped = await shows(lab, source, 12, "was stopped", duration=3 * HOUR)
    assert ENDED in stopped["text"]
    assert f"<@{ME}>" in stopped["text"]
    assert "ended with the run" in said(stopped["blocks"])
    assert "wasn't kept" in said(await say(lab, "keep 231 off"))

    again = await shows(lab, source, 8, "is running", duration=timedelta())
    assert KEPT not in again["text"]
    assert ENDED not in again["text"]
    assert "kept" not in (await say(lab, "231"))["text"]

    # Nobody keeps this run: its marks get reminders, and no lease of it ends.
    await shows(lab, source, 8, "1 h", duration=HOUR)
    reminders = await lab.workspace.until(lambda: told(lab, "visjob_guard"))
    assert [one["metadata"]["event_payload"]["kind"] for one in reminders] == ["cost"]


async def test_a_restart_that_no_poll_saw_ends_it_too(lab: World, source: FakeSource) -> None:
    await kept(lab)

    source.jobs = [a_job(231, 8, name="resnet-sweep", duration=timedelta(seconds=5))]

    async def is_kept_no_more() -> bool:
        return not _card(lab, KEPT)

    await as_time_passes(lab.clock, is_kept_no_more)


async def test_a_keep_outlasts_what_ends_no_run(lab: World, source: FakeSource) -> None:
    await kept(lab)

    await shows(lab, source, 15, "JOBSTAT_", duration=3 * HOUR)
    again = await shows(lab, source, 8, "JOBSTAT_RUNNING", duration=4 * HOUR)

    assert KEPT in again["text"]
    assert told(lab, "visjob_guard") == []


async def test_what_is_kept_after_a_restart_stays_so(lab: World, source: FakeSource) -> None:
    await kept(lab)
    await shows(lab, source, 12, "was stopped", duration=3 * HOUR)
    await shows(lab, source, 8, "is running", duration=timedelta())

    await say(lab, "keep 231 4h")

    await lab.workspace.until(lambda: _card(lab, KEPT))
    await shows(lab, source, 15, "JOBSTAT_", duration=HOUR)
    again = await shows(lab, source, 8, "JOBSTAT_RUNNING", duration=HOUR)
    assert KEPT in again["text"]
    assert told(lab, "visjob_guard") == []
