"""Requests to the bot's port from anybody: forgeries, garbage, strangers, other paths."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.workspace.tickets import Origin
from bot.serve.http import HttpServer, Route
from bot.slack.incoming.clock_watch import ClockWatch
from bot.slack.incoming.endpoint import SlackEndpoint
from bot.slack.incoming.gate import LARGEST_BODY, Gate
from bot.slack.incoming.tally import Tally
from tests.fakes import ManualClock
from tests.waiting import until
from tests.world import (
    ACTION,
    FORM,
    JSON,
    SIGNING_SECRET,
    World,
    command_form,
    event,
    open_world,
    payload,
    settle,
    sign,
)

OLD_SECRET = "8f742231b10e8888abcd99eee1f285a5"
ELSEWHERE = "T0STRANGER"


async def test_what_slack_signs_is_answered(world: World) -> None:
    status, body = await world.post(command_form())

    assert status == 200
    assert "flowers-tb" in json.loads(body)["text"]


async def test_forged_requests_reach_nothing(world: World) -> None:
    body = command_form().encode()
    asked = len(world.cloud.journal)
    forgeries: dict[str, dict[str, str]] = {
        "unsigned": {},
        "wrong secret": sign(body, world.clock, secret=OLD_SECRET),
        "signed for another body": sign(b"text=206", world.clock),
        "stale": sign(body, world.clock, ago=301),
        "from the future": sign(body, world.clock, ago=-302),
        "no timestamp": {"X-Slack-Signature": sign(body, world.clock)["X-Slack-Signature"]},
        "odd timestamp": {**sign(body, world.clock), "X-Slack-Request-Timestamp": "1e9"},
    }

    answers = {name: await world.post(body, headers=sent) for name, sent in forgeries.items()}

    assert answers == dict.fromkeys(forgeries, (401, ""))
    assert len(world.cloud.journal) == asked


async def test_a_replayed_request_has_no_second_effect(world: World) -> None:
    body = command_form(text="205").encode()
    headers = sign(body, world.clock)
    first = await world.post(body, headers=headers)
    asked = len(world.cloud.journal)
    again = [await world.post(body, headers=headers) for _ in range(50)]

    assert "flowers-tb" in first[1]
    assert set(again) == {(200, "")}
    assert len(world.cloud.journal) == asked


async def test_an_oversized_request_is_refused_whether_it_says_its_size_or_not(
    world: World,
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 2):
            yield b"x" * 1024

    said = await world.post(b"x" * (LARGEST_BODY + 1))
    async with world.http.post(
        f"{world.origin}/slack/events", data=in_pieces(), headers={"Content-Type": FORM}
    ) as answer:
        chunked = answer.status

    assert said[0] == chunked == 413


async def test_other_kinds_of_body_are_refused(world: World) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml"):
        assert (await world.post(command_form(text=kind), kind=kind))[0] == 415


async def test_slacks_own_question_for_the_address_is_answered(world: World) -> None:
    status, body = await world.post('{"type":"url_verification","challenge":"3eZb"}', kind=JSON)

    assert status == 200
    assert "3eZb" in body


@pytest.mark.parametrize(
    "path", ["/", "/slack", "/slack/events/", "/slack/events/x", "/metrics/", "/slack/install",
             "//slack/events", "/slack/../healthz", "/%2e%2e/etc/passwd", "/healthz/", "/HEALTHZ"],
)  # fmt: skip
async def test_there_is_nothing_else(world: World, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.bot.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/slack/events", "GET", "POST"),
        ("/slack/events", "PUT", "POST"),
        ("/slack/events", "HEAD", "POST"),
        ("/healthz", "POST", "GET, HEAD"),
        ("/readyz", "DELETE", "GET, HEAD"),
        ("/metrics", "POST", "GET, HEAD"),
    ],
)
async def test_another_method_is_refused_with_the_right_one(
    world: World, path: str, method: str, allowed: str
) -> None:
    async with world.http.request(method, f"{world.origin}{path}") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.slow
async def test_head_is_as_get_without_a_body(world: World, path: str) -> None:
    status, body = await world.get(path)
    reader, writer = await asyncio.open_connection("127.0.0.1", world.bot.port)
    writer.write(f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, rest = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert f"Content-Length: {len(body.encode())}".encode() in head
    assert rest == b""


async def test_a_living_bot_says_so_and_a_ready_one_too(world: World) -> None:
    ready, body = await world.get("/readyz")

    assert await world.get("/healthz") == (200, "ok\n")
    assert ready == 200
    assert json.loads(body)["not_ready"] == []
    assert set(json.loads(body)["checks"]) == {"database", "schema", "slack_token"}


#: Headers of a request for `/readyz` from this machine, and whether it gets the details.
ASKERS: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"X-Forwarded-For": "203.0.113.9"}, False),
    ({"x-forwarded-for": "127.0.0.1"}, False),
    ({"Forwarded": "for=203.0.113.9"}, False),
    *(
        ({name: value}, False)
        for name, value in {
            "X-Real-IP": "203.0.113.9",
            "x-real-ip": "127.0.0.1",
            "X-Forwarded-Host": "bot.example.com",
            "X-Forwarded-Proto": "https",
            "X-Forwarded": "203.0.113.9",
            "X-Original-Forwarded-For": "203.0.113.9",
            "Forwarded-For": "203.0.113.9",
            "Via": "1.1 proxy.example.com",
            "CF-Connecting-IP": "203.0.113.9",
            "CF-Ray": "230b030023ae2822-SJC",
            "CDN-Loop": "cloudflare",
            "True-Client-IP": "203.0.113.9",
            "X-Client-IP": "203.0.113.9",
            "X-Cluster-Client-IP": "203.0.113.9",
            "Fastly-Client-IP": "203.0.113.9",
            "Fly-Client-IP": "203.0.113.9",
            "X-Azure-ClientIP": "203.0.113.9",
            "X-ProxyUser-Ip": "203.0.113.9",
            "X-Envoy-External-Address": "203.0.113.9",
            "X_Real_IP": "203.0.113.9",
            "X-Remote-Addr": "",
        }.items()
    ),
    ({"User-Agent": "curl/8", "Accept": "*/*", "X-Request-Id": "1", "Host": "localhost"}, True),
    ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer s3cret-m3trics-t0ken"}, True),
    ({"X-Forwarded-For": "203.0.113.9", "Authorization": "bearer s3cret-m3trics-t0ken"}, True),
    ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer s3cret"}, False),
    ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Basic s3cret-m3trics-t0ken"}, False),
    ({"Forwarded": "", "Authorization": "Bearer"}, False),
]


@pytest.mark.parametrize(("headers", "is_told"), ASKERS)
async def test_only_insiders_hear_more_than_yes_or_no(
    tmp_path: Path, headers: dict[str, str], is_told: bool
) -> None:
    async with open_world(tmp_path, VISJOB_METRICS_TOKEN="s3cret-m3trics-t0ken") as world:
        await settle(world)
        async with world.http.get(f"{world.origin}/readyz", headers=headers) as answer:
            status, body = answer.status, await answer.json()

    assert (status, body["ready"]) == (200, True)
    assert ("checks" in body) is is_told
    assert is_told or body == {"ready": True}


async def test_without_a_token_nobody_has_it(world: World) -> None:
    headers = {"Forwarded": "for=203.0.113.9", "Authorization": "Bearer "}
    async with world.http.get(f"{world.origin}/readyz", headers=headers) as answer:
        assert await answer.json() == {"ready": True}


@pytest.mark.parametrize("ago", [301, 900, -302, -86_400])
async def test_a_clock_that_is_off_is_named_until_a_request_comes_in_time(
    world: World, ago: int
) -> None:
    async def refused(text: str) -> int:
        body = command_form(text=text).encode()
        return (await world.post(body, headers=sign(body, world.clock, ago=ago)))[0]

    with capture_logs() as lines:
        statuses = {await refused(str(number)) for number in range(20)}
    status, body = await world.get("/readyz")
    [told] = [line for line in lines if line["event"] == "refused_at_gate"]
    await world.post(command_form(text="help"))
    healed = await world.get("/readyz")

    assert statuses == {401}
    assert (told["reason"], told["log_level"]) == ("clock", "warning")
    assert status == 503
    assert json.loads(body)["not_ready"] == ["clock"]
    assert "NTP" in json.loads(body)["checks"]["clock"]["cure"]
    assert healed[0] == 200


@pytest.mark.parametrize("signatures", ["one", "forged", "between good ones"])
@pytest.mark.slow
async def test_it_is_not_our_clock(world: World, signatures: str) -> None:
    for number in range(20):
        body = command_form(text="help" if signatures == "one" else str(number)).encode()
        secret = OLD_SECRET if signatures == "forged" else SIGNING_SECRET
        await world.post(body, headers=sign(body, world.clock, ago=900, secret=secret))
        if signatures == "between good ones" and number % 2:
            await world.post(command_form(text="help", trigger_id=str(number)))

    assert (await world.get("/readyz"))[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        "Content-Length: 100\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ],
)
async def test_whoever_hangs_up_inside_a_body_leaves_a_count_and_no_traceback(
    world: World, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        for _ in range(20):
            _, writer = await asyncio.open_connection("127.0.0.1", world.bot.port)
            head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            writer.write(f"{head}{body}".encode())
            await writer.drain()
            await asyncio.sleep(0.005)
            writer.close()

        async def is_counted() -> bool:
            return any(line["event"] in ("refused_at_gate", "request_malformed") for line in lines)

        await until(is_counted)

    assert len(lines) <= 2
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.slow
async def test_thousands_of_forgeries_are_one_line(world: World) -> None:
    with capture_logs() as lines:
        for number in range(200):
            await world.post(str(number), headers={})

    told = [line for line in lines if line["event"] == "refused_at_gate"]
    assert [(line["reason"], line["count"]) for line in told] == [("unproved", 1)]


async def test_a_refused_token_makes_it_unready_with_the_cure(tmp_path: Path) -> None:
    async with open_world(tmp_path, SLACK_BOT_TOKEN="xoxb-of-another-app") as world:
        await world.workspace.until(lambda: world.workspace.journal)

        async def refusal() -> tuple[int, str] | None:
            answer = await world.get("/readyz")
            return answer if "invalid_auth" in answer[1] else None

        status, body = await until(refusal)

    assert status == 503
    assert json.loads(body)["not_ready"] == ["slack_token"]
    assert "SLACK_BOT_TOKEN" in json.loads(body)["checks"]["slack_token"]["cure"]


async def test_a_cloud_that_is_down_leaves_the_bot_ready(world: World) -> None:
    world.cloud.faults.add("html", count=None)
    answer = await world.type("/visjob 188")
    world.clock.advance(seconds=7)
    status, body = await world.get("/readyz")

    assert "has not been confirmed since" in answer["text"]
    assert status == 200
    assert json.loads(body)["last_good_poll_age_seconds"] == 7


async def test_people_of_another_workspace_get_nothing_but_the_reason(world: World) -> None:
    asked = len(world.cloud.journal)
    status, body = await world.post(command_form(team_id=ELSEWHERE))
    stranger = {"id": "U9", "team_id": ELSEWHERE}
    hook = world.workspace.state.tickets.issue_hook(Origin(user=ME, channel=EXPERIMENTS))
    click = {
        "type": "block_actions", "actions": [ACTION], "user": stranger,
        "team": {"id": "T0VISION01"},
        "response_url": f"{world.workspace.state.origin}/hooks/T0VISION01/{hook}",
    }  # fmt: skip
    search = {"type": "block_suggestion", "user": stranger, "value": "flow", "action_id": "a",
              "block_id": "b"}  # fmt: skip
    mention = {"type": "app_mention", "user": "U9", "text": "205", "channel": EXPERIMENTS,
               "user_team": ELSEWHERE, "team": "T0VISION01", "ts": "1.1"}  # fmt: skip
    clicked = await world.post(payload(**click))
    searched = await world.post(payload(**search))
    await world.post(event(event=mention, event_id="Ev9"), kind=JSON)
    (told,) = await world.workspace.until(world.whispers)
    await world.type("/visjob help")  # earlier work has ended once this is answered

    assert status == 200
    assert "that installed me" in body
    assert told["text"] == body
    assert len(world.whispers()) == 2
    assert clicked == (200, "")
    assert json.loads(searched[1]) == {"options": []}
    assert len(world.cloud.journal) == asked
    others = [entry for entry in world.workspace.journal if entry.method != "auth.test"]
    assert [entry.arguments["user"] for entry in others] == [ME], "nobody asks for a stranger"


async def test_while_the_secret_is_rotated_both_are_taken(tmp_path: Path) -> None:
    both = f"{OLD_SECRET},{SIGNING_SECRET}"
    async with open_world(tmp_path, SLACK_SIGNING_SECRET=both) as world:
        await settle(world)
        for secret in (OLD_SECRET, SIGNING_SECRET):
            body = command_form(trigger_id=secret).encode()
            status, said = await world.post(body, headers=sign(body, world.clock, secret=secret))
            assert (status, "flowers-tb" in said) == (200, True)


async def test_a_body_that_never_ends_is_given_up() -> None:
    clock = ManualClock()
    app = AsyncApp(client=AsyncWebClient(token="xoxb-x"), signing_secret=SIGNING_SECRET)
    tally = Tally(monotonic=clock.monotonic)
    watch = ClockWatch(clock=clock, monotonic=clock.monotonic)
    gate = Gate([SIGNING_SECRET], clock=clock)
    endpoint = SlackEndpoint(gate, app, clock_watch=watch, tally=tally, body_seconds=0.1)
    server = HttpServer({"/slack/events": Route("POST", endpoint.answer)}, tally=tally)
    port = await server.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
    answer = await reader.read()
    writer.close()
    await server.close()

    assert answer.startswith(b"HTTP/1.1 408 ")
