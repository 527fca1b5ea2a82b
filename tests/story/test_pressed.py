"""A notice whose button was pressed shows the outcome instead of the question; other notices
stay."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.text import NO_BREAK
from bot.demo.workspace.cast import BEN, EXPERIMENTS, GENERAL, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_acting import elements
from tests.waiting import as_time_passes, until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
HOUR = timedelta(hours=1)
KEEP, UNTIL = "Keep 4\u00a0h", "Keep until 18:00"


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 8, duration=7 * HOUR), a_job(231, 8, name="resnet-sweep")])


@pytest.fixture
async def lab(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    """A world in which Ana is an operator, and the first reminder comes after 8 hours."""
    async with open_world(
        tmp_path,
        jobs=source,
        VISJOB_POLL_SECONDS="30",
        VISJOB_GUARD_HOURS="8",
        VISJOB_OPERATORS=ME,
    ) as made:
        source.clock = made.clock
        yield await settle(made)


def told(world: World, kind: str) -> list[Json]:
    """Return the messages in #experiments with metadata of this kind."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == kind]


async def seen(world: World, source: FakeSource, kind: str, status: int, **facts: Any) -> Json:
    """Set the job's status and return the message that follows; a poll under way may miss the
    change."""
    source.jobs = [a_job(205, status, **facts), *source.jobs[1:]]
    return await as_time_passes(world.clock, lambda: _recorded(world, kind))


async def _recorded(world: World, kind: str) -> Json | None:
    """Return the last message of this kind, once the bot has recorded it as sent."""
    if not (messages := told(world, kind)):
        return None
    message = messages[-1]
    path = world.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        sent = "SELECT count(*) FROM delivery WHERE ts = ? AND state = 'sent'"
        return message if database.execute(sent, (message["ts"],)).fetchone()[0] else None


async def reminder(world: World, source: FakeSource) -> Json:
    """Let the job pass its mark, and return the reminder."""
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    await world.workspace.until(lambda: told(world, "visjob_card"))
    return await seen(world, source, "visjob_guard", 8, duration=8 * HOUR)


async def press(world: World, message: Json, label: str, user: str = ME) -> Json:
    """Press a button, and return the answer that only the person sees."""
    with world.workspace.feed.recording(user, EXPERIMENTS) as shown:
        await world.workspace.click(message, label, user)
        await world.workspace.until(lambda: [one for one in shown if one.get("ephemeral")])
    return next(one for one in shown if one.get("ephemeral"))


def now(world: World, message: Json) -> Json:
    """Return the message as Slack shows it now."""
    shown = world.workspace.messages(EXPERIMENTS)
    return next(one for one in shown if one["ts"] == message["ts"])


def labels(message: Json) -> list[str]:
    """Return the labels of a message's buttons."""
    return [one["text"]["text"] for one in elements(message) if one["type"] == "button"]


PRESSES = {
    "a span that it is kept": (KEEP, "Kept until ", ["Undo"]),
    "a time that it is kept until": (UNTIL, "(18:00 ", ["Undo"]),
    "it is nobody's": (
        "Not mine",
        "says that it isn't theirs",
        ["Stop…", KEEP, UNTIL, "It's mine"],
    ),
    "it is stopped": ("Stop…", "Stopping, asked by ", []),
}


@pytest.mark.parametrize(("label", "words", "offered"), PRESSES.values(), ids=PRESSES.keys())
@pytest.mark.slow
async def test_the_pressed_reminder_says_what_was_done(
    lab: World, source: FakeSource, label: str, words: str, offered: list[str]
) -> None:
    asked = await reminder(lab, source)
    metadata, others = asked["metadata"], [one["ts"] for one in lab.workspace.messages(EXPERIMENTS)]

    answer = await press(lab, asked, label)

    shown = now(lab, asked)
    assert words in said(shown["blocks"])
    assert not {"Undo", "It's mine"} & set(labels(answer)), "the message has it"
    assert {"type": "user", "user_id": ME} in list(_parts(shown["blocks"]))
    assert words.split("(")[0] in shown["text"]
    assert f"<@{ME}>" in shown["text"]
    assert "still needed" not in said(shown)
    assert labels(shown) == offered
    assert shown["metadata"] == metadata
    assert [one["ts"] for one in lab.workspace.messages(EXPERIMENTS)][: len(others)] == others


