"""Reminders that were held: one is posted, its card shows the same hours, `why` names the hold."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_pressed import told
from tests.waiting import as_time_passes, until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
HOUR = timedelta(hours=1)


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 8, duration=7 * HOUR)])


@pytest.fixture
async def lab(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    async with open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="30", VISJOB_GUARD_HOURS="8,24"
    ) as made:
        source.clock = made.clock
        yield await settle(made)


async def test_after_a_snooze_one_reminder_comes_and_all_say_the_same(
    lab: World, source: FakeSource
) -> None:
    await lab.type("/visjob subscribe 205")
    await lab.workspace.until(lambda: told(lab, "visjob_card"))
    await lab.type("/visjob snooze here 4h")
    for reminders, hours in ((1, 9), (2, 25)):
        await runs_for(lab, source, hours, reminders)
    assert told(lab, "visjob_guard") == []
    assert "What I would post here waits: snoozed until" in said(await lab.type("/visjob why 205"))

    await lab.type("/visjob wake here")

    await until(lambda: are_there(lab, "state IN ('sent', 'withdrawn')", 2))
    [reminder] = told(lab, "visjob_guard")
    assert reminder["metadata"]["event_payload"]["hours"] == 24
    assert "has been running for 1 d 1 h" in said(reminder)
    await lab.workspace.until(lambda: "1 d 1 h" in said(told(lab, "visjob_card")[0]))
    why = said(await lab.type("/visjob why 205"))
    assert "reminder at 1 d, held by a snooze, posted <!date^" in why
    assert "reminder at 8 h" not in why


async def test_a_reminder_whose_run_ended_under_a_snooze_is_not_posted_and_why_says_so(
    lab: World, source: FakeSource
) -> None:
    await lab.type("/visjob subscribe 205")
    await lab.workspace.until(lambda: told(lab, "visjob_card"))
    await lab.type("/visjob snooze here 4h")
    await runs_for(lab, source, 9, 1)
    source.jobs = [a_job(205, 12, duration=9 * HOUR)]
    await as_time_passes(lab.clock, lambda: has_ended(lab))

    await lab.type("/visjob wake here")

    await until(lambda: are_there(lab, "state = 'withdrawn'", 1))
    await lab.workspace.until(lambda: told(lab, "visjob_status_changed"))
    assert told(lab, "visjob_guard") == []
    why = said(await lab.type("/visjob why 205"))
    assert "reminder at 8 h, not posted: that run was over before" in why


async def has_ended(lab: World) -> bool:
    return await are_there(lab, "state = 'open'", 1, kind="change")


async def runs_for(lab: World, source: FakeSource, hours: int, reminders: int) -> None:
    """Let the job have run for so many hours, and wait until so many reminders are open."""
    source.jobs = [a_job(205, 8, duration=hours * HOUR)]

    await as_time_passes(lab.clock, lambda: are_there(lab, "state = 'open'", reminders))


async def are_there(lab: World, such: str, count: int, *, kind: str = "guard") -> bool:
    """Return True if the outbox has so many reminders, or deliveries of another kind, with this
    condition."""
    path = lab.settings["DATABASE_URL"].removeprefix("sqlite:///")
    query = f"SELECT count(*) FROM delivery WHERE kind = '{kind}' AND {such}"  # noqa: S608 - ours
    with closing(sqlite3.connect(path)) as file:
        [found] = file.execute(query).fetchone()
    # A channel takes one message a second.
    lab.clock.advance(seconds=1)
    return bool(found == count)
