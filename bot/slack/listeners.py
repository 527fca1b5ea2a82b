"""What Slack sends, as Requests; what the Responder replies, as Slack takes it.

`Any` ends here: Bolt hands over bodies of JSON, and nothing behind this file sees one.
"""

import asyncio
import json
import re
import sys
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.card import Audience, Card, Choice, Person, Reply
from bot.core.command import Request
from bot.core.errors import MessengerError, StoreUnavailable
from bot.slack.blocks import LINK, RENEW, Json, render, render_options
from bot.slack.guests import Guests
from bot.slack.late import LateWork
from bot.slack.lifecycle import LIFECYCLE_EVENTS, Lifecycle
from bot.slack.messenger import SlackMessenger
from bot.slack.reading import clicked_sentence, request_of, typed_text
from bot.slack.views import LOADING, home_view, modal_view

_log = structlog.get_logger(__name__)

# Slack gives up after 3 s (docs.slack.dev/interactivity/implementing-slash-commands).
ANSWER_IN_ACKNOWLEDGEMENT_SECONDS = 2.0

_EVERYTHING = re.compile(r".*")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_BROKEN = "Something went wrong on my side; it is in my log. Please try again."


class Answers(Protocol):
    """What the listeners need of the Responder."""

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence."""

    def suggest(self, typed: str) -> tuple[Choice, ...]:
        """Choices for a search box, from memory."""

    async def overview(self, team_id: str, user_id: str) -> tuple[Card, ...]:
        """The cards of a person's own page; the cloud is never asked."""


