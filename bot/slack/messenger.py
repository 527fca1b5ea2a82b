"""What the bot says to Slack on its own account: late answers, whispers, the Home tab."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import MessageRejected, MessengerError, MessengerUnavailable
from bot.slack.blocks import Json

_log = structlog.get_logger(__name__)

# docs.slack.dev/interactivity/handling-user-interaction#message_responses
_RESPONSE_URL_HOST = "hooks.slack.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot token says we are."""

    team_id: str
    team: str
    bot_user_id: str
    #: Granted scopes, optional ones included.
    scopes: frozenset[str]


class SlackMessenger:
    """Calls Slack without ever repeating a call by itself: a repeated post is a second message.

    `api_url` also names the only other host on which a `response_url` is trusted.
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
    ) -> None:
        # The token goes into each call: the client is handed to Bolt, which copies it about.
        self._authorization = {"Authorization": f"Bearer {token}"}
        self.client = AsyncWebClient(
            base_url=api_url,
            session=session,
            timeout=int(timeout),
            ssl=ssl_context,
            retry_handlers=[],
        )
        # The client reads the usual proxy variables when it is given none; we have our own.
        self.client.proxy = proxy_url
        self._session = session
        self._timeout = timeout
        self._own_origin = urlsplit(api_url)
        self.identity: Identity | None = None

    async def identify(self) -> Identity:
        """Ask Slack who we are. Raises MessageRejected or MessengerUnavailable."""
        answer = await self._call("auth.test")
        scopes = answer.headers.get("x-oauth-scopes", "")
        self.identity = Identity(
            team_id=answer.get("team_id", ""),
            team=answer.get("team", ""),
            bot_user_id=answer.get("user_id", ""),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )
        return self.identity

    async def answer_late(self, response_url: str, message: Json, *, user_id: str) -> None:
        """Answer a command or click whose acknowledgement is gone; by DM if the URL is dead."""
        if await self._use_response_url(response_url, message):
            return
        _log.warning("response_url_dead", user=user_id)
        try:
            await self._call(
                "chat.postMessage",
                channel=user_id,
                **{part: message[part] for part in ("text", "blocks") if part in message},
                unfurl_links=False,
                unfurl_media=False,
            )
        except MessengerError as error:
            _log.error("answer_lost", user=user_id, error=str(error))

    async def whisper(
        self, channel_id: str, user_id: str, message: Json, *, thread_ts: str | None
    ) -> None:
        """Say something to one person where they wrote. Raises MessengerError."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        await self._call(
            "chat.postEphemeral", channel=channel_id, user=user_id, **thread, **message
        )

    async def say(self, channel_id: str, message: Json, *, thread_ts: str | None) -> None:
        """Say something to everybody where somebody wrote. Raises MessengerError."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        await self._call(
            "chat.postMessage",
            channel=channel_id,
            unfurl_links=False,
            unfurl_media=False,
            **thread,
            **message,
        )

    async def publish_home(self, user_id: str, view: Json) -> None:
        """Put a view on somebody's Home tab. Raises MessengerError."""
        await self._call("views.publish", user_id=user_id, view=view)

    async def open_modal(self, trigger_id: str, view: Json) -> str:
        """Open a modal within 3 s of the click; its id. Raises MessengerError."""
        answer = await self._call("views.open", trigger_id=trigger_id, view=view)
        return str(answer["view"]["id"])

    async def update_modal(self, view_id: str, view: Json) -> None:
        """Put another view in its place. Raises MessengerError."""
        await self._call("views.update", view_id=view_id, view=view)

    async def _use_response_url(self, response_url: str, message: Json) -> bool:
        if not self._is_trusted(response_url):
            return False
        try:
            async with self._session.post(
                response_url,
                json=message,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                proxy=self.client.proxy,
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _is_trusted(self, response_url: str) -> bool:
        try:
            url = urlsplit(response_url)
            port = url.port
        except ValueError:
            return False
        if url.username or url.password:
            return False
        if url.scheme == "https" and url.hostname == _RESPONSE_URL_HOST:
            return port in (None, 443)
        own = self._own_origin
        return (url.scheme, url.hostname, port) == (own.scheme, own.hostname, own.port)

    async def _call(self, method: str, **arguments: Any) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await self.client.api_call(
                    method, json=arguments, headers=self._authorization
                )
        except SlackApiError as error:
            raise _translated(method, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MessengerUnavailable(
                f"Slack did not answer {method}.",
                hint="See status.slack.com and whether this host may reach Slack.",
            ) from error


# Slack's answers after which nobody knows whether the call took effect
# (docs.slack.dev/reference/methods/chat.postMessage#errors).
_UNCLEAR = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}


def _translated(method: str, error: SlackApiError) -> MessengerError:
    answer = error.response
    code = str(answer.get("error", "")) if isinstance(answer.data, dict) else ""
    if not code or code in _UNCLEAR:
        return MessengerUnavailable(f"Slack gave no clear answer to {method}.", code=code)
    hint = _CURES.get(code, "")
    if code == "missing_scope":
        hint = f"Reinstall the app with the scope {answer.get('needed', '')}."
    return MessageRejected(f"Slack refused {method}.", hint=hint, code=code)


_CURES = {
    "invalid_auth": "SLACK_BOT_TOKEN is not a token of this workspace: copy it again.",
    "not_authed": "Set SLACK_BOT_TOKEN.",
    "token_revoked": "Reinstall the app and set the new SLACK_BOT_TOKEN.",
    "token_expired": "Turn token rotation off for the app, or reinstall it.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "ratelimited": "Slack asks us to slow down; it clears by itself.",
}
