"""What `visjob doctor` tries from outside in: our public address, the channels, the dead man."""

import json
import secrets
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.cli.rows import failed, ok, warning
from bot.config import Settings
from bot.core.errors import MessengerError
from bot.core.health import Check
from bot.core.subscription import Place
from bot.serve.adapters import revealed, trusted
from bot.serve.clock import utc_now
from bot.serve.deadman import fetch
from bot.slack.manifest import PATH
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger
from bot.store.store import SqlStore

_SECONDS = 10.0
# More would take minutes, at Slack's pace.
_MOST_CHANNELS = 50
_MOST_NAMED = 10
_LARGEST_ANSWER = 10_000

_BY_STATUS = {
    401: "what serves there has another SLACK_SIGNING_SECRET, or its clock or ours is off",
    403: "something in front of the bot refuses: let POST requests to it pass",
    404: f"nothing serves {PATH} there: pass this path on to the port of `visjob serve`",
    405: "something in front of the bot takes no POST there",
    502: "the proxy there does not reach `visjob serve`: is it running, and on that port?",
    503: "the proxy there does not reach `visjob serve`: is it running, and on that port?",
    504: "the proxy there does not reach `visjob serve`: is it running, and on that port?",
}


async def public_row(settings: Settings, url: str) -> Check:
    """Send ourselves what Slack sends to prove an address, signed as Slack signs it."""
    name, address = "public address", f"{url}{PATH}"
    secret = settings.slack_signing_secrets[0].get_secret_value()
    challenge = secrets.token_urlsafe(16)
    body = json.dumps({"type": "url_verification", "token": "doctor", "challenge": challenge})
    timestamp = str(int(utc_now().timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }
    try:
        async with AsyncExitStack() as stack:
            session = await _session(settings, stack)
            answer = await stack.enter_async_context(
                session.post(address, data=body, headers=headers, allow_redirects=False)
            )
            status, said = answer.status, await answer.content.read(_LARGEST_ANSWER)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        found = f"{address} cannot be reached ({type(error).__name__})"
        return failed(name, found, "check the name, the certificate and the proxy in front of it")
    if status == 200 and challenge.encode() in said:
        return ok(name, f"a signed request to {address} is accepted")
    if 300 <= status < 400:
        cure = "give Slack the address that it leads to: Slack follows no redirect"
        return failed(name, f"{address} redirects (HTTP {status})", cure)
    cure = _BY_STATUS.get(status, "what answers there is not this bot: check the address")
    return failed(name, f"{address} answers a signed request with HTTP {status}", cure)


async def channels_row(messenger: SlackMessenger, store: SqlStore, team_id: str) -> Check:
    """Whether the bot may post to each channel that follows something."""
    name = "channels"
    conversations = SlackConversations(messenger.calls, identity=lambda: messenger.identity)
    followed = await store.subscribed_channels(team_id)
    asked, closed = followed[:_MOST_CHANNELS], []
    for channel_id in asked:
        try:
            place = Place(team_id=team_id, channel_id=channel_id)
            if await conversations.can_post(place) is False:
                closed.append(channel_id)
        except MessengerError as error:
            return warning(name, f"{channel_id}: {error} {error.code}".strip(), error.hint)
    if closed:
        found = f"not in {', '.join(closed[:_MOST_NAMED])}, which follow something"
        more = len(closed) - _MOST_NAMED
        cure = f"type {conversations.invitation} there: what waits is posted then"
        return warning(name, f"{found} (and {more} more)" if more > 0 else found, cure)
    rest = f"; {len(followed) - len(asked)} more were not asked for" if followed != asked else ""
    return ok(name, f"{len(asked)} that follow something, and the bot is in each{rest}")


async def deadman_row(settings: Settings) -> Check:
    """Whether its host answers. The URL itself is not fetched: that would say that all is well."""
    name = "deadman URL"
    parts = urlsplit(revealed(settings.deadman_url) or "")
    async with AsyncExitStack() as stack:
        session = await _session(settings, stack)
        said = await fetch(
            f"{parts.scheme}://{parts.netloc}/", session, proxy_url=revealed(settings.proxy_url)
        )
    if said and not said.startswith("HTTP "):
        cure = "check VISJOB_DEADMAN_URL, VISJOB_PROXY_URL, and whether this host may reach it"
        return failed(name, f"{parts.hostname} does not answer ({said})", cure)
    return ok(name, f"{parts.hostname} answers; only `visjob serve` fetches the URL itself")


async def _session(settings: Settings, stack: AsyncExitStack) -> aiohttp.ClientSession:
    return await stack.enter_async_context(
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusted(settings.ca_file) or True),
            timeout=aiohttp.ClientTimeout(total=_SECONDS),
        )
    )
