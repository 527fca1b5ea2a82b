"""Traces and reports of the running program, and what it says where their packages are absent."""

import gzip
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.demo.workspace.cast import EXPERIMENTS
from tests.cli.outside import BOT_TOKEN, Outside
from tests.program import Ended, end, run, start, until_answers
from tests.waiting import until

Json = dict[str, Any]

KEY = "c0llector-key-of-tests"


@dataclass(slots=True, kw_only=True)
class Receiver:
    """A collector of traces and a Sentry, at one address."""

    port: int = 0
    spans: list[Any] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    redirects: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """Those that lead here."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={KEY}",
            "SENTRY_DSN": f"http://pub11ckey@127.0.0.1:{self.port}/7",
            # Not ours, and so not gone by: nobody listens there.
            "HTTP_PROXY": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
        }

    async def take_spans(self, request: web.Request) -> web.Response:
        """`POST /v1/traces`."""
        body = await request.read()
        self.bodies.append(body)
        self.keys.add(request.headers.get("x-key"))
        asked = ExportTraceServiceRequest.FromString(body)
        self.spans += [
            one
            for resource in asked.resource_spans
            for scope in resource.scope_spans
            for one in scope.spans
        ]
        return web.Response()

    async def take_event(self, request: web.Request) -> web.Response:
        """`POST /api/7/envelope/`: lines of JSON, each event after a line about it."""
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip" and body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        self.bodies.append(body)
        parts = [json.loads(line) for line in body.splitlines() if line]
        self.events += [part for part in parts if "event_id" in part and "level" in part]
        return web.json_response({})

    def redirect_to(self, path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        """What sends on to `path`, for whoever follows."""

        async def send_on(request: web.Request) -> web.Response:
            await request.read()
            self.redirects.append(path)
            return web.Response(status=307, headers={"Location": path})

        return send_on


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A collector of traces and a Sentry."""
    made = Receiver()
    app = web.Application()
    app.router.add_post("/v1/traces", made.take_spans)
    app.router.add_post("/api/7/envelope/", made.take_event)
    for path in ("/v1/traces", "/api/7/envelope/"):
        app.router.add_post(f"/elsewhere{path}", made.redirect_to(path))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
def without_packages(tmp_path: Path) -> dict[str, str]:
    """An environment of Python in which the packages of the extras are not installed."""
    for name in ("opentelemetry", "sentry_sdk"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('No module named {name}')\n")
    return {"PYTHONPATH": str(tmp_path)}


@pytest.mark.slow
async def test_spans_and_errors_arrive_at_a_stop_without_a_secret(
    outside: Outside, receiver: Receiver
) -> None:
    workspace = outside.workspace
    workspace.request_url = f"http://127.0.0.1:{outside.env['PORT']}/slack/events"
    process = await start("serve", env=outside.env | receiver.settings)
    await until_answers(outside.env, 200)
    await workspace.type(EXPERIMENTS, "/visjob 205")
    workspace.faults.add("error", method="chat.postMessage", error="msg_too_long", count=1)
    await workspace.type(EXPERIMENTS, "/visjob subscribe 205")

    async def is_reported() -> bool:
        return bool(receiver.events)

    await until(is_reported)
    process.terminate()
    ended = await end(process)

    assert ended.code == 0
    lines = [json.loads(line) for line in ended.err.splitlines()]
    [answered] = [one for one in lines if one["event"] == "answered" and one["verb"] == "show"]
    ids = {
        a.value.string_value
        for one in receiver.spans
        if one.name == "command"
        for a in one.attributes
        if a.key == "visjob.request_id"
    }
    assert answered["request_id"] in ids
    assert {one.name for one in receiver.spans} >= {"cloud call", "slack call", "delivery"}
    assert receiver.keys == {KEY}
    [dead] = [one for one in receiver.events if one["logentry"]["message"] == "dead_letter"]
    assert dead["tags"]["duty"] == "deliver"
    assert dead["release"].startswith("visjob@")
    sent = b"".join(receiver.bodies).decode(errors="replace")
    for secret in (BOT_TOKEN, KEY, outside.env["MODELARTS_SECRET_KEY"], "page=1", "hooks.slack"):
        assert secret not in sent
    assert KEY not in ended.err


@pytest.mark.slow
async def test_a_collector_that_is_away_holds_up_no_stop(outside: Outside) -> None:
    away = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "SENTRY_DSN": "http://k@127.0.0.1:9/1",
    }
    outside.workspace.request_url = f"http://127.0.0.1:{outside.env['PORT']}/slack/events"
    process = await start("serve", env=outside.env | away)
    await until_answers(outside.env, 200)
    seen = await outside.workspace.type(EXPERIMENTS, "/visjob 205")
    process.terminate()
    ended = await end(process)

    assert ended.code == 0
    assert seen
    events = [json.loads(one)["event"] for one in ended.err.splitlines()]
    assert "Traceback" not in ended.err
    assert set(events) - {"traces_lost"} == {"serving", "cloud_called", "answered", "stopping"}
    assert events.count("traces_lost") <= 1


