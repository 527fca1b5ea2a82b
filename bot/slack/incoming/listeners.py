"""Turns what Slack sends into Requests, and replies into what Slack takes.

`Any` ends here: Bolt hands over bodies of JSON, and nothing behind this file sees one.
"""

import asyncio
import re
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.core.cards.reply import Audience
from bot.core.commands.verbs import FORMS
from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.core.text import say
from bot.slack.blocks import Json
from bot.slack.contact import Channels, Contact
from bot.slack.controls import render_options
from bot.slack.events import LIFECYCLE_EVENTS
from bot.slack.incoming.answering import Answering, Answers
from bot.slack.incoming.bodies import BROKEN, Bodies, goes_late
from bot.slack.incoming.click_log import ClickLog, ClickLogger
from bot.slack.incoming.clicks import Clicks
from bot.slack.incoming.direct_messages import DirectMessages
from bot.slack.incoming.forms import Forms, asks_for_form, offered
from bot.slack.incoming.greeter import Greeter
from bot.slack.incoming.guests import Guests
from bot.slack.incoming.homes import Homes
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.late import LateWork, begin
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.links import Links
from bot.slack.incoming.offers import Greetings, Offers
from bot.slack.incoming.once import LogOnce, kind_of
from bot.slack.incoming.origin import (
    command_origin,
    event_origin,
    event_recipients,
    interaction_origin,
)
from bot.slack.incoming.reading import (
    is_of_a_bot,
    key_of,
    mention_text,
    request_of,
    typed_text,
)
from bot.slack.incoming.seen_events import SeenEvents, event_key
from bot.slack.incoming.shapes import kind_of_request, oddity_of
from bot.slack.incoming.shortcuts import Shortcuts
from bot.slack.incoming.submissions import Submissions, problems_at
from bot.slack.views import FORM_PREFIX

_log = structlog.get_logger(__name__)

# Slack gives up after 3 s (docs.slack.dev/interactivity/implementing-slash-commands).
ANSWER_IN_ACKNOWLEDGEMENT_SECONDS = 2.0

_WAITING = say("Still waiting for ModelArts…")

_EVERYTHING = re.compile(r".*")
_OUR_FORMS = re.compile(rf"\A{FORM_PREFIX}({'|'.join(FORMS)})\Z")
# No name or description that is searched is found by more.
_LONGEST_SEARCH = 500
# Slack sends an event again after it.
_LATER = BoltResponse(status=503, body="")


