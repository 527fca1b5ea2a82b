"""A job that seems to be gone, in the running bot: which deletions it reports, and which not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.demo.cloud.gateways import NO_ROUTES
from bot.demo.cloud.odd_lists import ODD_ROWS
from bot.demo.workspace.cast import EXPERIMENTS
from tests.rows import some_of
from tests.waiting import SECONDS
from tests.world import World, open_world, said, settle

Json = dict[str, Any]

DETAIL = r"/visualization-jobs/205$"
LIST = r"/visualization-jobs\?"
JOB = r"/visualization-jobs"


@pytest.fixture
async def watching(tmp_path: Path) -> AsyncIterator[World]:
    """A world that polls as often as it can, in which #experiments follows job 205."""
    async with open_world(tmp_path, VISJOB_POLL_SECONDS="0.5") as world:
        await settle(world)
        await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
        await world.workspace.until(lambda: posted(world, "visjob_card"))
        yield world


def told(world: World) -> list[tuple[int, int]]:
    """Return the steps (from, to) of job 205 that #experiments was notified of."""
    payloads = [one["metadata"]["event_payload"] for one in posted(world, "visjob_status_changed")]
    return [(one["from_status"], one["to_status"]) for one in payloads if one["job_id"] == 205]


def posted(world: World, kind: str) -> list[Json]:
    """Return the messages in #experiments with metadata of this kind."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == kind]


async def live(world: World, is_over: Callable[[], bool], *, seconds: float = 0.2) -> None:
    """Move the clock by so many seconds at a time, until `is_over` returns True."""
    async with asyncio.timeout(SECONDS):
        while not is_over():
            world.clock.advance(seconds=seconds)
            await asyncio.sleep(0.01)


async def be_asked(world: World, times: int, what: str, *, seconds: float = 0.2) -> None:
    """Move the clock until the cloud got so many requests whose path contains `what`."""
    world.cloud.journal.clear()
    seen = world.cloud.journal

    def asked() -> int:
        return sum(what in f"{one.path}?" for one in seen)

    await live(world, lambda: asked() >= times, seconds=seconds)


@pytest.mark.parametrize("gateway", some_of(NO_ROUTES, 3))
@pytest.mark.slow
async def test_a_gateway_without_the_routes_deletes_no_job_and_ends_no_subscription(
    watching: World, gateway: str
) -> None:
    watching.cloud.faults.add("no_route", count=None, where=JOB, gateway=gateway)
    await be_asked(watching, 4, "/visualization-jobs/205")

    asked = await watching.type("/visjob 205")
    assert "ModelArts has no job" not in said(asked)
    assert "has not been confirmed since" in asked["text"]
    assert told(watching) == []

    watching.cloud.faults.clear()
    watching.cloud.push(205, 11)
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, 11)]


async def test_a_job_that_its_own_call_denies_is_followed_in_the_list(watching: World) -> None:
    watching.cloud.faults.add("vanished", count=None, where=DETAIL, job_id=205)
    await be_asked(watching, 5, "/visualization-jobs/205")
    assert told(watching) == []

    watching.cloud.push(205, 11)
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, 11)]


async def test_a_job_is_not_deleted_while_the_list_cannot_be_read(watching: World) -> None:
    watching.cloud.faults.add("vanished", count=None, where=DETAIL, job_id=205)
    watching.cloud.faults.add("empty", count=None, where=LIST)
    await be_asked(watching, 5, "/visualization-jobs/205")

    assert told(watching) == []


@pytest.mark.parametrize("short", some_of([1, -3, 7], 2))
@pytest.mark.slow
async def test_a_list_that_is_not_as_long_as_its_total_proves_no_absence_but_is_shown(
    watching: World, short: int
) -> None:
    watching.cloud.faults.add("wrong_total", count=None, by=short)
    watching.cloud.vanish(205)
    await be_asked(watching, 5, "/visualization-jobs/205")

    card = await watching.type("/visjob list")
    assert told(watching) == []
    assert f"{len(watching.cloud.snapshot())} jobs" in card["text"]

    watching.cloud.faults.clear()
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, -1)]


@pytest.mark.parametrize("gateway", some_of(["kong", "nginx", "empty"], 1))
async def test_a_job_whose_own_route_is_gone_is_confirmed_from_the_list_in_the_same_pass(
    watching: World, gateway: str
) -> None:
    watching.cloud.faults.add("no_route", count=None, where=DETAIL, gateway=gateway)
    await be_asked(watching, 5, "/visualization-jobs/205")
    [card] = posted(watching, "visjob_card")
    assert "has not been confirmed since" not in card["text"]
    assert told(watching) == []

    watching.cloud.push(205, 11)
    await be_asked(watching, 2, "/visualization-jobs/205")
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, 11)]


@pytest.mark.parametrize("shape", some_of(["status null", "null", "status in words", "id null"], 2))
@pytest.mark.slow
async def test_a_job_whose_row_and_answer_become_odd_is_stale_and_never_deleted(
    watching: World, shape: str
) -> None:
    watching.cloud.faults.add("odd_row", count=None, where=LIST, shape=shape, job_id=205)
    watching.cloud.faults.add("null_status", count=None, where=DETAIL)
    await be_asked(watching, 4, "/visualization-jobs/205")
    doubt = "has not been confirmed since"
    await live(watching, lambda: doubt in posted(watching, "visjob_card")[0]["text"])

    assert told(watching) == []
    watching.cloud.faults.clear()
    watching.cloud.push(205, 11)
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, 11)]


@pytest.mark.parametrize("code", some_of(["ModelArts.0102", "ModelArts.0015"], 1))
@pytest.mark.slow
async def test_that_the_cloud_denies_every_job_and_the_list_deletes_none_and_is_said_once(
    watching: World, code: str
) -> None:
    watching.cloud.faults.add("fail", count=None, where=JOB, code=code, http_status=404)
    await be_asked(watching, 2, "/visualization-jobs?")
    await live(watching, lambda: bool(posted(watching, "visjob_source")), seconds=5)
    watching.clock.advance(minutes=20)
    await be_asked(watching, 2, "/visualization-jobs/205", seconds=5)

    [note] = posted(watching, "visjob_source")
    assert "seems to be gone" in note["text"]
    assert told(watching) == []


@pytest.mark.slow
async def test_a_job_is_not_deleted_while_its_own_call_answers(watching: World) -> None:
    watching.cloud.faults.add("unlisted", count=None, job_id=205)
    await watching.workspace.type(EXPERIMENTS, "/visjob subscribe project for all")
    await be_asked(watching, 5, "/visualization-jobs/205")

    assert told(watching) == []


@pytest.mark.slow
async def test_a_job_that_is_gone_is_told(watching: World) -> None:
    watching.cloud.vanish(205)

    await live(watching, lambda: bool(told(watching)))

    assert told(watching) == [(8, -1)]
    assert "ModelArts has no job 205" in said(await watching.type("/visjob 205"))


@pytest.mark.parametrize("shape", some_of(ODD_ROWS, 3))
@pytest.mark.slow
async def test_an_odd_row_is_counted_and_hides_no_other(watching: World, shape: str) -> None:
    await watching.workspace.type(EXPERIMENTS, "/visjob subscribe project for all")
    watching.cloud.faults.add("odd_row", count=None, where=LIST, shape=shape, job_id=188)
    await be_asked(watching, 3, "/visualization-jobs?")

    card = await watching.type("/visjob list")
    assert "1 row could not be read." in card["text"]
    assert "flowers-tb" in said(card)
    assert "1 row of the list could not be read" in said(await watching.type("/visjob status"))
    watching.cloud.push(205, 11)
    await live(watching, lambda: bool(told(watching)))
    assert told(watching) == [(8, 11)]


@pytest.mark.slow
async def test_that_the_api_itself_is_gone_is_said_once_and_that_it_is_back(
    watching: World,
) -> None:
    watching.cloud.faults.add("no_route", count=None, where=JOB, status=410)
    await be_asked(watching, 1, "/visualization-jobs?")
    await live(watching, lambda: bool(posted(watching, "visjob_source")), seconds=5)
    watching.clock.advance(minutes=20)
    await be_asked(watching, 2, "/visualization-jobs/205", seconds=5)

    [note] = posted(watching, "visjob_source")
    assert "seems to be gone" in note["text"]
    watching.cloud.faults.clear()
    await live(watching, lambda: len(posted(watching, "visjob_source")) == 2, seconds=5)
    assert "ModelArts is answering again" in posted(watching, "visjob_source")[1]["text"]
    assert told(watching) == []
