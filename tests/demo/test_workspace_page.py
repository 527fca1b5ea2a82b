"""The page API: what it shows, what it streams, what it refuses."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from yarl import URL

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, HIDDEN, LI, ME
from bot.demo.workspace.news import News
from tests.demo.slack_world import CARD, TOKEN

Json = dict[str, Any]
BEN = "U0BEN00001"


@pytest.fixture
async def page(workspace: StandInWorkspace) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=workspace.state.origin) as session:
        yield session


async def give(page: aiohttp.ClientSession, order: str, body: Json) -> tuple[int, Json]:
    """Give the page an order and return its status and answer."""
    async with page.post(f"/page/{order}", json=body) as response:
        return response.status, await response.json()


async def test_the_state_is_what_the_signed_in_person_sees(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    workspace.state.post(EXPERIMENTS, {"text": "all"})
    workspace.state.post_ephemeral(EXPERIMENTS, ME, {"text": "mine"})
    workspace.state.post_ephemeral(EXPERIMENTS, BEN, {"text": "his"})
    workspace.narrate("Once upon a time")

    async with page.get("/page/state") as response:
        state = await response.json()

    assert state.keys() == {
        "team",
        "me",
        "bot",
        "users",
        "channels",
        "messages",
        "ephemerals",
        "home",
        "modal",
        "readers",
        "shortcuts",
        "commands",
        "suggestions",
        "cloud",
        "story",
    }
    assert [m["text"] for m in state["messages"][EXPERIMENTS]] == ["all"]
    assert [m["text"] for m in state["ephemerals"][EXPERIMENTS]] == ["mine"]
    assert [c["name"] for c in state["channels"]][:3] == ["experiments", "general", "secret-exp"]
    assert state["channels"][0]["unread"] == 1
    assert state["story"][0]["text"] == "Once upon a time"
    assert '"his"' not in json.dumps(state)


async def test_the_stream_tells_of_every_change(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    async with page.get("/page/stream") as response:
        assert response.content_type == "text/event-stream"
        message = workspace.state.post(EXPERIMENTS, {"text": "new"})
        workspace.state.delete(EXPERIMENTS, message["ts"])
        workspace.state.post_ephemeral(EXPERIMENTS, BEN, {"text": "his"})
        workspace.state.notice(EXPERIMENTS, ME, "oh")
        workspace.set_cloud({"clock": "now", "jobs": []})
        got: list[Json] = []
        while len(got) < 5:
            line = (await response.content.readline()).decode()
            if line.startswith("data: "):
                got.append(json.loads(line.removeprefix("data: ")))

    kinds = [event["kind"] for event in got]
    assert kinds == ["message", "channel", "message_deleted", "notice", "cloud"]


async def test_a_person_says_clicks_and_reads(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, bot: AsyncApp
) -> None:
    @bot.command("/visjob")
    async def show(ack: Any) -> None:
        await ack(text="old", blocks=CARD)

    @bot.action("visjob:205")
    async def refresh(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="new", blocks=CARD, replace_original=True)

    say = {"channel": EXPERIMENTS, "text": "/visjob 205"}
    assert await give(page, "say", say) == (200, {})
    (card,) = workspace.ephemerals(EXPERIMENTS)
    container = {"type": "message", "channel": EXPERIMENTS, "ts": card["ts"], "ephemeral": True}
    block_id = card["blocks"][1]["block_id"]
    click = {"container": container, "block_id": block_id, "action_id": "visjob:205"}
    assert await give(page, "click", click) == (200, {})
    assert workspace.ephemerals(EXPERIMENTS)[0]["text"] == "new"

    assert await give(page, "read", {"channel": EXPERIMENTS}) == (200, {})
    assert ME not in workspace.state.channels[EXPERIMENTS].news


async def test_a_command_in_a_thread_is_refused_in_slacks_words(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    parent = workspace.state.post(EXPERIMENTS, {"text": "card"})
    say = {"channel": EXPERIMENTS, "text": "/visjob 205", "thread_ts": parent["ts"]}

    answer = await give(page, "say", say)

    assert answer == (400, {"error": "/visjob is not supported in threads. Sorry!"})


async def test_a_push_reaches_its_owner(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    pushed = []
    assert (await give(page, "push", {"job_id": 205}))[0] == 400
    workspace.page.on_push = lambda job, status: pushed.append((job, status))

    assert await give(page, "push", {"job_id": "205", "status": 8}) == (200, {})
    assert pushed == [(205, 8)]


async def test_a_restart_reaches_its_owner(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    restarted: list[int] = []
    assert (await give(page, "restart", {"job_id": 205}))[0] == 400
    workspace.page.on_restart = restarted.append

    assert await give(page, "restart", {"job_id": "205"}) == (200, {})
    assert restarted == [205]


async def test_unread_messages_that_mention_the_person_are_counted_apart(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    channel = workspace.state.channels[EXPERIMENTS]
    first = workspace.state.post(EXPERIMENTS, {"text": "news"})
    workspace.state.post(EXPERIMENTS, {"text": f"<@{ME}> look"})
    element = {"type": "user", "user_id": ME}
    workspace.state.post(EXPERIMENTS, {"text": "look", "blocks": [{"elements": [element]}]})
    workspace.state.post(EXPERIMENTS, {"text": "mine"}, user=ME)
    assert channel.news[ME] == News(unread=3, mentions=2, first=first["ts"])

    await give(page, "read", {"channel": EXPERIMENTS})
    assert ME not in channel.news


async def test_what_one_person_has_read_is_news_to_the_others(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    channel = workspace.state.channels[EXPERIMENTS]
    said = workspace.state.post(EXPERIMENTS, {"text": f"Hello <@{ME}>"}, user=BEN)

    await give(page, f"read?as={LI}", {"channel": EXPERIMENTS})

    assert channel.news[ME] == News(unread=1, mentions=1, first=said["ts"])
    assert not {BEN, LI} & set(channel.news)


@pytest.mark.parametrize(
    ("reply", "news"),
    [
        ({"text": "In a thread."}, News()),
        ({"text": f"<@{ME}>, in a thread."}, News(unread=1, mentions=1)),
        ({"text": "Also to the channel.", "reply_broadcast": True}, News(unread=1, first="")),
    ],
)
async def test_of_a_thread_a_channel_tells_what_it_shows_or_whom_it_mentions(
    workspace: StandInWorkspace, reply: dict[str, Any], news: News
) -> None:
    parent = workspace.state.post(EXPERIMENTS, {"text": "card"}, user=ME)
    said = workspace.state.post(EXPERIMENTS, {**reply, "thread_ts": parent["ts"]})

    first = said["ts"] if news.first is not None else None
    assert workspace.state.channels[EXPERIMENTS].news[ME] == replace(news, first=first)


@pytest.mark.parametrize(
    ("order", "body"),
    [
        ("say", {}),
        ("say", {"channel": "C0NOWHERE1", "text": "x"}),
        ("click", {"container": {"type": "message", "channel": EXPERIMENTS, "ts": "1"}}),
        ("click", {"container": {"type": "view", "view_id": "V0"}}),
        ("submit", {"view_id": "V0", "values": {}}),
        ("close", {"view_id": "V0"}),
        ("read", {"channel": "C0NOWHERE1"}),
        ("push", {"job_id": "x"}),
    ],
)
async def test_a_wrong_order_is_refused(
    page: aiohttp.ClientSession, order: str, body: Json
) -> None:
    status, answer = await give(page, order, body)

    assert status == 400
    assert answer["error"]


async def test_a_silent_bot_is_said(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    card = workspace.state.post(EXPERIMENTS, {"text": "x", "blocks": CARD})
    container = {"type": "message", "channel": EXPERIMENTS, "ts": card["ts"]}

    status, answer = await give(
        page, "click", {"container": container, "block_id": None, "action_id": "visjob:205"}
    )

    assert (status, "trouble" in answer["error"]) == (504, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}, 403),
        ({"Referer": "https://evil.example/a"}, 403),
        ({"Referer": "http://localhost/"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_only_the_page_itself_gives_orders(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    body = json.dumps({"channel": EXPERIMENTS, "text": "x"})
    sent = {"Content-Type": "application/json", **headers}

    async with page.post("/page/say", data=body, headers=sent) as response:
        assert response.status == status

    assert workspace.messages(EXPERIMENTS) == []


#: What a browser sends with a request that a page of another site made.
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://evil.example/"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(
    "path", ["/page/state", "/page/stream", "/api/auth.test", "/hooks/T1/1/x", "/link/?ticket=1"]
)
async def test_no_other_site_reaches_anything(
    page: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    method = "POST" if path.startswith(("/api", "/hooks")) else "GET"
    async with page.request(method, path, data=f"token={TOKEN}", headers=headers) as response:
        assert response.status == 403


async def test_the_page_itself_and_what_is_no_browser_are_welcome(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    own = workspace.state.origin
    body = {"channel": EXPERIMENTS, "text": "x"}
    welcome: list[dict[str, str]] = [
        {"Origin": own, "Sec-Fetch-Site": "same-origin", "Referer": f"{own}/"},
        {"Referer": own},
        {},
    ]
    for headers in welcome:
        async with page.post("/page/say", json=body, headers=headers) as response:
            assert response.status == 200
    async with page.get("/", headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 200, "a link to the page is no order"


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + "1" + closing * depth


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "5", '"say"', "{", "\x00", "1" * 5000,
        nested("[", "]", 100_000), nested('{"text":', "}", 100_000),
        '{"channel": ["C0EXP00001"], "text": "x"}', '{"channel": "C0EXP00001", "text": 5}',
        '{"channel": "C0EXP00001", "text": null}', '{"channel": {}, "text": "x"}',
    ],
    ids=lambda body: repr(body[:40]),
)  # fmt: skip
@pytest.mark.parametrize("order", ["say", "click", "options", "submit", "close", "push"])
async def test_odd_json_is_a_wrong_order(
    page: aiohttp.ClientSession, order: str, body: str
) -> None:
    sent = {"Content-Type": "application/json"}
    async with page.post(f"/page/{order}", data=body, headers=sent) as response:
        assert response.status == 400


@pytest.mark.parametrize("path", ["/api/chat.postMessage", "/hooks/T1/1/x"])
async def test_json_without_end_is_refused_by_the_interfaces_too(
    page: aiohttp.ClientSession, path: str
) -> None:
    sent = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    deep = f'{{"channel": "C0EXP00001", "blocks": {nested("[", "]", 100_000)}}}'
    async with page.post(path, data=deep, headers=sent) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    "path",
    ["/page/assets/" + "a" * 300, "/page/assets/" + "a" * 5000, "/" + "a" * 7000,
     "/page/" + "a" * 7000, "/page/assets/%00", "/page/assets/..%2f..%2fguard.py"],
    ids=lambda path: path[:20],
)  # fmt: skip
async def test_a_path_of_any_length_leads_nowhere(page: aiohttp.ClientSession, path: str) -> None:
    async with page.get(URL(path, encoded=True)) as response:
        assert 400 <= response.status < 500


@pytest.mark.parametrize(
    ("typed", "told", "is_in"),
    [
        ("/invite @visjob", "@visjob was added to #secret-exp.", True),
        ("/invite visjob", "@visjob was added to #secret-exp.", True),
        ("/invite @ben @visjob", "@ben is already in this channel. @visjob was", True),
        ("/invite", "For example: /invite @visjob", False),
        ("/invite @nobody", "Nobody here is called nobody.", False),
    ],
)
async def test_the_message_box_knows_slacks_own_invite(
    workspace: StandInWorkspace, typed: str, told: str, is_in: bool
) -> None:
    [seen] = await workspace.type(HIDDEN, typed)

    assert told in seen["notice"]
    assert (BOT_USER in workspace.state.channels[HIDDEN].members) is is_in


@pytest.mark.parametrize("path", ["/page/state", "/api/auth.test", "/", "/link/"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1", ""])
async def test_a_foreign_host_name_is_refused_everywhere(
    page: aiohttp.ClientSession, path: str, host: str
) -> None:
    async with page.get(path, headers={"Host": host}) as response:
        assert response.status == 403


@pytest.mark.parametrize("host", ["localhost:8420", "127.0.0.1", "[::1]:8420"])
async def test_every_name_of_this_computer_is_welcome(
    page: aiohttp.ClientSession, host: str
) -> None:
    async with page.get("/page/state", headers={"Host": host}) as response:
        assert response.status == 200


async def test_the_index_is_served_with_a_strict_policy(page: aiohttp.ClientSession) -> None:
    async with page.get("/") as response:
        policy = response.headers["Content-Security-Policy"]

    assert response.status == 200
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


async def test_a_copy_without_the_built_page_says_so(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, tmp_path: Path
) -> None:
    workspace.page.bundle = tmp_path

    async with page.get("/") as response:
        assert "not built" in await response.text()
    async with page.get("/page/assets/app.js") as response:
        assert response.status == 404


async def test_the_built_page_is_served(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, tmp_path: Path
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>demo</title>")
    (tmp_path / "assets" / "app.js").write_text("1")
    workspace.page.bundle = tmp_path

    async with page.get("/") as response:
        assert (response.content_type, await response.text()) == (
            "text/html",
            "<title>demo</title>",
        )
    async with page.get("/page/assets/app.js") as response:
        assert response.content_type == "text/javascript"


@pytest.mark.parametrize("name", ["..%2Findex.html", "%2e%2e", ".hidden", "none.js", "a%00b"])
async def test_an_asset_name_leads_nowhere_else(page: aiohttp.ClientSession, name: str) -> None:
    async with page.get(f"/page/assets/{name}") as response:
        assert response.status == 404
