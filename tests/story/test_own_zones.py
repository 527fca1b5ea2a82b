"""Each rule of a channel is in the time zone of the person who set it, in the running bot."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, LI, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_claims import say
from tests.story.test_pressed import labels, press, told
from tests.story.test_settings import rules_of
from tests.waiting import until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
HOUR = timedelta(hours=1)
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[World]:
    """A world in which Ana is in Berlin and Li is in Shanghai."""
    source = FakeSource([a_job(205, 8, duration=2 * HOUR)])
    async with open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="30", VISJOB_GUARD_HOURS="off"
    ) as made:
        source.clock = made.clock
        made.workspace.state.people[LI].locale = "en-US"
        yield await settle(made)


async def is_watched(world: World) -> bool:
    """Return True once the first sweep has recorded the running job."""
    file = world.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT count(*) FROM watched_job WHERE status = 8"
        return bool(database.execute(query).fetchone()[0])


def clock(world: World, zone: str, later: timedelta) -> str:
    """Return the local time in a zone so much later."""
    return f"{(world.clock() + later).astimezone(ZoneInfo(zone)):%H:%M}"


@pytest.mark.slow
async def test_anas_digest_comes_at_her_hour_whoever_sets_quiet_hours(lab: World) -> None:
    await say(lab, "subscribe project")
    await until(lambda: is_watched(lab))
    await say(lab, f"digest here at {clock(lab, BERLIN, timedelta(minutes=3))}")
    begin = clock(lab, SHANGHAI, 2 * HOUR)

    answer = await say(lab, f"quiet here {begin}-{clock(lab, SHANGHAI, 5 * HOUR)}", LI)

    words = said(answer)
    assert f"({begin} {SHANGHAI})" in words, "the zone of what was set"
    assert f"{BERLIN}, every day." in words, "and that in which the other goes on"
    assert f"<@{ME}>" in answer["text"]
    changed = [
        one["text"]
        for one in lab.workspace.messages(EXPERIMENTS)
        if "changed the settings of this channel" in one["text"]
    ]
    assert f"<@{LI}>" in changed[-1]
    assert "Digest" not in changed[-1], "it has not moved"
    assert told(lab, "visjob_morning") == []

    lab.clock.advance(minutes=4)

    await lab.workspace.until(lambda: told(lab, "visjob_morning"))


@pytest.mark.parametrize(
    ("sentence", "rule", "end"),
    [
        ("digest here", "Digest at 09:00 Europe/Berlin, Monday to Friday.", "No digest"),
        ("quiet here", "Quiet 22:00-08:00 Europe/Berlin, except for failures.", "No quiet hours"),
    ],
)
async def test_who_asks_for_a_rule_sees_it_and_changes_nothing(
    lab: World, sentence: str, rule: str, end: str
) -> None:
    assert labels(await say(lab, sentence)) == ["Change…"]
    await say(lab, "digest here at 9 weekdays")
    await say(lab, "quiet here 22-8 except failures")
    before = rules_of(lab)

    shown = await say(lab, sentence, LI)

    assert shown["text"].startswith(f"{rule} Set by <@{ME}>.")
    assert labels(shown) == ["Change…", end]
    assert rules_of(lab) == before

    ended = await press(lab, shown, end, user=LI)

    assert labels(ended) == ["Undo"]
    assert labels(await say(lab, sentence)) == ["Change…"]
    column = "digest_at" if "digest" in sentence else "quiet_begins_at"
    assert rules_of(lab)[column] is None


@pytest.mark.parametrize("sentence", ["digest me", "quiet me"])
async def test_ones_own_rules_are_shown_too(lab: World, sentence: str) -> None:
    times = "at 08:30" if "digest" in sentence else "23:00-07:00"
    await say(lab, f"{sentence} {times}", LI)

    shown = await say(lab, sentence, LI)

    assert SHANGHAI in shown["text"]
    assert len(labels(shown)) == 2


async def test_undo_brings_a_rule_back_in_its_zone_and_leaves_the_other(lab: World) -> None:
    await say(lab, "digest here at 9")
    await say(lab, "quiet here 22-8")
    changed = await say(lab, "quiet here 23-7", LI)
    assert (await zones(lab)) == (SHANGHAI, BERLIN)

    await press(lab, changed, "Undo", user=LI)

    assert (await zones(lab)) == (BERLIN, "")
    assert rules_of(lab)["quiet_begins_at"] == 22 * 60


async def zones(world: World) -> tuple[str, str]:
    """Return the zone of the quiet hours, and that of the digest if it differs."""
    row = await until(lambda: _row(world))
    return row["time_zone"], row["digest_time_zone"]


async def _row(world: World) -> Json:
    return rules_of(world)
