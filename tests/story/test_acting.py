"""Stops and restarts through the running bot: who may, the messages, and the calls to the cloud."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import settings_from
from bot.core.acting import JobAction
from bot.core.job import JobId
from bot.core.project import Project
from bot.demo.cloud import PROJECT_ID
from bot.demo.workspace.cast import BEN, EXPERIMENTS, ME, ML_ADMINS
from bot.serve.acting import one_use_ids
from bot.store import migrate
from tests.make import TEAM
from tests.world import World, open_replica, open_world, said, settle

Json = dict[str, Any]

DEV = "U0DEV00001"
STOP = "^POST .*/stop$"
AT_ONCE = "1"


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[World]:
    """A world in which Ana is an operator by herself, and Ben by a user group."""
    async with open_world(
        tmp_path, VISJOB_OPERATORS=f"{ME},{ML_ADMINS}", VISJOB_API_TIMEOUT_SECONDS=AT_ONCE
    ) as made:
        yield await settle(made)


def asked(world: World) -> list[str]:
    """Return the actions that the cloud was asked for."""
    posts = [seen.path for seen in world.cloud.journal if seen.method == "POST"]
    return [path.rpartition("jobs/")[2] for path in posts if "visualization-jobs" in path]


async def typed(world: World, text: str, user: str = ME) -> Json:
    """Type a sentence and return the answer."""
    return (await world.workspace.type(EXPERIMENTS, f"/visjob {text}", user))[-1]


async def pressed(world: World, shown: Json, label: str = "Stop…", user: str = ME) -> Json:
    """Click a button and return the answer."""
    with world.workspace.feed.recording(user, EXPERIMENTS) as seen:
        await world.workspace.click(shown, label, user)
        await world.workspace.until(lambda: seen)
    return seen[-1]


async def stopped(world: World, user: str = ME) -> Json:
    """Type `stop 205`, click the offered button, and return the answer."""
    return await pressed(world, await typed(world, "stop 205", user), user=user)


def an_id(world: World, job_id: int, action: JobAction, *, age: timedelta = timedelta()) -> str:
    """Return a one-use id as the bot makes them, of this age."""
    ids = one_use_ids(settings_from(world.settings))
    project = Project(team_id=TEAM, project_id=PROJECT_ID)
    return ids.issue(project, JobId(job_id), action, world.clock() - age)


# --- what is wrong, and what is said then ------------------------------------------------------

Say = Callable[[World], Awaitable[Json]]


def sentence(text: str, user: str = ME) -> Say:
    """Return a step that types a sentence."""
    return lambda world: typed(world, text, user)


def with_id(job_id: int, action: JobAction, **age: Any) -> Say:
    """Return a step that types `stop 205` with an id for another job, action or age."""
    return lambda world: typed(world, f"stop 205 #{an_id(world, job_id, action, **age)}")


def press(user: str = ME, **person: bool) -> Say:
    """Return a step that presses the button, while Slack reports these facts about the person."""

    async def do(world: World) -> Json:
        for name, value in person.items():
            setattr(world.workspace.state.people[user], name, value)
        return await stopped(world, user)

    return do


async def press_too_late(world: World) -> Json:
    """Press the button after the job has ended."""
    shown = await typed(world, "stop 205")
    world.cloud.push(205, 10)
    return await pressed(world, shown)


async def press_of_a_lost_group(world: World) -> Json:
    """Press the button while Slack does not list the members of the group."""
    world.workspace.state.usergroups.pop(ML_ADMINS)
    return await stopped(world, BEN)


async def press_on_what_is_gone(world: World) -> Json:
    """Press the button after the job was deleted."""
    shown = await typed(world, "stop 205")
    world.cloud.vanish(205)
    return await pressed(world, shown)


def in_trouble(fault: str, **options: Any) -> Say:
    """Return a step that presses the button, while the call to the cloud fails so."""

    async def do(world: World) -> Json:
        world.cloud.faults.add(fault, where=STOP, **options)
        return await stopped(world)

    return do


async def press_in_silence(world: World) -> Json:
    """Press the button while the cloud answers no read."""
    shown = await typed(world, "stop 205")
    world.cloud.faults.add("html", count=None)
    return await pressed(world, shown)


@dataclass(frozen=True)
class Case:
    """A step, the words of its answer, the number of calls to the cloud, and the audit's
    decision."""

    do: Say
    says: tuple[str, ...]
    calls: int = 0
    audit: str = ""


TROUBLE = {"code": "ModelArts.0010", "http_status": 500}
CASES = {
    "no job": Case(sentence("stop"), ("`stop` needs a job", "Which one?")),
    "an ended job": Case(sentence("stop vit-satellite"), ("cannot be stopped", "Restart…")),
    "a running job, to restart": Case(sentence("restart 205"), ("cannot be restarted", "Stop…")),
    "two jobs go by it": Case(sentence("stop 197"), ("Which one?",)),
    "no such job": Case(sentence("stop 99999"), ("ModelArts.0102",)),
    "a forged id": Case(
        sentence("stop 205 #f00f"), ("I did not make that id", "Stop…"), audit="an id that I did"
    ),
    "an id of another job": Case(
        with_id(231, JobAction.STOP), ("I did not make that id",), audit="an id that I did"
    ),
    "an id of another action": Case(
        with_id(205, JobAction.RESTART), ("I did not make that id",), audit="an id that I did"
    ),
    "an id of yesterday": Case(
        with_id(205, JobAction.STOP, age=timedelta(hours=25)),
        ("more than a day old", "Stop…"),
        audit="an id of more than a day ago",
    ),
    "no operator": Case(
        press(DEV),
        ("Only operators may stop jobs.", ME, ML_ADMINS, "Open console"),
        audit="no operator: `not listed`",
    ),
    "no operator, with a forged id": Case(
        sentence("stop 205 #f00f", DEV), ("Only operators may",), audit="no operator"
    ),
    "a guest of the group": Case(
        press(BEN, is_guest=True), ("Only operators", "Guests may not"), audit="`guest`"
    ),
    "a guest named by id": Case(press(ME, is_guest=True), ("Only operators", "Guests may not")),
    "somebody deactivated": Case(
        press(BEN, deleted=True), ("Only operators", "deactivated"), audit="`deactivated`"
    ),
    "a group that cannot be read": Case(
        press_of_a_lost_group, ("Only operators", "does not tell me"), audit="`unreadable`"
    ),
    "it ended between card and press": Case(
        press_too_late,
        ("In this state it cannot be stopped.", "JOBSTAT_COMPLETED", "Restart…"),
        audit="not possible in its state; found as JOBSTAT_COMPLETED",
    ),
    "it was deleted between card and press": Case(
        press_on_what_is_gone, ("does not exist any more",), audit="the job was gone"
    ),
    "the cloud is dark": Case(
        press_in_silence, ("could not see how", "Try again"), audit="did not show the job"
    ),
    "the cloud hangs, and does it": Case(
        in_trouble("never_answers", applied=True),
        ("answer was not clear", "is stopping"),
        calls=1,
        audit="no clear answer; found as JOBSTAT_KILLING",
    ),
    "the cloud hangs, and does nothing": Case(
        in_trouble("never_answers"),
        ("answer was not clear", "has been running", "Stop…"),
        calls=1,
        audit="no clear answer; found as JOBSTAT_RUNNING",
    ),
    "the cloud answers 500 after doing it": Case(
        in_trouble("fail", applied=True, **TROUBLE),
        ("answer was not clear", "is stopping", "ModelArts.0010"),
        calls=1,
        audit="no clear answer; found as JOBSTAT_KILLING",
    ),
    "the cloud says 0105, with a fresher state": Case(
        in_trouble("stop_refused"),
        ("refused to stop", "ModelArts.0105", "JOBSTAT_COMPLETED", "Restart…"),
        calls=1,
        audit="ModelArts refused it; found as JOBSTAT_COMPLETED",
    ),
    "the cloud logs us out in between": Case(
        in_trouble("token_expired"),
        ("refused to stop", "ModelArts.0202", "Stop…"),
        calls=1,
        audit="ModelArts refused it",
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_each_wrong_turn_ends_in_a_clear_answer(lab: World, name: str) -> None:
    case = CASES[name]

    answer = said(await case.do(lab))

    assert [words for words in case.says if words not in answer] == []
    assert asked(lab) == ["205/stop"] * case.calls
    lab.cloud.faults.clear()
    lab.workspace.state.people[ME].is_guest = False
    told = (await typed(lab, "audit"))["text"]
    assert case.audit in told
    assert case.audit or "Nobody has stopped" in told or "no operator" in told


# --- what is right ------------------------------------------------------------------------------


async def test_typed_it_asks_and_the_press_acts_once(lab: World) -> None:
    question = await typed(lab, "stop 205")

    assert "Stop flowers-tb (205)? It has run 2 h 14 min." in said(question)
    assert asked(lab) == []
    [button] = [one for one in elements(question) if str(one.get("value")).startswith("stop")]
    assert re.fullmatch(r"stop 205 #[0-9a-f]{20,}", button["value"])
    assert (button["style"], button["confirm"]["confirm"]["text"]) == ("danger", "Stop job")

    first = await pressed(lab, question)
    again = await typed(lab, button["value"], BEN)

    assert "ModelArts has accepted it" in said(first)
    assert "🟢" not in said(first), "it is stopping, and no longer runs"
    assert "asked to stop flowers-tb (205)" in said(again)
    assert "I did nothing this time" in said(again)
    assert ME in said(again)
    assert asked(lab) == ["205/stop"]


@pytest.mark.parametrize("verb", ["stop 205", "restart vit-satellite"])
async def test_who_may_not_hears_so_with_the_question_and_again_at_the_press(
    lab: World, verb: str
) -> None:
    question = await typed(lab, verb, DEV)
    [button] = [one for one in elements(question) if "#" in str(one.get("value"))]
    refused = await pressed(lab, question, button["text"]["text"], user=DEV)

    for answer in (question, refused):
        assert f"Only operators may {verb.split()[0]} jobs." in said(answer)
        assert ME in said(answer)
    assert "Only operators" not in said(await typed(lab, verb))
    assert asked(lab) == []


async def test_whoever_is_in_the_group_may(lab: World) -> None:
    assert "ModelArts has accepted it" in said(await stopped(lab, BEN))


async def test_a_stopped_job_is_restarted_to_be_opened(lab: World) -> None:
    lab.cloud.push(205, 12)
    card = await typed(lab, "205")

    answer = await pressed(lab, card, "Restart…")

    assert "Restarting flowers-tb" in said(answer)
    assert asked(lab) == ["205/restart"]


@pytest.mark.slow
async def test_the_card_says_who_asked_and_is_renewed_from_its_menu(lab: World) -> None:
    await typed(lab, "subscribe 205")
    [card] = await lab.workspace.until(lambda: cards(lab))
    labels = [one["text"]["text"] for one in elements(card) if one["type"] == "button"]
    assert labels == ["Open TensorBoard", "Unsubscribe", "Stop…"]

    await pressed(lab, card)
    await lab.workspace.until(lambda: "Stopping, asked by" in cards(lab)[0]["text"])

    [shown] = cards(lab)
    assert {"type": "user", "user_id": ME} in list(parts(shown))
    lab.cloud.push(205, 12)
    lab.clock.advance(seconds=5)
    await lab.workspace.click(shown, "Refresh")
    await lab.workspace.until(lambda: "was stopped" in cards(lab)[0]["text"])
    assert "Stopping" not in cards(lab)[0]["text"]
    assert "Restart…" in said(cards(lab)[0])


async def test_under_a_card_the_sentence_needs_no_job(lab: World) -> None:
    await typed(lab, "subscribe 205")
    [card] = await lab.workspace.until(lambda: cards(lab))

    with lab.workspace.feed.recording(ME, EXPERIMENTS) as seen:
        await lab.workspace.mention(EXPERIMENTS, "stop", thread_ts=card["ts"])
        await lab.workspace.until(lambda: any(one.get("ephemeral") for one in seen))

    assert "Stop flowers-tb (205)?" in said(seen[-1])


async def test_what_a_request_led_to_has_its_id_in_the_audit(lab: World) -> None:
    await stopped(lab)
    await typed(lab, "stop 205 #f00f", DEV)

    *refused, (_, first), (_, second) = sorted(requests(lab), reverse=True)
    assert first == second, "what was decided, and what came of it"
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert [id for _, id in refused] != [first]


def requests(world: World) -> list[tuple[int, str]]:
    """Return the id of each audit entry, with the id of its request."""
    path = world.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id, request_id FROM audit_entry").fetchall()


async def test_the_audit_is_for_operators(lab: World) -> None:
    assert "Only operators may read the audit." in said(await typed(lab, "audit", DEV))


@pytest.mark.slow
async def test_of_two_who_press_in_two_replicas_at_once_one_calls(
    tmp_path: Path, postgresql_url: str
) -> None:
    await migrate(postgresql_url)
    opened = open_world(tmp_path, VISJOB_OPERATORS=f"{ME},{BEN}", DATABASE_URL=postgresql_url)
    async with opened as lab, open_replica(lab) as other:
        await settle(lab)
        await settle(other)
        ours, theirs = await typed(lab, "stop 205"), await typed(lab, "stop 205", BEN)
        first, second = lab.workspace.request_url, f"http://127.0.0.1:{other.bot.port}/slack/events"
        answers = []
        for url, shown, user in ((first, ours, ME), (second, theirs, BEN)):
            lab.workspace.request_url = url
            answers.append(asyncio.create_task(pressed(lab, shown, user=user)))
            await asyncio.sleep(0)
        told = " ".join(said(answer) for answer in await asyncio.gather(*answers))

    assert asked(lab) == ["205/stop"]
    assert "ModelArts has accepted it" in told
    assert re.search("I did nothing this time|cannot be stopped", told)


async def test_with_no_operator_no_card_offers_it(tmp_path: Path) -> None:
    async with open_world(tmp_path) as made:
        world = await settle(made)

        assert "Stop…" not in said(await typed(world, "205"))
        answer = said(await stopped(world))

    assert "Only operators may stop jobs. There are no operators yet" in answer
    assert asked(world) == []


def cards(world: World) -> list[Json]:
    """Return the followed cards in #experiments."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == "visjob_card"]


def elements(message: Json) -> list[Json]:
    """Return the interactive elements of a message."""
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element for block in blocks for element in block["elements"]]


def parts(node: object) -> list[Json]:
    """Return every JSON object in a message."""
    if isinstance(node, list):
        return [part for item in node for part in parts(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(part for value in node.values() for part in parts(value))]
