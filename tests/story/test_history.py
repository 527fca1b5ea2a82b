"""History and cost in the running bot: where the answer appears, and what it contains."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.job import JobStatus
from bot.demo.workspace.cast import EXPERIMENTS
from bot.slack.charts import CHART
from tests.fakes import FakeSource
from tests.make import TEAM, a_job
from tests.slack.oracles import menu
from tests.waiting import until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 7), a_job(231, 12, name="resnet-sweep")])


@pytest.fixture
async def small(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    """A world whose jobs change at once when a test says so; an hour of a job costs 0.35 EUR."""
    async with open_world(
        tmp_path, jobs=source, VISJOB_HOURLY_PRICE="0.35", VISJOB_CURRENCY="EUR"
    ) as made:
        source.clock = made.clock
        yield await settle(made)


@pytest.fixture
async def lived(small: World, source: FakeSource) -> World:
    """A world whose job was queued for a minute and has run for two: signatures expire after
    five."""
    await small.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    small.clock.advance(minutes=1)
    await read(small, source, 8)
    small.clock.advance(minutes=2)
    await read(small, source, 8)
    return small


async def read(world: World, source: FakeSource, status: int) -> None:
    """Let the bot read job 205 in this status, and wait until its card shows that."""
    source.jobs = [a_job(205, status, duration=None), *source.jobs[1:]]
    world.clock.advance(seconds=6)  # else a recent read would be shared
    [card] = await world.workspace.until(lambda: cards(world))
    await until(lambda: _is_quiet(world))
    await world.workspace.click(card, "Refresh")
    state, clock = f"{JobStatus(status).vendor_name}, as of", f" {world.clock():%H:%M} UTC>."

    def is_shown() -> bool:
        text = cards(world)[0]["text"]
        return state in text and clock in text

    await world.workspace.until(is_shown)


async def _is_quiet(world: World) -> bool:
    checks = await world.bot.health(world.bot.catalog.project(TEAM))
    return "no message is waiting" in str(checks[1].found)


def cards(world: World) -> list[Json]:
    """Return the cards in #experiments."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == "visjob_card"]


async def answer_to(world: World, sentence: str) -> Json:
    """Return the answer that comes by a response URL, after an empty acknowledgement."""
    before = len(world.workspace.replies.journal)
    seen = await world.workspace.type(EXPERIMENTS, sentence)
    await world.workspace.until(lambda: len(world.workspace.replies.journal) > before)
    assert not any("Still working" in message["text"] for message in seen)
    return world.workspace.replies.journal[-1]


def charts(message: Json) -> list[Json]:
    return [block for block in message["blocks"] if block["type"] == CHART]


@pytest.mark.slow
async def test_a_history_comes_by_the_response_url_with_its_chart(lived: World) -> None:
    message = await answer_to(lived, "/visjob history 205 24h")

    assert message["text"].startswith("flowers-tb (205) ran 2 min in the last 24 h.")
    assert "Queued, at least 1 min" in message["text"]
    assert len(charts(message)) == 1
    assert message["response_type"] == "ephemeral"
    assert lived.whispers()[-1]["text"] == message["text"]


@pytest.mark.slow
async def test_where_slack_refuses_charts_the_same_arrives_without(lived: World) -> None:
    lived.workspace.state.unknown_blocks = {CHART}
    before = len(lived.workspace.replies.journal)

    await lived.workspace.type(EXPERIMENTS, "/visjob history 205")
    await lived.workspace.until(lambda: len(lived.workspace.replies.journal) == before + 2)
    await answer_to(lived, "/visjob history 205 30d")

    tried, plain, remembered = lived.workspace.replies.journal[before:]
    assert (len(charts(tried)), len(charts(plain)), len(charts(remembered))) == (1, 0, 0)
    assert tried["text"] == plain["text"] == lived.whispers()[-2]["text"]


@pytest.mark.slow
async def test_everybody_sees_it_once_where_it_is_shared(lived: World) -> None:
    await answer_to(lived, "/visjob history 205 share")
    # One day has no chart, so the answer comes at once.
    await lived.workspace.type(EXPERIMENTS, "/visjob cost 205 share")

    shown = lived.workspace.messages(EXPERIMENTS)
    told = [one["text"] for one in shown if one["text"].startswith("flowers-tb (205) ran 2 min")]
    assert len(told) == 2
    assert "in the last 7 days" in told[0]
    assert "about 0.01 EUR" in told[1]


@pytest.mark.slow
async def test_the_menu_of_a_card_leads_to_its_history(lived: World) -> None:
    [card] = (await lived.workspace.type(EXPERIMENTS, "/visjob 205"))[-1:]
    assert menu(card)["History"] == "history 205"

    await lived.click(card, "History")

    assert "ran 2 min in the last 7 days" in lived.workspace.replies.journal[-1]["text"]


@pytest.mark.slow
async def test_a_longer_span_takes_the_place_of_the_card(lived: World) -> None:
    await answer_to(lived, "/visjob history 205")
    count = len(lived.whispers())

    await lived.click(lived.whispers()[-1], "Last 24\u00a0h")

    assert lived.workspace.replies.journal[-1]["replace_original"] is True
    assert len(lived.whispers()) == count
    assert "in the last 24 h" in lived.whispers()[-1]["text"]


@pytest.mark.slow
async def test_in_the_thread_of_a_card_history_means_its_job(lived: World) -> None:
    [card] = cards(lived)

    await lived.workspace.mention(EXPERIMENTS, "history 24h", thread_ts=card["ts"])
    await lived.workspace.until(lambda: any("ran 2 min" in one["text"] for one in lived.whispers()))


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("history 231", "I have recorded nothing of resnet-sweep (231)."),
        ("history 231", "resnet-sweep (231) was stopped after "),
        ("history 999", "I have recorded nothing of job 999."),
        ("history nobody", "I don't know a job called `nobody`."),
        ("history", "Which job?"),
        ("history 205 3w", "does not know `3w`"),
        ("cost 231", "I have recorded nothing of resnet-sweep (231)."),
        ("history project", "I don't know a job called `project`."),
        ("cost rubbish", "I don't know a job called `rubbish`."),
        ("cost 205 forever", "does not know `forever`"),
    ],
)
async def test_what_has_no_history_is_answered_clearly(
    small: World, sentence: str, answer: str
) -> None:
    message = await small.type(f"/visjob {sentence}")

    assert answer in said(message) or answer in message["text"]
    assert "Traceback" not in said(message)


@pytest.mark.slow
async def test_the_card_of_an_ended_job_draws_its_last_run(
    lived: World, source: FakeSource
) -> None:
    lived.clock.advance(seconds=10)
    await read(lived, source, 9)
    lived.clock.advance(seconds=20)
    await read(lived, source, 12)

    [card] = cards(lived)
    assert "running 2 min" in said(card["blocks"])
    assert "stopping " in said(card["blocks"])
    assert "queued at least 1 min, running 2 min, stopping" in card["text"]


@pytest.mark.slow
async def test_a_failure_offers_the_history_and_details_has_the_last_runs(
    lived: World, source: FakeSource
) -> None:
    await read(lived, source, 11)

    def failures() -> list[Json]:
        shown = lived.workspace.messages(EXPERIMENTS)
        return [one for one in shown if "failed" in one["text"] and one.get("thread_ts")]

    [failure, *_] = await lived.workspace.until(failures)
    await lived.click(failure, "History")
    assert "ran 2 min" in lived.workspace.replies.journal[-1]["text"]
    await lived.workspace.type(EXPERIMENTS, "/visjob details 205")
    modal = await lived.modal_with("Last runs")
    assert "ran 2 min" in said(modal)
