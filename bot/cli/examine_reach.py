"""The rows of `visjob doctor` on our address, channels, operators, and the dead man's URL."""

import json
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.cli.rows import failed, ok, warning
from bot.config import Settings
from bot.core.errors import MessengerError
from bot.core.foreign_words import foreign_sentence
from bot.core.health import Check
from bot.core.listed import first_of
from bot.core.subscription import Place
from bot.core.text import Text, Words, enumeration, say, sentences
from bot.serve.adapters import revealed, trusted
from bot.serve.clock import utc_now
from bot.serve.deadman import fetch
from bot.slack.manifest import PATH
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.operators import read_members
from bot.store.store import SqlStore

_SECONDS = 10.0
# Slack's rate limit would make more of them take minutes.
_MOST_CHANNELS = 50
_MOST_NAMED = 10
_LARGEST_ANSWER = 10_000

CHANNELS = say("channels")
_OPERATORS = say("operators")
_NO_GATEWAY = say("the proxy there does not reach `visjob serve`: is it running, and on that port?")
_BY_STATUS = {
    401: say("what serves there has another SLACK_SIGNING_SECRET, or its clock or ours is off"),
    403: say("something in front of the bot refuses: let POST requests to it pass"),
    404: say(
        "nothing serves {path} there: pass this path on to the port of `visjob serve`", path=PATH
    ),
    405: say("something in front of the bot takes no POST there"),
    502: _NO_GATEWAY,
    503: _NO_GATEWAY,
    504: _NO_GATEWAY,
}


async def public_row(settings: Settings, url: str) -> Check:
    """Send the signed request by which Slack verifies an address to our own address."""
    name, address = say("public address"), f"{url}{PATH}"
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
            session = await open_session(settings, stack)
            answer = await stack.enter_async_context(
                session.post(address, data=body, headers=headers, allow_redirects=False)
            )
            status, said = answer.status, await answer.content.read(_LARGEST_ANSWER)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        found = say(
            "{address} cannot be reached ({error})", address=address, error=type(error).__name__
        )
        cure = say("check the name, the certificate and the proxy in front of it")
        return failed(name, found, cure)
    if status == 200 and challenge.encode() in said:
        return ok(name, say("a signed request to {address} is accepted", address=address))
    return _unlike_us(name, address, status)


def _unlike_us(name: Words, address: str, status: int) -> Check:
    if 300 <= status < 400:
        found = say("{address} redirects (HTTP {status})", address=address, status=status)
        cure = say("give Slack the address that it leads to: Slack follows no redirect")
        return failed(name, found, cure)
    found = say(
        "{address} answers a signed request with HTTP {status}", address=address, status=status
    )
    other = say("what answers there is not this bot: check the address")
    return failed(name, found, _BY_STATUS.get(status, other))


async def channels_row(messenger: SlackMessenger, store: SqlStore, team_id: str) -> Check:
    """Check that the bot may post to each channel with a subscription."""
    conversations = SlackConversations(messenger.calls, identity=lambda: messenger.identity)
    followed = await store.subscribed_channels(team_id)
    asked, closed = first_of(followed, _MOST_CHANNELS), []
    for channel_id in asked:
        try:
            place = Place(team_id=team_id, channel_id=channel_id)
            if await conversations.can_post(place) is False:
                closed.append(channel_id)
        except MessengerError as error:
            said = sentences(error.sentence, foreign_sentence("", error.code))
            found = say("{channel}: {words}", channel=channel_id, words=said)
            return warning(CHANNELS, found, error.hint)
    if closed:
        cure = say(
            "type {invitation} there: what waits is posted then",
            invitation=conversations.invitation,
        )
        return warning(CHANNELS, _not_in(closed), cure)
    found = say("{number} that follow something, and the bot is in each", number=len(asked))
    if more := len(followed) - len(asked):
        found = say("{found}; {number} more were not asked for", found=found, number=more)
    return ok(CHANNELS, found)


def _not_in(closed: list[str]) -> Text:
    named = first_of(closed, _MOST_NAMED)
    found = say("not in {channels}, which follow something", channels=enumeration(named))
    more = len(closed) - len(named)
    return say("{found} (and {number} more)", found=found, number=more) if more else found


async def operators_row(messenger: SlackMessenger, group_ids: Sequence[str]) -> Check:
    """Check that Slack lists the members of each user group of operators."""
    for group_id in group_ids:
        try:
            members = await read_members(messenger.calls, group_id)
        except MessengerError as error:
            said = sentences(error.sentence, foreign_sentence("", error.code))
            found = say("user group {group} cannot be read: {words}", group=group_id, words=said)
        else:
            if members:
                continue
            found = say("nobody is in user group {group}", group=group_id)
        cure = say("check VISJOB_OPERATORS: through such a group nobody may stop or restart jobs")
        return warning(_OPERATORS, found, cure)
    return ok(_OPERATORS, say("the members of {groups} can be read", groups=enumeration(group_ids)))


async def deadman_row(settings: Settings) -> Check:
    """Check that the host answers. Fetching the URL itself would report that all is well."""
    name = say("deadman URL")
    parts = urlsplit(revealed(settings.deadman_url) or "")
    host = parts.hostname or ""
    async with AsyncExitStack() as stack:
        session = await open_session(settings, stack)
        said = await fetch(
            f"{parts.scheme}://{parts.netloc}/", session, proxy_url=revealed(settings.proxy_url)
        )
    if said and not str(said).startswith("HTTP "):
        cure = say("check VISJOB_DEADMAN_URL, VISJOB_PROXY_URL, and whether this host may reach it")
        return failed(name, say("{host} does not answer ({why})", host=host, why=said), cure)
    found = say("{host} answers; only `visjob serve` fetches the URL itself", host=host)
    return ok(name, found)


async def open_session(settings: Settings, stack: AsyncExitStack) -> aiohttp.ClientSession:
    """Open an HTTP session with the certificates of the settings; `stack` closes it."""
    return await stack.enter_async_context(
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusted(settings.ca_file) or True),
            timeout=aiohttp.ClientTimeout(total=_SECONDS),
        )
    )