@pytest.mark.slow
async def test_undo_ends_the_lease_and_the_message_says_so(lab: World, source: FakeSource) -> None:
    asked = await reminder(lab, source)
    await press(lab, asked, KEEP)

    answer = await press(lab, now(lab, asked), "Undo")

    assert "is no longer kept" in answer["text"]
    assert "No longer kept, by " in said(now(lab, asked)["blocks"])
    assert labels(now(lab, asked)) == []


@pytest.mark.slow
async def test_a_press_without_effect_changes_nothing(lab: World, source: FakeSource) -> None:
    asked = await reminder(lab, source)
    before = asked["blocks"]

    answer = await press(lab, asked, "Stop…", BEN)

    assert "Only operators may stop jobs." in answer["text"]
    assert now(lab, asked)["blocks"] == before


async def test_who_is_not_the_owner_does_not_silence_the_question(
    lab: World, source: FakeSource
) -> None:
    asked = await reminder(lab, source)
    await lab.workspace.type(EXPERIMENTS, "/visjob claim 205")
    before = asked["blocks"]

    answer = await press(lab, asked, "Not mine", BEN)

    assert "isn't yours" in answer["text"]
    assert now(lab, asked)["blocks"] == before


@pytest.mark.slow
async def test_a_reminder_that_was_answered_keeps_its_hours(lab: World, source: FakeSource) -> None:
    asked = await reminder(lab, source)

    await press(lab, asked, KEEP)

    shown = now(lab, asked)
    assert "has been running for 8 h and is billed while it runs" in said(shown["blocks"])
    assert "has been running for 8" in shown["text"].replace(NO_BREAK, " ")


# A sentence, and what the posted reminder shows afterwards: words and buttons.
TYPED = {
    "a span that it is kept": ("keep 205 4h", "Kept until ", ["Undo"]),
    "a time that it is kept until": ("keep 205 until 18:00", "(18:00 ", ["Undo"]),
    "a day that it is kept until": ("keep flowers-tb tomorrow", "Kept until ", ["Undo"]),
    "it is somebody's": ("claim 205", "'s now.", ["Stop…", KEEP, UNTIL, "Not mine"]),
}


@pytest.mark.parametrize(("text", "words", "offered"), TYPED.values(), ids=TYPED.keys())
@pytest.mark.slow
async def test_the_reminder_is_answered_in_words_as_by_a_press(
    lab: World, source: FakeSource, text: str, words: str, offered: list[str]
) -> None:
    asked = await reminder(lab, source)

    await lab.workspace.type(EXPERIMENTS, f"/visjob {text}")

    shown = now(lab, asked)
    assert words in said(shown["blocks"])
    assert "is billed while it runs" in said(shown["blocks"])
    assert f"<@{ME}>" in shown["text"]
    assert "still needed" not in said(shown)
    assert labels(shown) == offered
    assert shown["metadata"] == asked["metadata"]


@pytest.mark.slow
async def test_what_was_said_from_elsewhere_answers_the_reminder_too(
    lab: World, source: FakeSource
) -> None:
    asked = await reminder(lab, source)

    await lab.workspace.type(GENERAL, "/visjob keep 205 4h")

    assert "Kept until " in said(now(lab, asked)["blocks"])


async def test_a_lease_that_is_given_up_in_words_is_kept_no_more(
    lab: World, source: FakeSource
) -> None:
    asked = await reminder(lab, source)
    await press(lab, asked, KEEP)

    await lab.workspace.type(EXPERIMENTS, "/visjob keep 205 off")

    assert "No longer kept, by " in said(now(lab, asked)["blocks"])
    assert labels(now(lab, asked)) == []


