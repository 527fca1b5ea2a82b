"""What others may see of a running bot: its log, and, if they are set up, traces and reports."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import structlog

from bot.config import Settings
from bot.core.ports.tracing import trace_with
from bot.serve.adapters import revealed, trusted
from bot.serve.extras import Extra, wanted_extras
from bot.serve.logs import set_up_logs
from bot.serve.redaction import Redaction

_log = structlog.get_logger(__name__)

# At the very end, when all else has ended: of the 25 s of a stop they get four.
_CLOSE_SECONDS = 2.0


@contextmanager
def observed(settings: Settings) -> Iterator[None]:
    """Write the log as the settings say, without any of their secrets; send traces and reports
    where they say so, and what is left of these at the end."""
    redaction = Redaction(settings.secrets)
    extras = wanted_extras(settings)
    missing = [extra for extra in extras if not extra.is_installed]
    found = {extra.name for extra in extras if extra not in missing}
    with ExitStack() as stack:
        report = _open_reports(settings, redaction, stack) if "sentry" in found else None
        set_up_logs(settings.log_format, redaction, report=report)
        if "otel" in found:
            _open_traces(settings, redaction, stack)
        for extra in missing:
            _warn(extra)
        yield


def _warn(extra: Extra) -> None:
    """These variables are often set for a whole cluster: that alone must not stop the bot."""
    _log.warning("extra_missing", what=str(extra.problem), cure=str(extra.cure))


def _open_reports(
    settings: Settings, redaction: Redaction, stack: ExitStack
) -> Callable[[Mapping[str, Any]], None]:
    from bot.serve.reports import Reports

    reports = Reports(
        revealed(settings.sentry_dsn) or "",
        redaction,
        proxy_url=revealed(settings.proxy_url),
        tls=trusted(settings.ca_file),
    )
    stack.callback(reports.close, seconds=_CLOSE_SECONDS)
    return reports.report


def _open_traces(settings: Settings, redaction: Redaction, stack: ExitStack) -> None:
    from bot.serve.traces import OpenTelemetryTracing, batched, headers_from

    headers = headers_from(tuple(one.get_secret_value() for one in settings.otlp_headers))
    processor = batched(
        settings.otlp_endpoint or "",
        headers=headers,
        proxy_url=revealed(settings.proxy_url),
        tls=trusted(settings.ca_file),
    )
    tracing = OpenTelemetryTracing(processor, redaction)
    trace_with(tracing)
    stack.callback(tracing.close, seconds=_CLOSE_SECONDS)
    stack.callback(trace_with, None)
