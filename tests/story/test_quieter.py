"""The morning line, and the offer of a digest to a busy channel, in the running bot."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.workspace.cast import BEN, EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_pressed import labels, now, press, told
from tests.waiting import as_time_passes, until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
HOUR = timedelta(hours=1)
# Each job causes two messages: a card and a change.
JOBS = range(301, 312)


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource(
        [
            a_job(205, 8, duration=26 * HOUR),
            a_job(206, 8, name="resnet-sweep", duration=2 * HOUR),
            *(a_job(number, 7, name=f"job-{number}", duration=None) for number in JOBS),
        ]
    )


@pytest.fixture
async def lab(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    async with open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="30", VISJOB_GUARD_HOURS="off"
    ) as made:
        source.clock = made.clock
        yield await settle(made)


@pytest.fixture
async def crowded(lab: World) -> World:
    """A world whose channel follows eleven jobs, and has their cards."""
    for number in JOBS:
        await lab.workspace.type(EXPERIMENTS, f"/visjob subscribe {number} for all")
    await _until_posted(lab, len(JOBS))
    return lab


@pytest.mark.slow
async def test_a_place_hears_each_morning_how_its_project_is(lab: World) -> None:
    await lab.workspace.type(EXPERIMENTS, "/visjob subscribe project")
    await until(lambda: _counts(lab, "SELECT count(*) FROM watched_job WHERE status = 8", 2))
    soon = lab.clock().astimezone(ZoneInfo("Europe/Berlin")) + timedelta(minutes=2)
    await lab.workspace.type(EXPERIMENTS, f"/visjob digest here at {soon:%H:%M}")
    assert told(lab, "visjob_morning") == []

    lab.clock.advance(minutes=3)

    [line] = await lab.workspace.until(lambda: told(lab, "visjob_morning"))
    words = line["text"].replace("\u00a0", " ")
    # It may say as of when: whether a poll comes before it, after such a jump, nobody knows.
    assert "2 running (oldest 1 d 2 h), no new failures, " in words
    assert labels(line) == ["List running", "Cost"]
    assert line["metadata"]["event_payload"].keys() == {"delivery_id", "project_id"}


@pytest.mark.slow
async def test_a_channel_that_hears_much_is_offered_a_digest_once(
    crowded: World, source: FakeSource
) -> None:
    await _all_run(crowded, source)

    shown = crowded.workspace.messages(EXPERIMENTS)
    [offer] = [one for one in shown if "No, thanks" in labels(one)]
    assert "nobody pressed any of their buttons" in said(offer)
    accept = "Quieter: one digest a day at 09:00"
    assert labels(offer)[-2:] == [accept, "No, thanks"]
    own = labels(offer)[:-2]

    accepted = await press(crowded, offer, accept)

    assert accepted["text"].startswith("The next digest comes")
    assert "(09:00 Europe/Berlin)" in accepted["text"]
    message = now(crowded, offer)
    assert "nobody pressed any of their buttons" not in said(message)
    assert f"Digest at 09:00 Europe/Berlin, every day. Set by <@{ME}>." in message["text"]
    assert message["text"].startswith(offer["text"].partition(" At least")[0])
    assert labels(message) == own
    assert message["metadata"] == offer["metadata"]


@pytest.mark.slow
async def test_who_declines_the_offer_stands_where_it_stood(
    crowded: World, source: FakeSource
) -> None:
    await _all_run(crowded, source)
    shown = crowded.workspace.messages(EXPERIMENTS)
    [offer] = [one for one in shown if "No, thanks" in labels(one)]

    refused = await press(crowded, offer, "No, thanks", user=BEN)

    assert "I won't offer a digest here again." in said(refused)
    message = now(crowded, offer)
    assert f"No digest, <@{BEN}> decided" in message["text"]
    assert "No, thanks" not in labels(message)
    # The post notifies nobody by a mention, and nothing else in the channel has changed.
    posted = [one for one in crowded.workspace.journal if one.method == "chat.postMessage"]
    assert BEN not in said(posted[-1].arguments)


@pytest.mark.slow
async def test_a_channel_that_presses_a_button_is_offered_nothing(
    crowded: World, source: FakeSource
) -> None:
    await crowded.workspace.click(told(crowded, "visjob_card")[0], "Details")
    pressed = "SELECT count(*) FROM place_rules WHERE clicked_at IS NOT NULL"
    await until(lambda: _counts(crowded, pressed, 1))

    await _all_run(crowded, source)

    shown = crowded.workspace.messages(EXPERIMENTS)
    assert [one["ts"] for one in shown if "No, thanks" in labels(one)] == []


async def _all_run(world: World, source: FakeSource) -> None:
    """Let all queued jobs run, and wait until the channel was notified."""
    running = (a_job(number, 8, name=f"job-{number}") for number in JOBS)
    source.jobs = [*source.jobs[:2], *running]

    async def is_notified() -> bool:
        return bool(told(world, "visjob_status_changed"))

    await as_time_passes(world.clock, is_notified)
    await _until_posted(world, 2 * len(JOBS))


async def _until_posted(world: World, count: int) -> None:
    """Wait for so many cards and changes; the clock moves, as a channel takes one message a
    second."""

    async def are_posted() -> bool:
        if len(posted()) >= count:
            return True
        world.clock.advance(seconds=1)
        return False

    def posted() -> list[Json]:
        return [*told(world, "visjob_card"), *told(world, "visjob_status_changed")]

    await until(are_posted)


async def _counts(world: World, query: str, count: int) -> bool:
    """Return True if a counting query returns at least `count`."""
    with closing(
        sqlite3.connect(world.settings["DATABASE_URL"].removeprefix("sqlite:///"))
    ) as file:
        [found] = file.execute(query).fetchone()
    return bool(found >= count)
