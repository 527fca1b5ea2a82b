"""Send spans to an OpenTelemetry collector. Imported only if the extra `otel` is wanted."""

import logging
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import unquote

import requests
import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind, Status, StatusCode
from requests.adapters import HTTPAdapter

from bot import __version__
from bot.core.ports.tracing import Fact, Span, current_cause
from bot.serve.redaction import Redaction

_log = structlog.get_logger(__name__)

_KINDS = {
    "slack request": SpanKind.SERVER,
    "cloud call": SpanKind.CLIENT,
    "slack call": SpanKind.CLIENT,
}


def batched(
    endpoint: str,
    *,
    headers: Mapping[str, str],
    proxy_url: str | None,
    tls: ssl.SSLContext | None,
) -> SpanProcessor:
    """Return a processor that sends spans in batches, some seconds late, on its own thread."""
    exporter = OTLPSpanExporter(
        endpoint=f"{endpoint.rstrip('/')}/v1/traces",
        headers=dict(headers),
        session=_session(proxy_url, tls),
    )
    return BatchSpanProcessor(OutageLoggingExporter(exporter))


def headers_from(pairs: tuple[str, ...]) -> dict[str, str]:
    """Parse headers in OpenTelemetry's form: `name=value` each, with values percent-encoded."""
    split = (pair.partition("=") for pair in pairs)
    return {name.strip().lower(): unquote(value.strip()) for name, _, value in split}


class OutageLoggingExporter(SpanExporter):
    """Logs once when the collector is lost and once when it is back. The library would log several
    lines every five seconds."""

    def __init__(self, exporter: SpanExporter) -> None:
        for library in ("opentelemetry", "urllib3"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._exporter = exporter
        self._is_failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        is_lost = result is not SpanExportResult.SUCCESS
        if is_lost and not self._is_failing:
            _log.warning("traces_lost", setting="OTEL_EXPORTER_OTLP_ENDPOINT")
        elif self._is_failing and not is_lost:
            _log.info("traces_arrive_again")
        self._is_failing = is_lost
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class OpenTelemetryTracing:
    """The Tracing of the bot. Spans never contain the message or traceback of an error: they may
    quote an address that holds a secret."""

    def __init__(self, processor: SpanProcessor, redaction: Redaction) -> None:
        ours = Resource({"service.name": "visjob", "service.version": __version__})
        self._processor = processor
        self._provider = TracerProvider(
            # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override our values.
            resource=ours.merge(OTELResourceDetector().detect()),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("visjob", __version__)
        self._redaction = redaction

    @contextmanager
    def span(self, name: str, facts: Mapping[str, Fact]) -> Iterator[Span]:
        """Record the block as a span, as a child of the span that is open."""
        with self._tracer.start_as_current_span(
            name,
            kind=_KINDS.get(name, SpanKind.INTERNAL),
            record_exception=False,
            set_status_on_exception=False,
        ) as recorded:
            span = _Span(recorded, self._redaction)
            if cause := current_cause():
                span.note(request_id=cause.request_id, duty=cause.duty or None)
            span.note(**facts)
            try:
                yield span
            except Exception as error:
                span.fail(type(error).__name__)
                raise

    def close(self, *, seconds: float) -> None:
        """Send the spans that are left, and wait at most `seconds` for that."""
        # Without the limit, shutdown tries for half a minute to reach a collector that is away.
        closing = Thread(target=self._processor.shutdown, daemon=True)
        closing.start()
        closing.join(seconds)


class _Span:
    def __init__(self, recorded: OtelSpan, redaction: Redaction) -> None:
        self._recorded = recorded
        self._redaction = redaction

    def note(self, **facts: Fact | None) -> None:
        for name, fact in facts.items():
            if fact is not None:
                known = self._redaction.blot(fact) if isinstance(fact, str) else fact
                self._recorded.set_attribute(f"visjob.{name}", known)

    def fail(self, what: str) -> None:
        self._recorded.set_status(Status(StatusCode.ERROR, what))


class _Trusting(HTTPAdapter):
    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more, ssl_context=self._tls)

    def proxy_manager_for(self, *arguments: Any, **more: Any) -> Any:
        return super().proxy_manager_for(*arguments, **more, ssl_context=self._tls)


def _session(proxy_url: str | None, tls: ssl.SSLContext | None) -> requests.Session:
    """Return a session that follows our own settings only, and no redirect."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    if proxy_url:
        session.proxies = {"http": proxy_url, "https": proxy_url}
    if tls:
        session.mount("https://", _Trusting(tls))
    return session
