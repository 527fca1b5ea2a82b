"""Only a pasted link to a job's TensorBoard gets the job's card."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.errors import SourceUnavailable
from bot.demo.workspace.cast import (
    BOT_USER,
    DEFAULT_SCOPES,
    EXPERIMENTS,
    GENERAL,
    HIDDEN,
    ME,
    Person,
)
from tests.fakes import FakeSource
from tests.make import a_job
from tests.neighbours import HOME, THEIR_ORG, THEIRS
from tests.reach import JOBS, LINK, called, open_small
from tests.slack.oracles import hold_message
from tests.world import JSON, World, event, said

Json = dict[str, Any]


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_small(tmp_path) as made:
        yield made


async def paste(world: World, text: str, channel: str = EXPERIMENTS, user: str = ME) -> Json:
    """Type a text with links, and return the message."""
    await world.workspace.type(channel, text, user)
    return world.workspace.messages(channel)[-1]


async def unfurled(world: World, message: Json, count: int = 1) -> list[Json]:
    """Return the cards below the links of a message, once there are so many."""
    return await world.workspace.until(
        lambda: cards if len(cards := message.get("attachments", [])) >= count else []
    )


async def quiet(world: World) -> int:
    """Wait until the bot has handled all earlier events: paste a link and wait for its card. Return
    how many cards were posted before that one."""
    ts = f"1700000000.{len(world.workspace.out.sent) + len(called(world, 'chat.unfurl')):06}"
    body = shared(LINK, event_id=f"Ev{ts}", channel=GENERAL, ts=ts)
    assert (await world.post(body, kind=JSON))[0] == 200
    await world.workspace.until(
        lambda: any(call.get("ts") == ts for call in called(world, "chat.unfurl"))
    )
    return len([call for call in called(world, "chat.unfurl") if call.get("ts") != ts])


async def until_unfurled(world: World, count: int) -> None:
    """Wait until the bot has posted cards for links so many times."""
    await world.workspace.until(lambda: len(called(world, "chat.unfurl")) >= count)


def shared(
    *urls: str, event_id: str = "Ev0LINK", channel: str = EXPERIMENTS, ts: str = "1.0", **more: Any
) -> str:
    """Return the event of links in a message, as Slack sends it."""
    wrapper = {name: more.pop(name) for name in list(more) if name in _WRAPPER}
    told = {
        "type": "link_shared",
        "user": ME,
        "channel": channel,
        "message_ts": ts,
        "links": [{"url": url, "domain": "console.huaweicloud.com"} for url in urls],
        **more,
    }
    usual = {"is_ext_shared_channel": False}
    return event(event=told, event_id=event_id, **{**usual, **wrapper})


_WRAPPER = ("team_id", "is_ext_shared_channel", "authorizations", "context_team_id")


async def test_a_link_to_a_job_gets_its_card_with_buttons(small: World) -> None:
    message = await paste(small, f"look at {LINK} please")

    [card] = await unfurled(small, message)

    assert card["from_url"] == LINK
    assert "flowers-tb" in said(card)
    assert "JOBSTAT_RUNNING" in said(card)
    hold_message({"text": "x", "blocks": [without_id(block) for block in card["blocks"]]})
    labels = [e["text"]["text"] for b in card["blocks"] for e in b.get("elements", []) if
              e["type"] == "button"]  # fmt: skip
    assert labels[0] == "Open TensorBoard"
    assert "Share" not in labels


def without_id(block: Json) -> Json:
    return {name: value for name, value in block.items() if name != "block_id"}


async def test_its_buttons_work(small: World) -> None:
    message = await paste(small, LINK)
    await unfurled(small, message)

    await small.click(message, "Subscribe")

    assert "Subscribed to" in small.whispers()[-1]["text"]


async def test_refresh_draws_the_card_anew_where_it_is(tmp_path: Path) -> None:
    source = FakeSource(JOBS)
    async with open_small(tmp_path, source) as world:
        message = await paste(world, LINK)
        await unfurled(world, message)
        source.jobs = [a_job(205, 12)]
        world.clock.advance(seconds=60)

        await world.workspace.click(message, "Refresh")

        await world.workspace.until(lambda: "Stopped" in said(message["attachments"]))
        assert len(message["attachments"]) == 1
        assert message["text"] == f"<{LINK}>"
        assert world.whispers() == []


async def test_a_link_in_a_channel_without_the_bot_gets_its_card(small: World) -> None:
    assert await unfurled(small, await paste(small, LINK, HIDDEN))


async def test_a_link_in_a_thread_gets_its_card(small: World) -> None:
    parent = await paste(small, "so?")
    await small.workspace.type(EXPERIMENTS, LINK, thread_ts=parent["ts"])

    assert await unfurled(small, small.workspace.messages(EXPERIMENTS)[-1])


async def test_two_links_get_two_cards_by_one_call(small: World) -> None:
    message = await paste(small, f"{LINK} {JOBS[1].service_url} {LINK}")

    cards = await unfurled(small, message, 2)

    assert [card["from_url"] for card in cards] == [LINK, JOBS[1].service_url]
    assert len(called(small, "chat.unfurl")) == 1


async def test_of_many_links_the_first_five_get_cards(small: World) -> None:
    urls = [f"{LINK}#{number}" for number in range(9)]

    await small.post(shared(*urls, unfurl_id="C0.1", source="conversations_history"), kind=JSON)
    [call] = await small.workspace.until(lambda: called(small, "chat.unfurl"))

    assert list(call["unfurls"]) == urls[:5]


#: A link that gets no card, after a word why.
STRANGE: list[tuple[str, str]] = [
    ("no job's", LINK.replace("205", "206")),
    ("one without a path", "https://console.huaweicloud.com/"),
    ("not encrypted", LINK.replace("https", "http")),
    ("with a user", LINK.replace("https://", "https://ana@")),
    ("another port", LINK.replace(".com/", ".com:8443/")),
    ("a host below", LINK.replace("console", "www.console")),
    ("a host that is not named", "https://tb.vision.example/205/"),
    ("a foreign host", LINK.replace("console.huaweicloud.com", "evil.example")),
    ("more path", f"{LINK}data"),
    ("odd", "https://[::1"),
    ("empty", ""),
    ("far too long", LINK + "#" + "x" * 5_000),
]


@pytest.mark.parametrize(("sentence", "url"), STRANGE, ids=[row[0] for row in STRANGE])
async def test_any_other_link_gets_none(small: World, sentence: str, url: str) -> None:
    assert (await small.post(shared(url, unfurl_id="C0.1"), kind=JSON))[0] == 200

    assert await quiet(small) == 0, sentence


async def test_a_job_that_is_gone_gets_no_card(tmp_path: Path) -> None:
    source = FakeSource(JOBS)
    async with open_small(tmp_path, source) as world:
        source.jobs = [job for job in source.jobs if job.id != 240]
        message = await paste(world, f"{JOBS[1].service_url} {LINK}")
        cards = await unfurled(world, message)

        assert [card["from_url"] for card in cards] == [LINK]


async def test_while_the_cloud_is_down_the_card_is_of_the_last_read(tmp_path: Path) -> None:
    source = FakeSource(JOBS)
    async with open_small(tmp_path, source) as world:
        source.error = SourceUnavailable("ModelArts is down.")
        [card] = await unfurled(world, await paste(world, LINK))

        assert "JOBSTAT_RUNNING" in said(card)


async def test_in_the_composer_the_card_is_shown_before_the_message_is_sent(small: World) -> None:
    unfurl_id = await small.workspace.typing.compose(EXPERIMENTS, f"look: {LINK}", user=ME)

    cards = await small.workspace.until(lambda: small.workspace.state.previews.get(unfurl_id) or {})

    assert list(cards) == [LINK]
    [call] = called(small, "chat.unfurl")
    assert (call["unfurl_id"], call["source"]) == (unfurl_id, "composer")
    assert "channel" not in call


#: The origin of an event of links; the bot posts nothing there.
ELSEWHERE: list[tuple[str, Json]] = [
    ("a shared channel of ours", {"is_ext_shared_channel": True}),
    ("a shared channel of theirs",
     {"is_ext_shared_channel": True, "team_id": THEIRS, "context_team_id": HOME}),
    ("a shared channel, and the person is ours", {"is_ext_shared_channel": True, "team": HOME}),
    ("a text that is still written for a shared channel",
     {"is_ext_shared_channel": True, "source": "composer", "channel": "COMPOSER"}),
    ("a person of another company", {"user_team": THEIRS}),
    ("a person of another company, told by the profile", {"user_profile": {"team": THEIRS}}),
    ("another workspace", {"team_id": THEIRS}),
    ("the bot itself", {"user": BOT_USER}),
    ("a channel that Slack says nothing of",
     {"is_ext_shared_channel": None, "channel": "C0NOWHERE1"}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "parts"), ELSEWHERE, ids=[row[0] for row in ELSEWHERE])
async def test_nothing_is_shown_to_strangers(small: World, sentence: str, parts: Json) -> None:
    body = shared(LINK, **{"unfurl_id": "C0.1", "source": "conversations_history", **parts})
    assert (await small.post(body, kind=JSON))[0] == 200

    assert await quiet(small) == 0, sentence


async def test_where_only_slacks_answer_says_that_a_channel_is_shared_nothing_is_shown(
    small: World,
) -> None:
    small.workspace.admin.share(EXPERIMENTS, THEIRS)
    body = shared(LINK, is_ext_shared_channel=None)
    assert (await small.post(body, kind=JSON))[0] == 200

    assert await quiet(small) == 0


async def test_a_stranger_in_a_shared_channel_gets_no_card(small: World) -> None:
    small.workspace.admin.share(EXPERIMENTS, THEIRS)
    pat = Person(id="U0PAT00001", name="pat", real_name="Pat", color="1", team_id=THEIRS)
    small.workspace.admin.add_person(pat, EXPERIMENTS)
    await paste(small, LINK, user=pat.id)
    await paste(small, LINK)

    assert await quiet(small) == 0


#: What `users.info` says of the person, of whom the event says nothing.
KNOWN_BY_SLACK_ALONE: list[tuple[str, bool, Json]] = [
    ("one of us", True, {}),
    ("a guest of ours", True, {"is_guest": True}),
    ("somebody of another company", False, {"team_id": THEIRS}),
    ("somebody of another company's enterprise", False,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "is_shown", "person"),
    KNOWN_BY_SLACK_ALONE,
    ids=[row[0] for row in KNOWN_BY_SLACK_ALONE],
)
@pytest.mark.parametrize("source", ["conversations_history", "composer"])
async def test_whoever_only_slack_knows_as_a_stranger_gets_no_card(
    small: World, source: str, sentence: str, is_shown: bool, person: Json
) -> None:
    pat = Person(
        id="U0PAT00001", name="pat", real_name="Pat", color="1", **{"team_id": HOME, **person}
    )
    small.workspace.state.people[pat.id] = pat
    body = shared(LINK, user=pat.id, unfurl_id="C0.1", source=source)
    assert (await small.post(body, kind=JSON))[0] == 200
    await small.workspace.until(
        lambda: [asked for asked in called(small, "users.info") if asked["user"] == pat.id]
    )
    if is_shown:
        await until_unfurled(small, 1)

    assert await quiet(small) == int(is_shown), sentence


@pytest.mark.parametrize("code", ["user_not_found", "user_not_visible"])
async def test_whom_slack_does_not_let_us_see_gets_no_card(small: World, code: str) -> None:
    small.workspace.faults.add("error", method="users.info", error=code, count=10)
    body = shared(LINK, user="U0PAT00001", unfurl_id="C0.1", source="composer")
    assert (await small.post(body, kind=JSON))[0] == 200
    await small.workspace.until(lambda: called(small, "users.info"))
    small.workspace.faults.clear()

    assert await quiet(small) == 0


async def test_where_people_may_not_be_asked_for_a_link_gets_its_card(small: World) -> None:
    small.workspace.state.installation.scopes = frozenset(DEFAULT_SCOPES) - {"users:read"}
    pat = Person(id="U0PAT00001", name="pat", real_name="Pat", color="1", team_id=THEIRS)
    small.workspace.state.people[pat.id] = pat
    body = shared(LINK, user=pat.id, unfurl_id="C0.1", source="composer")
    assert (await small.post(body, kind=JSON))[0] == 200

    await until_unfurled(small, 1)
    assert await quiet(small) == 1


async def test_the_same_event_sent_again_gets_one_card(small: World) -> None:
    body = shared(LINK, unfurl_id="C0.1", source="conversations_history")
    for salt in ("", " ", "  "):
        assert (await small.post(body + salt, kind=JSON))[0] == 200

    await until_unfurled(small, 1)
    assert await quiet(small) == 1


@pytest.mark.parametrize("code", ["cannot_unfurl_url", "missing_scope", "cannot_find_service"])
async def test_a_refusal_is_logged_once_and_nobody_hears_of_it(small: World, code: str) -> None:
    with capture_logs() as entries:
        for number in range(3):
            small.workspace.faults.add("error", method="chat.unfurl", error=code)
            await small.post(shared(LINK, event_id=f"Ev{number}", unfurl_id="C0.1"), kind=JSON)
            await until_unfurled(small, number + 1)

    noted = [entry["kind"] for entry in entries if entry["event"] == "unfurl_refused"]
    assert noted == [code]
    assert small.whispers() == []
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_without_the_scope_slack_is_not_asked(tmp_path: Path) -> None:
    async with open_small(tmp_path, scopes=frozenset(DEFAULT_SCOPES) - {"links:write"}) as world:
        with capture_logs() as entries:
            for number in range(2):
                await world.post(shared(LINK, event_id=f"Ev{number}"), kind=JSON)
            await world.type("/visjob 205")

    assert called(world, "chat.unfurl") == []
    noted = [entry["kind"] for entry in entries if entry["event"] == "unfurl_refused"]
    assert noted == ["missing_scope"]


#: Odd fields of the event.
ODD: list[Json] = [
    {"links": None},
    {"links": "x"},
    {"links": [None, 7, {"url": 7}, {"domain": "x"}]},
    {"user": None},
    {"user": 7},
    {"channel": None},
    {"message_ts": 7},
    {"unfurl_id": {"a": 1}},
    {"source": "elsewhere"},
]


@pytest.mark.parametrize("parts", ODD, ids=json.dumps)
async def test_what_is_odd_is_acknowledged_and_breaks_nothing(small: World, parts: Json) -> None:
    with capture_logs() as entries:
        assert (await small.post(shared(LINK, **parts), kind=JSON))[0] == 200
        assert await unfurled(small, await paste(small, LINK))

    broken = ("listener_failed", "unfurl_failed")
    assert [entry for entry in entries if entry["event"] in broken] == []
