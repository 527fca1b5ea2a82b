"""Messages in the bot's own conversation are answered there, without a mention or a slash."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import APP_DM, BEN, BOT_ID, BOT_USER, DEFAULT_SCOPES, ME
from tests.neighbours import HOME, THEIRS
from tests.reach import called, open_small, subscribed
from tests.slack.oracles import hold_message
from tests.waiting import until
from tests.world import JSON, World, event, open_world, said, settle

Json = dict[str, Any]
HELLO = "Hello! I report on your ModelArts TensorBoard jobs."


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_small(tmp_path) as made:
        yield made


def told(world: World, channel: str = APP_DM) -> list[Json]:
    """Return the bot's messages in a conversation."""
    return [one for one in world.workspace.messages(channel) if one["user"] == BOT_USER]


async def write(world: World, text: str, thread_ts: str | None = None) -> list[str]:
    """Write in the Messages tab, and return the bot's answers."""
    before = len(told(world))
    await world.workspace.type(APP_DM, text, thread_ts=thread_ts)
    return [one["text"] for one in told(world)[before:]]


def message(number: int = 1, **more: Any) -> str:
    """Return a message event as Slack sends it; fields may be odd."""
    wrapper = {name: more.pop(name) for name in ("team_id", "event_id") if name in more}
    usual = {
        "type": "message",
        "channel_type": "im",
        "channel": APP_DM,
        "user": ME,
        "text": "205",
        "ts": f"1700000000.{number:06}",
        "team": HOME,
    }
    return event(event={**usual, **more}, **{"event_id": f"Ev{number}", **wrapper})


async def test_an_id_alone_shows_the_card(small: World) -> None:
    await write(small, "hello")

    [answer] = await write(small, "205")

    assert answer.startswith("flowers-tb has been running for 2 h 14 min.")
    shown = told(small)[-1]
    hold_message({"text": shown["text"], "blocks": [plain(block) for block in shown["blocks"]]})
    assert "thread_ts" not in shown


def plain(block: Json) -> Json:
    return {name: value for name, value in block.items() if name != "block_id"}


@pytest.mark.parametrize(
    ("fault", "greetings"),
    [
        ({"kind": "rate_limited"}, 1),
        ({"kind": "error", "error": "channel_not_found"}, 1),
        # The answer may be there, so it is not posted again.
        ({"kind": "http_error", "status": 500, "applied": "yes"}, 1),
        ({"kind": "http_error", "status": 500}, 0),
    ],
)
async def test_a_greeting_that_slack_refused_comes_with_the_next_answer(
    small: World, fault: Json, greetings: int
) -> None:
    small.workspace.faults.add(method="chat.postMessage", channel=APP_DM, **fault)
    await write(small, "205")
    small.clock.advance(seconds=5)

    for _ in range(2):
        await write(small, "205")

    hellos = [one for one in told(small) if one["text"].startswith("Hello!")]
    assert len(hellos) == greetings


#: A message, and words of the answer.
SENTENCES: list[tuple[str, str]] = [
    ("flowers-tb", "flowers-tb has been running"),
    ("list running", "2 running jobs."),
    ("how is bert-finetune?", "bert-finetune has been running"),
    ("please show me 240, thanks", "bert-finetune has been running"),
    ("/visjob 205", "flowers-tb has been running"),
    (" /visjob list", "job"),
    ("@visjob 205", "flowers-tb has been running"),
    ("help", "/visjob 205"),
    ("hi", "`list running`"),
    ("?", "/visjob 205"),
    ("why", "`why` needs a job. Which one?"),
    ("find flow", "1 job has “flow”"),
    ("subscribe", "Which job do you want to subscribe to here?"),
    ("lisst running", "Did you mean"),
    ("the weather is nice today and there is nothing else to say", "neither a job nor a command"),
    ("x" * 600, "500"),
]


@pytest.mark.parametrize(("text", "answer"), SENTENCES, ids=[row[0][:30] for row in SENTENCES])
async def test_a_sentence_needs_no_mention_and_no_slash(
    small: World, text: str, answer: str
) -> None:
    await write(small, "thanks")  # the first message ever also gets a greeting

    told_now = await until_answered(small, text)

    assert answer in told_now


async def until_answered(world: World, text: str) -> str:
    """Send a message event with this text, even one that no client would send; return the
    answer."""
    before = len(told(world))
    body = message(77, text=text.replace("@visjob", f"<@{BOT_USER}>"))
    assert (await world.post(body, kind=JSON))[0] == 200
    await world.workspace.until(lambda: len(told(world)) > before)
    return str(told(world)[-1]["text"])


