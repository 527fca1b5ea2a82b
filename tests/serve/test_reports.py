"""What Sentry is told of an error, and what never."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot.core.ports.tracing import caused
from bot.serve.logs import set_up_logs
from bot.serve.redaction import Redaction
from bot.serve.reports import Reports

SECRET = "a-secret-of-the-settings"
DSN = "https://key@sentry.example/42"
#: Known to nobody beforehand.
UNKNOWN = {
    "token": "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
    "response_url": "https://hooks.slack.com/commands/T0VISION01/1/nopqrst",
    "query": "https://modelarts.example/v1/p/visualization-jobs?sig=abcdefg",
}


@pytest.fixture
def sent() -> Iterator[list[dict[str, Any]]]:
    """What was sent to Sentry, by a log that is set up as that of the program."""
    events: list[dict[str, Any]] = []

    class InMemory(Transport):
        def capture_envelope(self, envelope: Envelope) -> None:
            events.extend(json.loads(item.get_bytes()) for item in envelope.items)

    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    redaction = Redaction([SECRET])
    reports = Reports(DSN, redaction, transport=InMemory)
    set_up_logs("json", redaction, report=reports.report)
    yield events
    reports.close(seconds=1)
    root.handlers, root.level = handlers, level
    structlog.configure(**kept)


def fail(what: str) -> None:
    """Fail as a call does, with variables that nobody may see."""
    headers = {"Authorization": f"Bearer {UNKNOWN['token']}", "X-Auth-Token": SECRET}
    lost = aiohttp.ClientError(f"{what} with {len(headers)} headers")
    raise ValueError(f"no answer from {what}") from lost


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_error_is_reported_with_its_traceback_and_with_no_secret(
    sent: list[dict[str, Any]], what: str
) -> None:
    with caused(duty="deliver") as cause:
        try:
            fail(f"{UNKNOWN[what]} {SECRET}")
        except ValueError:
            structlog.get_logger("bot.test").exception("delivery_failed", job=205, at=UNKNOWN[what])

    [event] = sent
    whole = json.dumps(event)
    assert [one["type"] for one in event["exception"]["values"]] == ["ClientError", "ValueError"]
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "fail"
    assert event["logentry"]["message"] == "delivery_failed"
    assert event["extra"]["job"] == 205
    assert event["tags"] == {"request_id": cause.request_id, "duty": "deliver"}
    assert not any("vars" in frame for frame in frames)
    for secret in (SECRET, "pdFZKVeTuE8", "nopqrst", "sig=abcdefg", "commands/T0"):
        assert secret not in whole
    assert not {"user", "request", "breadcrumbs"} & {k for k, v in event.items() if v}


def test_an_error_without_an_exception_is_reported_too(sent: list[dict[str, Any]]) -> None:
    structlog.get_logger("bot.test").error("dead_letter", reason="invalid_blocks")

    [event] = sent
    assert (event["level"], event["logentry"]["message"]) == ("error", "dead_letter")
    assert event["extra"]["reason"] == "invalid_blocks"


def test_an_error_of_a_library_is_reported_but_none_of_the_reporters_themselves(
    sent: list[dict[str, Any]],
) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved")
    logging.getLogger("opentelemetry.exporter").error("Failed to export")
    logging.getLogger("urllib3.connectionpool").error("Retrying")

    assert [one["logentry"]["message"] for one in sent] == ["Task exception was never retrieved"]


@pytest.mark.parametrize("level", ["info", "warning"])
def test_what_is_no_error_is_not_reported(sent: list[dict[str, Any]], level: str) -> None:
    getattr(structlog.get_logger("bot.test"), level)("read_failed")

    assert sent == []