async def test_a_lease_that_nobody_had_is_not_given_up_on_the_reminder(
    lab: World, source: FakeSource
) -> None:
    asked = await reminder(lab, source)

    answer = (await lab.workspace.type(EXPERIMENTS, "/visjob keep 205 off"))[-1]

    assert "wasn't kept, so nothing has changed" in said(answer)
    assert now(lab, asked)["blocks"] == asked["blocks"]


@pytest.mark.slow
async def test_who_claims_a_job_that_is_kept_ends_no_lease(lab: World, source: FakeSource) -> None:
    asked = await reminder(lab, source)
    await press(lab, asked, KEEP)

    await lab.workspace.type(EXPERIMENTS, "/visjob claim 205")

    shown = now(lab, asked)
    assert "Kept until " in said(shown["blocks"])
    assert labels(shown) == ["Stop…", "Undo", "Not mine"]


@pytest.mark.slow
async def test_a_stop_in_words_answers_the_reminder(lab: World, source: FakeSource) -> None:
    asked = await reminder(lab, source)
    question = (await lab.workspace.type(EXPERIMENTS, "/visjob stop 205"))[-1]

    await press(lab, question, "Stop…")

    assert "Stopping, asked by " in said(now(lab, asked)["blocks"])
    assert labels(now(lab, asked)) == []


@pytest.mark.parametrize("label", [KEEP, "Not mine", ""])
@pytest.mark.slow
async def test_once_the_job_has_ended_the_reminder_says_so_and_offers_nothing(
    lab: World, source: FakeSource, label: str
) -> None:
    asked = await reminder(lab, source)
    if label:
        await press(lab, asked, label)

    await seen(lab, source, "visjob_status_changed", 12, duration=9 * HOUR)
    await until(lambda: _said_now(lab, asked, "ran for 9 h; it is not running any more"))

    assert labels(now(lab, asked)) == []
    assert now(lab, asked)["metadata"] == asked["metadata"]


@pytest.mark.parametrize("is_typed", [False, True])
@pytest.mark.slow
async def test_subscribe_again_on_an_end_is_answered_once(
    lab: World, source: FakeSource, is_typed: bool
) -> None:
    await lab.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    await lab.workspace.until(lambda: told(lab, "visjob_card"))
    ended = await seen(lab, source, "visjob_status_changed", 12, duration=7 * HOUR)
    before = ended["text"]

    if is_typed:
        await lab.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    else:
        answer = await press(lab, ended, "Subscribe again")
        assert "ubscribed to flowers-tb" in answer["text"]

    shown = now(lab, ended)
    assert shown["text"] == before, "what people have read stays as it was"
    assert labels(shown) == []
    assert shown["metadata"] == ended["metadata"]
    [card] = await until(lambda: _followed(lab))
    assert "Unsubscribe" in labels(card)


@pytest.mark.parametrize("is_resumed_by_hand", [False, True])
@pytest.mark.slow
async def test_subscribe_again_goes_once_a_restart_has_resumed_the_following(
    lab: World, source: FakeSource, is_resumed_by_hand: bool
) -> None:
    await lab.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    await lab.workspace.until(lambda: told(lab, "visjob_card"))
    ended = await seen(lab, source, "visjob_status_changed", 12, duration=7 * HOUR)
    assert labels(ended) == ["Subscribe again"]
    if is_resumed_by_hand:
        await press(lab, ended, "Subscribe again")

    source.jobs = [a_job(205, 8, duration=timedelta()), *source.jobs[1:]]
    lab.clock.advance(seconds=100)  # an ended job is read in every third interval only
    await until(lambda: _without_buttons(lab, ended))
    await until(lambda: _followed(lab))

    shown = now(lab, ended)
    assert shown["text"] == ended["text"]


async def _without_buttons(world: World, message: Json) -> bool:
    return labels(now(world, message)) == []


async def _said_now(world: World, message: Json, words: str) -> bool:
    return words in said(now(world, message)["blocks"])


async def _followed(world: World) -> list[Json] | None:
    cards = told(world, "visjob_card")
    return cards if "Unsubscribe" in labels(cards[0]) else None


def _parts(node: object) -> list[object]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [node, *(part for one in inner for part in _parts(one))]
