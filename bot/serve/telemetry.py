"""Set up the log of a running bot and, if settings ask for them, traces and reports."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import structlog

from bot.config import Settings, doubts, unknown_settings
from bot.core.ports.tracing import trace_with
from bot.serve.adapters import revealed, trusted
from bot.serve.extras import Extra, wanted_extras
from bot.serve.logs import set_up_logs
from bot.serve.redaction import Redaction

_log = structlog.get_logger(__name__)

# Traces and reports are closed last, and get two seconds each of the 25 s of a stop.
_CLOSE_SECONDS = 2.0


@contextmanager
def telemetry_running(settings: Settings) -> Iterator[None]:
    """Set up the log without secrets, and traces and reports if they are set; at the end, send what
    is left of traces and reports."""
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
        _warn_of_settings(settings)
        yield


def _warn(extra: Extra) -> None:
    """Warn only: the variable may be set for a whole cluster, and must not stop the bot."""
    _log.warning("extra_missing", what=str(extra.problem), cure=str(extra.cure))


def _warn_of_settings(settings: Settings) -> None:
    """Log doubtful and unknown settings. They do not stop the bot: another program may own them."""
    for doubt in doubts(settings):
        _log.warning("setting_doubted", what=str(doubt.found), cure=str(doubt.cure))
    if unknown := unknown_settings():
        what = "; ".join(str(one.found) for one in unknown)
        cure = "rename what was meant for me, and leave what another program reads"
        _log.warning("settings_unknown", what=what, cure=cure)


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
