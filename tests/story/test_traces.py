"""The spans of the running bot: durations and requests, but nobody's words."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from bot.core.ports.tracing import span, trace_with
from bot.serve.redaction import Redaction
from bot.serve.traces import OpenTelemetryTracing
from tests.story.test_absence import live, posted
from tests.world import BOT_TOKEN, World, open_world, settle

#: Texts that no span may contain.
UNWANTED = [BOT_TOKEN, "xoxb-", "flowers", "no such thing", "page=", "hooks.slack", "Signature="]


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    """An exporter that holds the spans in memory."""
    exporter = InMemorySpanExporter()
    tracing = OpenTelemetryTracing(SimpleSpanProcessor(exporter), Redaction([BOT_TOKEN]))
    trace_with(tracing)
    yield exporter
    trace_with(None)
    tracing.close(seconds=1)


async def told(world: World) -> None:
    """Ask the bot, let the cloud fail once, and deliver a change."""
    for text in ("205", "no such thing at all", "subscribe 241 for all"):
        await world.type(f"/visjob {text}")
    await live(world, lambda: bool(posted(world, "visjob_status_changed")))
    world.cloud.faults.add("fail", http_status=500, code="ModelArts.0001", text="down", count=None)
    world.clock.advance(seconds=30)
    await world.type("/visjob 207")


def named(spans: tuple[ReadableSpan, ...], name: str, **facts: object) -> list[ReadableSpan]:
    """Return the spans of this name with these attributes."""
    wanted = {f"visjob.{key}": value for key, value in facts.items()}
    return [one for one in spans if one.name == name and wanted.items() <= attributes(one).items()]


def attributes(one: ReadableSpan) -> dict[str, object]:
    """Return the attributes of a span."""
    return dict(one.attributes or {})


@pytest.mark.slow
async def test_what_takes_time_is_a_span_below_its_cause_and_says_nothing_secret(
    tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    async with open_world(tmp_path, VISJOB_POLL_SECONDS="0.5") as world:
        await told(await settle(world))
    spans = exported.get_finished_spans()
    by_id = {one.context.span_id: one for one in spans if one.context}

    [shown] = named(spans, "command", verb="show", outcome="answered")
    assert shown.parent
    request = by_id[shown.parent.span_id]
    assert (request.name, request.kind, request.parent) == ("slack request", SpanKind.SERVER, None)
    assert attributes(request)["visjob.request_id"] == attributes(shown)["visjob.request_id"]
    assert "visjob.duty" not in attributes(shown)

    [failed] = named(spans, "command", outcome="failed")
    assert failed.status.status_code is StatusCode.ERROR
    assert named(spans, "command", verb="none", outcome="refused")
    calls = named(spans, "cloud call", status=500, method="GET")
    assert [one for one in calls if attributes(one).get("visjob.vendor_request_id")]
    assert named(spans, "cloud call", status=200, duty="watch")

    [delivered] = named(spans, "delivery", kind="change", outcome="sent")[:1]
    assert delivered.context
    below = [one for one in spans if one.parent and one.parent.span_id == delivered.context.span_id]
    assert [one.name for one in below] == ["slack call"]
    assert attributes(below[0])["visjob.method"] == "chat.postMessage"
    assert attributes(delivered)["visjob.duty"] == "deliver"
    lag = attributes(delivered)["visjob.lag"]
    assert isinstance(lag, float)
    assert lag >= 0

    whole = "".join(one.to_json() for one in spans)
    assert not [word for word in UNWANTED if word in whole]
    assert not [one for one in spans if one.events], "no traceback"
    assert {json.dumps(one.resource.attributes["service.name"]) for one in spans} == {'"visjob"'}


def test_a_bug_fails_its_span_by_name_alone(exported: InMemorySpanExporter) -> None:
    def stumble() -> None:
        with span("command"):
            raise ValueError(f"https://a.example/?token={BOT_TOKEN}")

    with pytest.raises(ValueError, match="token="):
        stumble()

    [failed] = exported.get_finished_spans()
    assert failed.status.status_code is StatusCode.ERROR
    assert failed.status.description == "ValueError"
    assert BOT_TOKEN not in failed.to_json()


def test_where_nobody_traces_a_span_is_nothing() -> None:
    with span("command", verb="show") as first, span("cloud call") as second:
        first.note(outcome="answered")
        second.fail("Broken")

    assert first is second
