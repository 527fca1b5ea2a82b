"""Answer `POST /slack/events`: a request passes the gate, then Bolt dispatches it."""

import asyncio
import logging

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.ports.tracing import caused, span
from bot.slack.incoming.clock_watch import SET_CLOCK, ClockWatch
from bot.slack.incoming.gate import LARGEST_BODY, Gate, GateVerdict
from bot.slack.incoming.log_once import LogOnce
from bot.slack.incoming.tally import Tally

_log = structlog.get_logger(__name__)

# Slack sends its requests at once; a slow sender only holds a connection.
_BODY_SECONDS = 5.0
# Most requests from Slack are smaller.
_LARGE_BODY = 32 * 1024
_UNREADABLE = "This is not what Slack sends: a form or JSON of a command, a click or an event."


class SlackEndpoint:
    """The HTTP endpoint for Slack, and for whoever pretends to be Slack."""

    def __init__(
        self,
        gate: Gate,
        app: AsyncApp,
        *,
        clock_watch: ClockWatch,
        tally: Tally,
        body_seconds: float = _BODY_SECONDS,
    ) -> None:
        self._gate = gate
        self._app = app
        self._clock_watch = clock_watch
        self._tally = tally
        self._body_seconds = body_seconds
        self._once = LogOnce()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer one POST. Only events get a 5xx, after which Slack sends them again: for anything
        else, Slack would show the person nothing but a code."""
        try:
            body = await _read(request, self._body_seconds)
        except TimeoutError:
            return self._refuse(request, "slow", 408)
        except (ConnectionError, web.RequestPayloadError):
            return self._refuse(request, "hung_up", 400)
        verdict = self._gate.admit(request.headers, body)
        if verdict is GateVerdict.CLOCK:
            return self._refuse_untimely(request)
        if verdict is GateVerdict.REPLAY:
            return web.Response()
        if verdict is not GateVerdict.ADMITTED:
            return self._refuse(request, verdict.name.lower(), verdict.http_status)
        self._clock_watch.agree()
        with caused(), span("slack request", transport="http"):
            return await self._dispatch(request, body)

    def _refuse(self, request: web.BaseRequest, reason: str, status: int) -> web.Response:
        self._tally.count("refused_at_gate", reason, peer=request.remote)
        return _refused(status, _UNREADABLE if status == GateVerdict.BAD_SHAPE.value else "")

    def _refuse_untimely(self, request: web.BaseRequest) -> web.Response:
        signed_at = int(request.headers["X-Slack-Request-Timestamp"])
        self._clock_watch.disagree(signed_at, request.headers["X-Slack-Signature"])
        self._tally.count(
            "refused_at_gate",
            "clock",
            level=logging.WARNING,
            peer=request.remote,
            seconds_ahead=self._clock_watch.ahead.total_seconds(),
            cure=str(SET_CLOCK),
        )
        return _refused(GateVerdict.CLOCK.http_status)

    async def _dispatch(self, request: web.BaseRequest, body: bytes) -> web.Response:
        headers = request.headers
        if len(body) > _LARGE_BODY:
            await asyncio.sleep(0)  # the gate has just parsed the body, and Bolt does so next
        try:
            bolt_request = AsyncBoltRequest(
                body=body.decode(),
                headers={"content-type": headers["Content-Type"]},
            )
            answer = await self._app.async_dispatch(bolt_request)
        except ValueError:
            self._once.note("request_unreadable", "no form and no JSON")
            return _refused(400, _UNREADABLE)
        except Exception as error:  # noqa: BLE001 - Bolt trusts the shape of whatever is signed
            # A bug in a listener does not get here: Bolt hands it to `Listeners.on_error`. It
            # would not help if Slack repeated a request of another shape, so acknowledge it.
            self._once.note("request_of_another_shape", type(error).__name__)
            return web.Response(text=_UNREADABLE)
        if answer.status >= 500:
            self._gate.forget(headers)
        return web.Response(
            status=answer.status,
            body=answer.body.encode(),
            headers={name: values[0] for name, values in answer.headers.items()},
        )


async def _read(request: web.BaseRequest, seconds: float) -> bytes:
    """Return the body, or more than LARGEST_BODY bytes for one that is too large. Raises
    TimeoutError, and what aiohttp raises if the client hangs up or sends malformed chunks."""
    if (request.content_length or 0) > LARGEST_BODY:
        return bytes(LARGEST_BODY + 1)
    if request.content.is_eof():
        return request.content.read_nowait()  # the body came with the headers, as from Slack
    body = bytearray()
    async with asyncio.timeout(seconds):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > LARGEST_BODY:
                break
    return bytes(body)


def _refused(status: int, words: str = "") -> web.Response:
    """Refuse and close the connection, because nobody wants to read the rest of the body."""
    response = web.Response(status=status, text=words)
    response.force_close()
    return response