@pytest.mark.slow
async def test_nothing_follows_a_redirect(outside: Outside, receiver: Receiver) -> None:
    elsewhere = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}/elsewhere",
        "SENTRY_DSN": f"http://pub11ckey@127.0.0.1:{receiver.port}/elsewhere/7",
    }
    outside.workspace.request_url = f"http://127.0.0.1:{outside.env['PORT']}/slack/events"
    process = await start("serve", env=outside.env | receiver.settings | elsewhere)
    await until_answers(outside.env, 200)
    fault = {"method": "chat.postMessage", "error": "msg_too_long"}
    outside.workspace.faults.add("error", count=1, **fault)
    await outside.workspace.type(EXPERIMENTS, "/visjob subscribe 205")

    async def are_redirected() -> bool:
        return {"/v1/traces", "/api/7/envelope/"} <= set(receiver.redirects)

    await until(are_redirected)
    process.terminate()
    await end(process)

    assert receiver.bodies == []


def rows_of(ended: Ended) -> dict[str, Json]:
    """The rows of `doctor` that are about the extras."""
    rows = {row["check"]: row for row in json.loads(ended.out)}
    return {name: row for name, row in rows.items() if re.match("otel|sentry", name)}


@pytest.mark.slow
async def test_absent_packages_are_a_warning_with_a_cure_and_the_bot_serves(
    outside: Outside, receiver: Receiver, without_packages: dict[str, str]
) -> None:
    env = outside.env | receiver.settings | without_packages
    process = await start("serve", env=env)
    await until_answers(outside.env, 200)
    process.terminate()
    ended = await end(process)
    rows = rows_of(await run("doctor", "--json", env=env))

    told = [json.loads(one) for one in ended.err.splitlines()]
    missing = [one for one in told if one["event"] == "extra_missing"]
    assert [str(one["what"]).partition(":")[2] for one in missing] == [
        " nothing is traced",
        " no error is reported",
    ]
    assert [row["found"] for row in rows.values()] == [one["what"] for one in missing]
    assert {row["verdict"] for row in rows.values()} == {"warning"}
    for extra, row in zip(("otel", "sentry"), rows.values(), strict=True):
        assert f"`pip install '.[{extra}]'`" in row["cure"]
        assert row["cure"] in [one["cure"] for one in missing]


@pytest.mark.slow
async def test_doctor_says_whether_their_hosts_answer(outside: Outside, receiver: Receiver) -> None:
    away = {"SENTRY_DSN": "http://pub11ckey@127.0.0.1:9/1"}
    rows = rows_of(await run("doctor", "--json", env=outside.env | receiver.settings | away))
    unset = rows_of(await run("doctor", "--json", env=outside.env))

    assert rows["otel_exporter_otlp_endpoint"]["verdict"] == "ok"
    assert rows["sentry_dsn"]["verdict"] == "warning"
    assert "VISJOB_PROXY_URL" in rows["sentry_dsn"]["cure"]
    assert "pub11ckey" not in json.dumps(rows)
    assert unset == {}
