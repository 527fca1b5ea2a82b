"""Measure posting one message many times, twenty at once: our sender and the stock client."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bench.meter import Measured, Meter
from bench.watch_cloud import utc_now
from bench.watch_store import TEAM
from bench.watch_stub import CHANNEL, PROJECT, members_of
from bot.core.cards.changes.changes import delivery_card
from bot.core.change import StatusChange, Step
from bot.core.delivery import ChangeDelivery, Delivery
from bot.core.delivery_ids import (
    delivery_id,
)
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, Place
from bot.modelarts.payload import decode_job
from bot.slack.blocks import render
from bot.slack.contact import INVITATION
from bot.slack.outgoing.calls import SlackCalls, without_redirects
from bot.slack.outgoing.deliveries import DeliverySender
from bot.slack.outgoing.metadata import receipt

_POSTS = 2_000
_AT_ONCE = 20
_HOSTS = ("console.huaweicloud.com",)


async def ours(url: str) -> Measured:
    """Measure rendering and posting deliveries of one change, as the courier does it."""
    connector = aiohttp.TCPConnector(ssl=_trusting(url) or True)
    async with aiohttp.ClientSession(
        connector=connector, trace_configs=[without_redirects()]
    ) as session:
        calls = SlackCalls(token="xoxb-1-bench", api_url=f"{url}/api/", session=session, timeout=10)
        sender = DeliverySender(calls, identity=lambda: None, link_hosts=_HOSTS)
        delivery = _delivery()
        return await _repeat(lambda: sender.post(delivery))


async def stock(url: str) -> Measured:
    """Measure `chat_postMessage` of the stock client, with a message that is rendered before."""
    client = AsyncWebClient(token="xoxb-1-bench", base_url=f"{url}/api/", ssl=_trusting(url))
    delivery = _delivery()
    message = render(delivery_card(delivery, link_hosts=_HOSTS, invitation=INVITATION))
    metadata = receipt(delivery)

    async def post() -> None:
        await client.chat_postMessage(
            channel=CHANNEL, metadata=metadata, unfurl_links=False, unfurl_media=False, **message
        )

    return await _repeat(post)


async def _repeat(post: Callable[[], Awaitable[object]]) -> Measured:
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one() -> None:
        async with limit:
            await post()

    await post()
    with Meter() as meter:
        await asyncio.gather(*(one() for _ in range(_POSTS)))
    return meter.measured(_POSTS)


def _trusting(url: str) -> ssl.SSLContext | None:
    """Return a context that trusts any certificate, because the stub's was made a moment ago."""
    if not url.startswith("https"):
        return None
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _delivery() -> Delivery:
    now = utc_now()
    job = decode_job(members_of(205), asked=JobId(205), read_at=now)
    change = StatusChange(
        team_id=TEAM,
        project_id=PROJECT,
        job=job,
        sequence=1,
        step=Step(7, 8),
        seen_at=now,
        last_seen_at=now - timedelta(seconds=30),
    )
    place = Place(team_id=TEAM, channel_id=CHANNEL)
    return ChangeDelivery(
        id=delivery_id(place, change),
        place=place,
        project_id=PROJECT,
        change=change,
        delivery_mode=DeliveryMode.THREAD,
        card=None,
        attempts=1,
        epoch=1,
        intent_at=None,
    )