async def test_the_first_message_ever_is_greeted_and_answered(small: World) -> None:
    greeting, answer = await write(small, "205")

    assert greeting.startswith(HELLO)
    assert answer.startswith("flowers-tb has been running")
    first = told(small)[0]
    hold_message({"text": first["text"], "blocks": [plain(block) for block in first["blocks"]]})
    assert len(await write(small, "240")) == 1


async def test_a_person_is_greeted_once_also_after_a_restart(tmp_path: Path) -> None:
    for expected in (2, 1):
        async with open_small(tmp_path) as world:
            assert len(await write(world, "205")) == expected


async def test_each_person_is_greeted_in_their_own_conversation(small: World) -> None:
    await write(small, "205")
    bens = small.workspace.state.direct_message(BEN)

    await small.workspace.type(bens.id, "205", user=BEN)

    assert [one["text"][:5] for one in told(small, bens.id)] == ["Hello", "flowe"]


async def test_thanks_get_a_short_answer_and_the_greeting_alone_if_they_are_the_first_words(
    small: World,
) -> None:
    assert [text[:5] for text in await write(small, "thanks")] == ["Hello"]
    assert await write(small, "thanks") == ["You're welcome."]
    assert await write(small, "great, got it") == []


async def test_subscribing_there_sends_to_the_person(small: World, tmp_path: Path) -> None:
    await write(small, "thanks")

    await write(small, "subscribe 205")

    # The answer and the card come in any order.
    await small.workspace.until(
        lambda: any("Subscribed to flowers-tb" in one["text"] for one in told(small))
    )
    assert subscribed(tmp_path) == [(APP_DM, 205)]


async def test_under_a_card_a_sentence_means_the_job_of_the_card(small: World) -> None:
    await write(small, "subscribe 240")
    card = await small.workspace.until(lambda: kept_card(small))

    [answer] = await write(small, "why", thread_ts=card["ts"])

    assert "bert-finetune" in answer
    assert told(small)[-1]["thread_ts"] == card["ts"]


def kept_card(world: World) -> Json:
    """Return the followed card in the conversation; empty if there is none."""
    cards = [m for m in told(world) if m.get("metadata", {}).get("event_type") == "visjob_card"]
    return cards[0] if cards else {}


async def test_under_an_answer_a_sentence_means_its_job(small: World) -> None:
    await write(small, "205")
    answer = told(small)[-1]

    [shown] = await write(small, "history", thread_ts=answer["ts"])

    assert "flowers-tb" in shown


async def test_a_file_without_words_gets_help_and_one_with_words_its_answer(small: World) -> None:
    await write(small, "thanks")
    body = message(1, subtype="file_share", text="", files=[{"id": "F1"}])
    await small.post(body, kind=JSON)
    [_, alone] = await small.workspace.until(lambda: told(small) if len(told(small)) > 1 else [])

    assert alone["text"].startswith("I can't read files.")
    hold_message({"text": alone["text"], "blocks": [plain(block) for block in alone["blocks"]]})
    await small.post(message(2, subtype="file_share", text="205", files=[{"id": "F1"}]), kind=JSON)
    await small.workspace.until(lambda: "flowers-tb" in told(small)[-1]["text"])


#: A change of a message, or its author; the bot does not answer it.
UNANSWERED: list[tuple[str, Json]] = [
    ("our own", {"user": BOT_USER}),
    ("our own, with the bot beside", {"user": BOT_USER, "bot_id": BOT_ID}),
    ("another bot's", {"bot_id": "B0OTHER001"}),
    ("another bot's, told by its profile", {"bot_profile": {"id": "B0OTHER001"}}),
    ("a bot's, in the old form", {"subtype": "bot_message", "bot_id": "B0OTHER001", "user": None}),
    ("Slackbot's", {"user": "USLACKBOT"}),
    ("an edit", {"subtype": "message_changed", "message": {"text": "205", "user": ME},
                 "hidden": True}),
    ("a deletion", {"subtype": "message_deleted", "deleted_ts": "1.1", "hidden": True}),
    ("a reply that is told once more", {"subtype": "message_replied"}),
    ("a reply that is shown in the conversation too",
     {"subtype": "thread_broadcast", "thread_ts": "1700000000.000001"}),
    ("somebody came", {"subtype": "channel_join"}),
    ("a topic", {"subtype": "channel_topic"}),
    ("a reminder", {"subtype": "reminder_add"}),
    ("one about what they do", {"subtype": "me_message"}),
    ("one of tomorrow's kinds", {"subtype": "a_kind_of_tomorrow"}),
    ("nobody's", {"user": None}),
    ("one in a channel", {"channel_type": "channel", "channel": "C0EXP00001"}),
    ("one in a conversation of several", {"channel_type": "mpim", "channel": "C0GROUP001"}),
    ("a stranger's", {"team": THEIRS, "user_team": THEIRS}),
    ("another workspace's", {"team_id": THEIRS, "team": THEIRS}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "parts"), UNANSWERED, ids=[row[0] for row in UNANSWERED])