class Listeners:
    """One listener per kind of request; each answers every sentence by the same path."""

    def __init__(
        self,
        answers: Answers,
        contact: Contact,
        channels: Channels,
        late: LateWork,
        lifecycle: Lifecycle | None = None,
        *,
        offers: Offers,
        greetings: Greetings,
        clicks: ClickLog,
        languages: Languages,
        monotonic: Monotonic,
    ) -> None:
        """`lifecycle` takes the events about channels and the app itself."""
        self._answers = answers
        self._languages = languages
        self._answering = Answering(answers, contact, languages)
        self._submissions = Submissions(self._answering, late, languages)
        self.homes = Homes(answers, self._answering, contact, languages, monotonic=monotonic)
        self._forms = Forms(self._answering, contact, late, languages)
        self._bodies = Bodies()
        self._guests = Guests(contact, channels)
        self._once = LogOnce()
        self._late = late
        self._lifecycle = lifecycle
        self._seen = SeenEvents()
        self._greeter = Greeter(greetings, offers, contact, contact, languages)
        self._shortcuts = Shortcuts(offers, contact, self._guests, late, languages)
        self._links = Links(offers, contact, self._guests, self._seen, late, languages)
        self._direct = DirectMessages(
            self._answering, contact, self._guests, self._greeter, self._seen, late, languages
        )

        self._clicks = Clicks(
            self._answering,
            self._guests,
            languages,
            late,
            log=ClickLogger(clicks, late),
            forms=self._forms,
            homes=self.homes,
            shortcuts=self._shortcuts,
            links=self._links,
        )

    def turn_all_away(self) -> None:
        """From here on everybody hears that we restart, and Slack keeps its events."""
        self._guests.is_closing = True

    def stop_waiting(self) -> None:
        """Whoever still waits for an answer hears that, too."""
        self._answering.stop_waiting()

    def register(self, app: AsyncApp) -> None:
        """Register everything but commands. Bolt tries listeners in order, which costs time."""
        app.block_action(_EVERYTHING)(self._clicks.on_click)
        app.block_suggestion(_EVERYTHING)(self.on_options)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened")(self.on_home_opened)
        for event in LIFECYCLE_EVENTS:
            app.event(event)(self.on_lifecycle)
        app.view(_OUR_FORMS)(self.on_submission)
        for more in (self._direct, self._shortcuts, self._links):
            more.register(app)
        app.error(self.on_error)

    async def on_command(self, body: Json) -> BoltResponse:
        """Answer in the acknowledgement if that is quick enough, else through response_url."""
        user_id = body["user_id"]
        began = asyncio.get_running_loop().time()
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        team_id = await self._guests.admitting(command_origin(body))
        if team_id is None:
            language = self._languages.remembered(self._guests.home_id, user_id)
            return BoltResponse(status=200, body=language.plain(self._guests.farewell))
        text = typed_text(body.get("text") or "")
        key = key_of(body.get("trigger_id"))
        request = request_of(text, team_id, user_id, body.get("channel_id"), key=key)
        self._languages.prepare(team_id, user_id)
        replying = begin(self._answering.reply(request))
        if not replying.done():  # what waits for nothing is ready, and needs no timer
            self._late.keep(replying)
            is_form = asks_for_form(text)
            if is_form and await self._forms.announce(request, replying, body.get("trigger_id")):
                return BoltResponse(status=200, body="")
            await asyncio.wait({replying}, timeout=_left(began))
        if replying.done() and not goes_late(replying.result()):
            reply = replying.result()
            if await self._answering.opened(request, reply, body.get("trigger_id"), _left(began)):
                return BoltResponse(status=200, body="")
            if reply is not None and reply.audience is Audience.CHANNEL:
                self._late.start(self._answering.posted(request, reply))
            language = await self._languages.of_answer(request, reply)
            return BoltResponse(status=200, body=self._bodies.body_of(reply, language))
        response_url = body.get("response_url") or ""
        language = self._languages.remembered(team_id, user_id)
        waiting = "" if replying.done() else language.plain(_WAITING)
        self._late.start(self._answering.late(request, replying, response_url))
        return BoltResponse(status=200, body=waiting)

    async def on_options(self, ack: Any, body: Json) -> None:
        """Answer a search box from memory: Slack waits 3 s, and asks at every letter."""
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        team_id = await self._guests.admitting(interaction_origin(body))
        typed = (body.get("value") or "")[:_LONGEST_SEARCH]
        if team_id is None or not typed:
            await ack(render_options(()))
            return
        language = await self._languages.of(team_id, body["user"]["id"])
        found = offered(body.get("view"), typed, self._answers.suggest(team_id, typed))
        await ack(render_options(found, language))

    async def on_submission(self, ack: Any, body: Json) -> None:
        """Answer a form in the acknowledgement: nothing else reaches a field of it."""
        began = asyncio.get_running_loop().time()
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        team_id = await self._guests.admitting(interaction_origin(body))
        if team_id is None:
            problems = {"": self._guests.farewell}
            language = self._languages.remembered(self._guests.home_id, body["user"]["id"])
            await ack(problems_at(body["view"], problems, language))
            return
        await ack(await self._submissions.answer(body, team_id, seconds=_left(began)))

    async def on_mention(self, ack: Any, body: Json) -> BoltResponse | None:
        """The same grammar after `@visjob`, which also works in threads. Acknowledged with its
        answer, if that is quick enough: if we die before, Slack sends it to another replica."""
        if self._guests.is_closing:
            return _LATER
        await ack()
        began = asyncio.get_running_loop().time()
        event = body["event"]
        if is_of_a_bot(event):
            return None
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        home = self._guests.home
        if self._seen.is_repeated(body) or home is None or event.get("user") == home.bot_user_id:
            return None
        team_id = await self._guests.admitting(event_origin(body))
        if team_id is None or "user" not in event:
            return None
        request = request_of(
            mention_text(event.get("text") or "", own_id=home.bot_user_id),
            team_id,
            event["user"],
            event.get("channel"),
            key=event_key(body),
            thread_ts=event.get("thread_ts"),
            is_mention=True,
        )
        self._languages.prepare(team_id, request.user_id)
        answering = begin(self._answering.mention(request, event))
        if not answering.done():
            await asyncio.wait({answering}, timeout=_left(began))
        self._late.keep(answering)
        return None

    async def on_home_opened(self, ack: Any, body: Json) -> BoltResponse | None:
        """Draw the Home tab from memory."""
        if self._guests.is_closing:
            return _LATER
        await ack()
        event = body["event"]
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if event.get("tab") != "home":
            return None
        team_id = await self._guests.admitting(event_origin(body))
        if team_id is not None:
            view = event.get("view")
            self._late.start(self.homes.draw(team_id, event["user"], view=view))
        return None

    async def on_lifecycle(self, ack: Any, body: Json) -> BoltResponse | None:
        """A channel or the app itself changed. Acknowledge once the database has recorded it:
        Slack sends the event again otherwise."""
        await self._guests.learn_home(ANSWER_IN_ACKNOWLEDGEMENT_SECONDS)
        if self._guests.home is None or self._guests.is_closing:
            return _LATER
        team_id = self._guests.receiving(event_recipients(body))
        try:
            if self._lifecycle and team_id is not None:
                await self._lifecycle.hear(team_id, body)
                if greeting := await self._greeter.greeting(team_id, body):
                    self._late.start(greeting)
        except ValueError:
            self._once.note("event_unreadable", kind_of(body))
        except StoreUnavailable as error:
            _log.warning("event_not_kept", event_type=body["event"]["type"], error=str(error))
            return _LATER
        await ack()
        return None

    def refuse(self, body: Json, oddity: str) -> BoltResponse:
        """Say what is odd about a signed request; sent again, it would be no better."""
        self._once.note("request_odd", f"{kind_of_request(body)}: {oddity}")
        words = say("I cannot read this request of Slack's: {oddity}.", oddity=oddity)
        return BoltResponse(status=200, body=self._languages.usual.plain(words))

    async def on_error(self, error: Exception, body: Json) -> BoltResponse:
        """What is odd, what we have no use for, or a bug in a listener. Never a 404, for which
        Slack switches an app off, nor a 5xx, which it shows as `operation_timeout`."""
        if isinstance(error, BoltUnhandledRequestError):
            self._once.note("request_unused", kind_of(error.body))
            return BoltResponse(status=200, body="")
        if oddity := oddity_of(body):  # Bolt itself stumbled
            return self.refuse(body, oddity)
        _log.error("listener_failed", exc_info=error)
        return BoltResponse(status=200, body=self._languages.usual.plain(BROKEN))


def _left(began: float) -> float:
    """The seconds that are left for an answer in the acknowledgement."""
    spent = asyncio.get_running_loop().time() - began
    return ANSWER_IN_ACKNOWLEDGEMENT_SECONDS - spent
