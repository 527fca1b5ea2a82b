"""Messages that people read on another day have dates; `today` is only in answers for now."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_pressed import HOUR, reminder, seen
from tests.world import Json, World, open_world, said, settle

RELATIVE = "_pretty"
#: Sentences whose answer or announcement everybody in the channel reads.
SHARED = (
    "205 share",
    "history 205 share",
    "details 205",
    "quiet here 22:00-08:00",
    "digest here off",
)


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 8, duration=7 * HOUR)])


@pytest.fixture
async def lab(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    opened = open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="30", VISJOB_GUARD_HOURS="8", VISJOB_OPERATORS=ME
    )
    async with opened as made:
        source.clock = made.clock
        yield await settle(made)


def shown(world: World) -> list[Json]:
    return world.workspace.messages(EXPERIMENTS)


@pytest.mark.slow
async def test_messages_that_last_have_dates_and_answers_of_now_may_say_today(
    lab: World, source: FakeSource
) -> None:
    asked = await reminder(lab, source)
    await lab.workspace.click(asked, "Keep 4\u00a0h", ME)
    await seen(lab, source, "visjob_status_changed", 12, duration=9 * HOUR)
    for sentence in SHARED:
        await lab.workspace.type(EXPERIMENTS, f"/visjob {sentence}")
    answer = (await lab.workspace.type(EXPERIMENTS, "/visjob why 205"))[-1]

    lasting = [one for one in shown(lab) if one.get("bot_id")]
    assert len(lasting) > 4
    assert [said(one) for one in lasting if RELATIVE in said(one)] == []
    assert any("{date_short} {time}" in said(one) for one in lasting)
    assert RELATIVE in said(answer)


async def test_a_direct_answer_that_lasts_has_dates_too(lab: World) -> None:
    channel = lab.workspace.state.direct_message(ME).id
    await lab.workspace.type(channel, "205", ME)

    def answers() -> list[Json]:
        told = lab.workspace.messages(channel)
        return [one for one in told if "created" in said(one)]

    [answer, *_] = await lab.workspace.until(answers)
    assert RELATIVE not in said(answer)