class Listeners:
    """One listener per kind of request; each answers every sentence by the same path."""

    def __init__(
        self,
        answers: Answers,
        messenger: SlackMessenger,
        late: LateWork,
        lifecycle: Lifecycle | None = None,
    ) -> None:
        """`lifecycle` hears what becomes of channels and of the app itself."""
        self._answers = answers
        self._messenger = messenger
        self._guests = Guests(messenger)
        self._late = late
        self._lifecycle = lifecycle
        self._events_seen: OrderedDict[str, None] = OrderedDict()

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt of all but commands. Each listener tried in vain costs time."""
        app.action(_EVERYTHING)(self.on_click)
        app.options(_EVERYTHING)(self.on_options)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened")(self.on_home_opened)
        for event in LIFECYCLE_EVENTS:
            app.event(event)(self.on_lifecycle)
        # Slack switches off an app that answers 404: what we have no use for is welcome too.
        app.event(_EVERYTHING)(self.on_anything_else)
        app.shortcut(_EVERYTHING)(self.on_anything_else)
        app.view(_EVERYTHING)(self.on_anything_else)
        app.error(on_error)

    async def on_command(self, body: Json) -> BoltResponse:
        """Answer in the acknowledgement if that is quick enough, else through response_url."""
        user_id = body["user_id"]
        began = asyncio.get_running_loop().time()
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if self._guests.is_stranger(body.get("team_id")):
            return BoltResponse(status=200, body=self._guests.farewell)
        text = typed_text(body.get("text") or "")
        request = request_of(text, body.get("team_id", ""), user_id, body.get("channel_id"))
        replying = _begin(self._reply(request))
        if not replying.done():  # what waits for nothing is ready, and needs no timer
            spent = asyncio.get_running_loop().time() - began
            await asyncio.wait({replying}, timeout=ANSWER_IN_ACKNOWLEDGEMENT_SECONDS - spent)
        if replying.done():
            return BoltResponse(status=200, body=_encoded(replying.result()))
        self._late.start(self._answer_command_late(replying, body["response_url"], user_id))
        return BoltResponse(status=200, body="On it: the cloud takes its time…")

    async def on_click(self, ack: Any, body: Json) -> None:
        """Acknowledge at once; the answer comes through response_url, or in a modal."""
        await ack()
        action = body["actions"][0]
        if action["action_id"].startswith(LINK):
            return
        sentence = clicked_sentence(action)
        team_id = body["user"].get("team_id") or (body.get("team") or {}).get("id", "")
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if self._guests.is_stranger(team_id):
            self._late.start(self._turn_away(body))
            return
        channel_id = (body.get("channel") or {}).get("id")
        request = request_of(sentence, team_id, body["user"]["id"], channel_id)
        if body.get("response_url"):
            self._late.start(self._answer_click(request, body))
        else:
            self._late.start(self._answer_in_modal(request, body))

    async def on_options(self, ack: Any, body: Json) -> None:
        """Serve a search box from memory: Slack waits 3 s and asks at every letter."""
        team_id = body["user"].get("team_id") or (body.get("team") or {}).get("id", "")
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        typed = "" if self._guests.is_stranger(team_id) else body.get("value") or ""
        await ack(render_options(self._answers.suggest(typed) if typed else ()))

    async def on_mention(self, ack: Any, body: Json) -> None:
        """The same grammar after `@visjob`, which also works in threads."""
        await ack()
        event = body["event"]
        team_id = event.get("user_team") or event.get("team") or body.get("team_id", "")
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if self._is_repeated(body) or "user" not in event or self._guests.is_stranger(team_id):
            return
        text = typed_text(_MENTION.sub(" ", event.get("text", ""), count=1))
        request = request_of(text, team_id, event["user"], event.get("channel"))
        self._late.start(self._answer_mention(request, event))

    async def on_home_opened(self, ack: Any, body: Json) -> None:
        """Draw the Home tab from memory."""
        await ack()
        event = body["event"]
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if event.get("tab") == "home" and not self._guests.is_stranger(body.get("team_id")):
            self._late.start(self._publish_home(body["team_id"], event["user"]))

    async def on_lifecycle(self, ack: Any, body: Json) -> BoltResponse | None:
        """A channel or the app itself changed. Acknowledged when the database has it: Slack
        sends again what is not acknowledged."""
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if not self._guests.knows_home:
            return BoltResponse(status=503, body="")
        try:
            if self._lifecycle and not self._guests.is_stranger(body.get("team_id")):
                await self._lifecycle.hear(body)
        except StoreUnavailable as error:
            _log.warning("event_not_kept", event_type=body["event"]["type"], error=str(error))
            return BoltResponse(status=503, body="")
        await ack()
        return None

    async def on_anything_else(self, ack: Any) -> None:
        """Acknowledge, so that Slack does not count it as a failure."""
        await ack()

    async def _reply(self, request: Request) -> Reply | None:
        """None means a bug of ours: the log has it, and the asker is told."""
        try:
            return await self._answers.respond(request)
        except Exception:  # noqa: BLE001 - one typed sentence must never take the listener down
            _log.exception("reply_failed", user=request.user_id)
            return None

    async def _answer_command_late(
        self, replying: "asyncio.Task[Reply | None]", response_url: str, user_id: str
    ) -> None:
        message = {**_message(await replying), "replace_original": False}
        await self._messenger.answer_late(response_url, message, user_id=user_id)

    async def _answer_click(self, request: Request, body: Json) -> None:
        reply = await self._reply(request)
        if reply and reply.audience is Audience.CHANNEL:
            reply = _attributed(reply, request.user_id)
        message = {**_message(reply), **_place(reply, body)}
        await self._messenger.answer_late(body["response_url"], message, user_id=request.user_id)

    async def _turn_away(self, body: Json) -> None:
        message = {"text": self._guests.farewell, "replace_original": False}
        if body.get("response_url"):
            user_id = body["user"]["id"]
            await self._messenger.answer_late(body["response_url"], message, user_id=user_id)

    async def _answer_in_modal(self, request: Request, body: Json) -> None:
        """A click on the Home tab or in a modal: open at once, fill in when the answer is there."""
        view = body.get("view") or {}
        try:
            if view.get("type") == "modal":
                view_id = view["id"]
            else:
                view_id = await self._messenger.open_modal(body["trigger_id"], LOADING)
            reply = await self._reply(request)
            await self._messenger.update_modal(view_id, modal_view(reply.card if reply else None))
        except MessengerError as error:
            _log.warning("modal_failed", user=request.user_id, error=str(error), code=error.code)

    async def _answer_mention(self, request: Request, event: Json) -> None:
        reply = await self._reply(request)
        message = render(reply.card) if reply else {"text": _BROKEN, "blocks": []}
        thread_ts = event.get("thread_ts")
        try:
            if reply and reply.audience is Audience.CHANNEL:
                await self._messenger.say(event["channel"], message, thread_ts=thread_ts)
            else:
                await self._messenger.whisper(
                    event["channel"], request.user_id, message, thread_ts=thread_ts
                )
        except MessengerError as error:
            _log.warning("mention_unanswered", user=request.user_id, code=error.code)

    async def _publish_home(self, team_id: str, user_id: str) -> None:
        cards = await self._answers.overview(team_id, user_id)
        try:
            await self._messenger.publish_home(user_id, home_view(cards))
        except MessengerError as error:
            _log.warning("home_failed", user=user_id, error=str(error), code=error.code)

    def _is_repeated(self, body: Json) -> bool:
        """True if Slack sends this event again (it does, after a slow or lost answer)."""
        event_id = str(body.get("event_id"))
        if event_id in self._events_seen:
            return True
        self._events_seen[event_id] = None
        if len(self._events_seen) > _EVENTS_REMEMBERED:
            self._events_seen.popitem(last=False)
        return False


_EVENTS_REMEMBERED = 10_000


async def on_error(error: Exception) -> BoltResponse:
    """A bug in a listener: never a 5xx, which Slack shows as `operation_timeout`."""
    _log.error("listener_failed", exc_info=error)
    return BoltResponse(status=200, body=_BROKEN)


def _begin(work: Coroutine[Any, Any, Reply | None]) -> "asyncio.Task[Reply | None]":
    """A task that has run as far as it can without waiting, where Python can do that."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=loop, eager_start=True)
    else:  # noqa: RET505 - for the type checker one of the two is not there
        return loop.create_task(work)


# A crowd asks for the same few jobs, and everybody for the same help.
@lru_cache(maxsize=64)
def _encoded(reply: Reply | None) -> str:
    return json.dumps(_message(reply))


def _message(reply: Reply | None) -> Json:
    if reply is None:
        return {"response_type": "ephemeral", "text": _BROKEN}
    in_channel = reply.audience is Audience.CHANNEL
    return {
        "response_type": "in_channel" if in_channel else "ephemeral",
        **render(reply.card),
    }


def _place(reply: Reply | None, body: Json) -> Json:
    """Whether the answer to a click takes the place of the message that was clicked."""
    if reply and reply.audience is Audience.CHANNEL:
        return {"replace_original": False}
    is_private = bool(body.get("container", {}).get("is_ephemeral"))
    renews = body["actions"][0]["action_id"].startswith(RENEW)
    # A card that all can see keeps the last truth; only who clicked hears that it is old.
    if renews and not is_private and reply and not reply.is_problem:
        return {"response_type": "in_channel", "replace_original": True}
    return {"replace_original": is_private}


def _attributed(reply: Reply, user_id: str) -> Reply:
    card = reply.card
    return replace(reply, card=replace(card, notes=(*card.notes, ("shared by ", Person(user_id)))))
