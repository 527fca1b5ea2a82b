"""Messages that bypass the outbox: late answers, whispers, announcements, modals, the Home tab."""

import asyncio
import ssl
from contextlib import suppress
from functools import partial

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import MessageRejected, MessengerError, MessengerUnavailable, Refusal
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.workspace_memory import WorkspaceMemory
from bot.core.subscription import Place
from bot.core.text import say
from bot.slack.blocks import Json
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import NO_PREVIEWS, SlackCalls
from bot.slack.outgoing.chart_refusal import ChartRefusal
from bot.slack.outgoing.counting import counted
from bot.slack.outgoing.response_url import is_trusted
from bot.slack.outgoing.text_alone import BLOCKS_REFUSED

_log = structlog.get_logger(__name__)


class SlackMessenger:
    """A sender of answers in the one workspace of a bot token, where it knows our identity.

    `api_url` also decides on which hosts a `response_url` is trusted; `memory` records which
    workspaces refuse newer blocks.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        timeout: float,
        proxy_url: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        memory: WorkspaceMemory | None = None,
        meter: Meter = UNMETERED,
    ) -> None:
        self._charts = ChartRefusal(memory)
        self.calls = SlackCalls(
            token=token,
            api_url=api_url,
            session=session,
            timeout=timeout,
            proxy_url=proxy_url,
            ssl_context=ssl_context,
            meter=meter,
        )
        self._session = session
        self._meter = meter
        self._timeout = timeout
        self._api_url = api_url
        self._proxy_url = proxy_url
        self.identity: Identity | None = None
        self.is_refused = False
        self._is_identified = asyncio.Event()

    @property
    def client(self) -> AsyncWebClient:
        """The official client, for Bolt."""
        return self.calls.client

    async def identify(self) -> Identity:
        """Ask Slack who we are. Raises MessageRejected or MessengerUnavailable."""
        try:
            answer = await self.calls.write("auth.test")
        except MessageRejected as error:
            self.is_refused = self.is_refused or error.refusal is Refusal.WORKSPACE
            raise
        self.is_refused = False
        scopes = answer.headers.get("x-oauth-scopes", "")
        self.identity = Identity(
            team_id=answer.part(str, "team_id"),
            enterprise_id=answer.data.get("enterprise_id") or "",
            team=answer.data.get("team", ""),
            bot_user_id=answer.part(str, "user_id"),
            bot_id=answer.data.get("bot_id", ""),
            name=str(answer.data.get("user") or ""),
            slack_time=answer.date,
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )
        self._is_identified.set()
        return self.identity

    async def until_identified(self, seconds: float) -> None:
        """Wait until Slack has said who we are, for so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_identified.wait()

    async def answer_late(
        self, response_url: str, message: Json, *, team_id: str, user_id: str
    ) -> None:
        """Answer a command or click after its acknowledgement; by DM if the URL is dead."""
        try:
            send = partial(self._use_response_url, response_url)
            await self._charts.send(team_id, message, send)
        except MessengerError:
            _log.warning("response_url_dead", user=user_id)
            await self.tell(team_id, user_id, message)

    async def tell(self, team_id: str, user_id: str, message: Json) -> None:
        """Send a direct message to one person; a failure is only logged."""
        parts: Json = {part: message[part] for part in ("text", "blocks") if part in message}
        try:
            await self._charts.send(
                team_id,
                parts,
                lambda one: self.calls.write(
                    "chat.postMessage",
                    channel=user_id,
                    **NO_PREVIEWS,
                    **one,
                ),
            )
        except MessengerError as error:
            _log.error("answer_lost", user=user_id, error=str(error))

    async def whisper(
        self, place: Place, user_id: str, message: Json, *, thread_ts: str | None
    ) -> None:
        """Post a message that only one person sees, where they wrote. Raises MessengerError."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        await self._charts.send(
            place.team_id,
            message,
            lambda one: self.calls.write(
                "chat.postEphemeral", channel=place.channel_id, user=user_id, **thread, **one
            ),
        )

    async def say(self, place: Place, message: Json, *, thread_ts: str | None) -> None:
        """Post a message that everybody sees, where somebody wrote. Raises MessengerError."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        await self._charts.send(
            place.team_id,
            message,
            lambda one: self.calls.write(
                "chat.postMessage",
                channel=place.channel_id,
                **NO_PREVIEWS,
                **thread,
                **one,
            ),
        )

    async def announce(self, place: Place, message: Json, *, signed: Json) -> None:
        """Post a message to a channel, then edit it to `signed`, which names the person who acted:
        Slack notifies nobody of a mention in an edit. Raises MessengerError."""
        posted = await self.calls.show(
            "chat.postMessage", channel=place.channel_id, **NO_PREVIEWS, **message
        )
        where = {"channel": posted.part(str, "channel"), "ts": posted.part(str, "ts")}
        await self.calls.show("chat.update", **where, **signed)

    async def publish_home(self, user_id: str, view: Json, *, version: str) -> str:
        """Publish a view on a person's Home tab and return its new version. With a `version`, Slack
        publishes only if it still shows that version. Raises MessengerError."""
        guard = {"hash": version} if version else {}
        answer = await self.calls.write("views.publish", user_id=user_id, view=view, **guard)
        published = answer.data.get("view")
        return str(published.get("hash") or "") if isinstance(published, dict) else ""

    async def open_modal(self, trigger_id: str, view: Json) -> str:
        """Open a modal within 3 s of the click and return its id. Raises MessengerError."""
        answer = await self.calls.write("views.open", trigger_id=trigger_id, view=view)
        return answer.part(str, "view", "id")

    async def update_modal(self, view_id: str, view: Json) -> None:
        """Replace the view of an open modal. Raises MessengerError."""
        await self.calls.write("views.update", view_id=view_id, view=view)

    async def unfurl(self, target: Json, cards: Json) -> None:
        """Put a card under each link of a message. Raises MessengerError."""
        await self.calls.write("chat.unfurl", unfurls=cards, **target)

    async def _use_response_url(self, response_url: str, message: Json) -> None:
        """Post to a response URL. Raises MessengerError, with Slack's code for refused blocks."""
        with counted("response_url", self._meter):
            await self._send_to(response_url, message)

    async def _send_to(self, response_url: str, message: Json) -> None:
        if not is_trusted(response_url, api_url=self._api_url):
            raise MessengerUnavailable(say("The response URL is not Slack's."))
        try:
            async with self._session.post(
                response_url,
                json=message,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                proxy=self._proxy_url,
            ) as answer:
                said = await answer.text(errors="replace")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MessengerUnavailable(say("The response URL did not answer.")) from error
        said = said[:_LONGEST_ANSWER]
        code = next((code for code in _LONGEST_FIRST if code in said), "")
        if answer.status != 200 or code:
            raise MessageRejected(
                say("The response URL is dead."),
                refusal=Refusal.CONTENT,
                code=code or str(answer.status),
            )


# A response URL answers `ok`, a code, or some JSON that contains a code.
_LONGEST_ANSWER = 1000
# One code may be the beginning of another, so the longest is looked for first.
_LONGEST_FIRST = sorted(BLOCKS_REFUSED, key=len, reverse=True)
