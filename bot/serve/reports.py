"""Report errors of the log to Sentry. Imported only if the extra `sentry` is wanted."""

import logging
import ssl
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from sentry_sdk import Client
from sentry_sdk.transport import HttpTransport
from sentry_sdk.utils import event_from_exception
from urllib3 import Retry

from bot import __version__
from bot.serve.redaction import Redaction

_log = structlog.get_logger(__name__)

# Reporting an error of a library that itself sends reports would cause another error.
_THEIR_OWN = ("sentry_sdk", "opentelemetry", "urllib3")
_OF_THE_LINE = {"event", "level", "timestamp", "exc_info", "request_id", "duty"}


class Reports:
    """Reports each log line of level `error` or higher, with its traceback but without variables.

    The Sentry client hooks into no library, sees no request and keeps no breadcrumbs. All that it
    sends is scrubbed last.
    """

    def __init__(
        self,
        dsn: str,
        redaction: Redaction,
        *,
        proxy_url: str | None = None,
        tls: ssl.SSLContext | None = None,
        transport: type[Any] | None = None,
    ) -> None:
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # it logs a line for each retry
        self._client = Client(
            dsn=dsn,
            release=f"visjob@{__version__}",
            transport=transport or _through(tls),
            before_send=lambda event, _: redaction.scrub(event),
            # Empty text keeps Sentry from reading the usual proxy variables.
            http_proxy=proxy_url or "",
            https_proxy=proxy_url or "",
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            # `send_default_pii` is false by default, and to set it is deprecated.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
        )

    def report(self, line: Mapping[str, Any]) -> None:
        """Report a log line whose exception is not formatted yet."""
        record = line.get("_record")
        if record is not None and record.name.startswith(_THEIR_OWN):
            return
        event: Any = {}
        hint: Any = None
        if error := _error_of(line.get("exc_info")):
            event, hint = event_from_exception(error, client_options=self._client.options)
        event["level"] = line.get("level", "error")
        event["logentry"] = {"message": str(line.get("event", ""))}
        event["tags"] = {name: line[name] for name in ("request_id", "duty") if name in line}
        event["extra"] = {
            name: value if isinstance(value, int | float | str) else repr(value)
            for name, value in line.items()
            if name not in _OF_THE_LINE and not name.startswith("_")
        }
        self._client.capture_event(event, hint)

    def close(self, *, seconds: float) -> None:
        """Send the reports that are left, and wait at most `seconds` for that."""
        self._client.close(timeout=seconds)


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    if isinstance(exc_info, BaseException):
        return exc_info
    return sys.exc_info()[1] if exc_info else None


def _through(tls: ssl.SSLContext | None) -> type[HttpTransport]:
    class Trusting(HttpTransport):
        def _get_pool_options(self) -> dict[str, Any]:
            options: dict[str, Any] = super()._get_pool_options()
            # A redirect would send the report to a host that nobody set.
            options["retries"] = Retry(total=2, redirect=0)
            return options if tls is None else {**options, "ssl_context": tls}

        def on_dropped_event(self, reason: str) -> None:
            _log.warning("report_lost", reason=reason, setting="SENTRY_DSN")

    return Trusting