async def test_what_is_no_sentence_of_a_person_of_ours_is_not_answered(
    small: World, sentence: str, parts: Json
) -> None:
    assert (await small.post(message(1, **parts), kind=JSON))[0] == 200
    assert (await small.post(message(2, text="240"), kind=JSON))[0] == 200
    await small.workspace.until(lambda: len(told(small)) > 1)

    greeting, answer = told(small)
    assert greeting["text"].startswith(HELLO), sentence
    assert answer["text"].startswith("bert-finetune"), sentence
    assert called(small, "chat.postEphemeral") == []


async def test_the_same_message_sent_again_is_answered_once(small: World) -> None:
    await write(small, "thanks")
    for salt in ("", " ", "  "):
        assert (await small.post(message(1) + salt, kind=JSON))[0] == 200
    await small.post(message(2, text="240"), kind=JSON)
    await small.workspace.until(lambda: "bert-finetune" in told(small)[-1]["text"])

    assert len(told(small)) == 3


async def test_share_is_answered_as_well(small: World) -> None:
    await write(small, "thanks")

    [shown] = await write(small, "205 share")

    assert "flowers-tb" in shown


async def test_where_slack_refuses_the_answer_nothing_breaks(small: World) -> None:
    await write(small, "thanks")
    small.workspace.faults.add("error", method="chat.postMessage", error="messages_tab_disabled")
    with capture_logs() as entries:
        assert await write(small, "205") == []
        await until(lambda: _said(entries, "message_unanswered"))

    assert [e for e in entries if e["log_level"] == "error"] == []
    assert len(await write(small, "205")) == 1


async def _said(entries: list[Any], name: str) -> bool:
    return any(entry["event"] == name for entry in entries)


async def test_without_the_scope_nothing_comes_in_and_all_else_works(tmp_path: Path) -> None:
    async with open_small(tmp_path, scopes=frozenset(DEFAULT_SCOPES) - {"im:history"}) as world:
        assert await write(world, "205") == []
        assert "flowers-tb" in said(await world.type("/visjob 205"))


#: Odd fields of a message.
ODD: list[Json] = [
    {"text": None}, {"text": 7}, {"text": {"a": 1}}, {"text": "\ud800"}, {"text": "\x00205"},
    {"channel": None}, {"channel": "nowhere"}, {"channel": 7}, {"user": 7}, {"thread_ts": 7},
    {"thread_ts": "odd"}, {"ts": None}, {"subtype": 7}, {"files": "x", "subtype": "file_share"},
    {"blocks": 7}, {"event_id": None}, {"text": "<@U|" * 2_000},
]  # fmt: skip


@pytest.mark.parametrize("parts", ODD, ids=lambda one: json.dumps(one)[:40])
async def test_what_is_odd_is_acknowledged_and_breaks_nothing(small: World, parts: Json) -> None:
    with capture_logs() as entries:
        assert (await small.post(message(1, **parts), kind=JSON))[0] == 200
        await small.post(message(2, text="240"), kind=JSON)
        await small.workspace.until(lambda: any("bert-f" in one["text"] for one in told(small)))

    assert [entry for entry in entries if entry["log_level"] in ("error", "critical")] == []


async def test_it_works_through_a_socket_as_well(tmp_path: Path) -> None:
    async with open_world(tmp_path, socket_mode=True) as world:
        await settle(world)
        await world.workspace.until(lambda: world.workspace.sockets.count)
        await world.workspace.type(APP_DM, "205")
        await world.workspace.until(lambda: len(told(world)) > 1)

        assert "flowers-tb" in told(world)[-1]["text"]
