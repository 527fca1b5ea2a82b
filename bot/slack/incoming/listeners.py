"""Turn Slack's payloads into Requests, and replies into what Slack accepts.

Bolt passes untyped bodies of JSON. They stay in this package: what leaves it is typed.
"""

import asyncio
import re
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.core.commands.verbs.registry import FORMS
from bot.core.eager_tasks import begin
from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.core.text import say
from bot.slack.blocks import Json
from bot.slack.contact import Channels, Contact
from bot.slack.controls import render_options
from bot.slack.events import LIFECYCLE_EVENTS
from bot.slack.incoming.admission import ANSWER_SECONDS, LATER, Admission
from bot.slack.incoming.answer_claims import AnswerClaims
from bot.slack.incoming.answering import Answering, Answers
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bodies import BROKEN, Bodies, goes_late, is_public
from bot.slack.incoming.click_log import ClickLog, ClickLogger
from bot.slack.incoming.clicks import Clicks
from bot.slack.incoming.direct_messages import DirectMessages
from bot.slack.incoming.forms import Forms, asks_for_form, offered
from bot.slack.incoming.greeter import Greeter
from bot.slack.incoming.homes import Homes
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.links import Links, Strangers
from bot.slack.incoming.log_once import LogOnce, kind_of
from bot.slack.incoming.mentions import Mentions
from bot.slack.incoming.offers import Greetings, Offers
from bot.slack.incoming.origin import (
    command_origin,
    event_origin,
    event_recipients,
    interaction_origin,
)
from bot.slack.incoming.reading import key_of, request_of, typed_text
from bot.slack.incoming.shapes import kind_of_request, oddity_of
from bot.slack.incoming.shortcuts import Shortcuts
from bot.slack.incoming.submissions import Submissions, problems_at
from bot.slack.views import FORM_PREFIX

_log = structlog.get_logger(__name__)

_WAITING = say("Still working on it…")

_EVERYTHING = re.compile(r".*")
_OUR_FORMS = re.compile(rf"\A{FORM_PREFIX}({'|'.join(FORMS)})\Z")
# A longer search text finds no name or description.
_LONGEST_SEARCH = 500


class Listeners:
    """One listener per kind of request; all answer sentences by the same path."""

    def __init__(
        self,
        answers: Answers,
        contact: Contact,
        channels: Channels,
        background: BackgroundTasks,
        lifecycle: Lifecycle | None = None,
        *,
        offers: Offers,
        greetings: Greetings,
        clicks: ClickLog,
        languages: Languages,
        strangers: Strangers,
        claims: AnswerClaims,
        monotonic: Monotonic,
    ) -> None:
        """`lifecycle` applies the events about channels and the app itself."""
        self._answers = answers
        self._languages = languages
        answering = self._answering = Answering(answers, contact, languages)
        self._submissions = Submissions(answering, background, languages)
        self.homes = Homes(answers, answering, contact, languages, monotonic=monotonic)
        self._forms = Forms(answering, contact, background, languages)
        self._bodies = Bodies()
        admission = self._admission = Admission(contact, channels)
        self._once, self._background, self._lifecycle = LogOnce(), background, lifecycle
        greeter = self._greeter = Greeter(greetings, offers, contact, languages)
        self._shortcuts = Shortcuts(offers, contact, admission, background, languages)
        self._links = Links(offers, contact, admission, claims, background, languages, strangers)
        self._mentions = Mentions(answering, contact, admission, claims, background, languages)
        self._direct = DirectMessages(
            answering, contact, admission, greeter, claims, background, languages
        )
        self._clicks = Clicks(
            answering,
            admission,
            languages,
            background,
            log=ClickLogger(clicks, background),
            forms=self._forms,
            homes=self.homes,
            shortcuts=self._shortcuts,
            links=self._links,
        )

    def turn_all_away(self) -> None:
        """From now on tell everybody that we restart, and have Slack repeat its events."""
        self._admission.is_closing = True

    def stop_waiting(self) -> None:
        """Tell everybody who still waits for an answer that we restart."""
        self._answering.stop_waiting()

    def register(self, app: AsyncApp) -> None:
        """Register all but commands: Bolt tries one listener after another, which is slow."""
        app.block_action(_EVERYTHING)(self._clicks.on_click)
        app.block_suggestion(_EVERYTHING)(self.on_options)
        app.event("app_home_opened")(self.on_home_opened)
        for event in LIFECYCLE_EVENTS:
            app.event(event)(self.on_lifecycle)
        app.view(_OUR_FORMS)(self.on_submission)
        for more in (self._mentions, self._direct, self._shortcuts, self._links):
            more.register(app)
        app.error(self.on_error)

    async def on_command(self, body: Json) -> BoltResponse:
        """Answer in the acknowledgement if that is quick enough, else through response_url."""
        user_id = body["user_id"]
        began = asyncio.get_running_loop().time()
        await self._admission.learn_identity()
        team_id = await self._admission.admitting(command_origin(body))
        if team_id is None:
            language = self._languages.remembered(self._admission.team_id, user_id)
            return BoltResponse(status=200, body=language.plain(self._admission.farewell))
        text = typed_text(body.get("text") or "")
        key = key_of(body.get("trigger_id"))
        request = request_of(text, team_id, user_id, body.get("channel_id"), key=key)
        self._languages.prepare(team_id, user_id)
        replying = begin(self._answering.reply(request))
        if not replying.done():  # a reply that waits for nothing is ready, and needs no timer
            self._background.keep(replying)
            is_form = asks_for_form(text)
            if is_form and await self._forms.announce(request, replying, body.get("trigger_id")):
                return BoltResponse(status=200, body="")
            await asyncio.wait({replying}, timeout=_left(began))
        if replying.done() and not goes_late(replying.result()):
            reply = replying.result()
            if await self._answering.opened(request, reply, body.get("trigger_id"), _left(began)):
                return BoltResponse(status=200, body="")
            if is_public(reply):
                self._background.start(self._answering.posted(request, reply))
            language = await self._languages.of_answer(request, reply)
            return BoltResponse(status=200, body=self._bodies.body_of(reply, language))
        response_url = body.get("response_url") or ""
        language = self._languages.remembered(team_id, user_id)
        waiting = "" if replying.done() else language.plain(_WAITING)
        self._background.start(self._answering.late(request, replying, response_url))
        return BoltResponse(status=200, body=waiting)

    async def on_options(self, ack: Any, body: Json) -> None:
        """Answer a search box from memory: Slack waits 3 s, and asks again at every letter."""
        await self._admission.learn_identity()
        team_id = await self._admission.admitting(interaction_origin(body))
        typed = (body.get("value") or "")[:_LONGEST_SEARCH]
        if team_id is None or not typed:
            await ack(render_options(()))
            return
        language = await self._languages.of(team_id, body["user"]["id"])
        found = offered(body.get("view"), typed, self._answers.suggest(team_id, typed))
        await ack(render_options(found, language))

    async def on_submission(self, ack: Any, body: Json) -> None:
        """Answer a form in the acknowledgement, because only that can mark a field of the form."""
        began = asyncio.get_running_loop().time()
        await self._admission.learn_identity()
        team_id = await self._admission.admitting(interaction_origin(body))
        if team_id is None:
            problems = {"": self._admission.farewell}
            language = self._languages.remembered(self._admission.team_id, body["user"]["id"])
            await ack(problems_at(body["view"], problems, language))
            return
        await ack(await self._submissions.answer(body, team_id, seconds=_left(began)))

    async def on_home_opened(self, ack: Any, body: Json) -> BoltResponse | None:
        """Draw the Home tab from memory."""
        if self._admission.is_closing:
            return LATER
        await ack()
        event = body["event"]
        await self._admission.learn_identity()
        if event.get("tab") != "home":
            return None
        team_id = await self._admission.admitting(event_origin(body))
        if team_id is not None:
            view = event.get("view")
            self._background.start(self.homes.draw(team_id, event["user"], view=view))
        return None

    async def on_lifecycle(self, ack: Any, body: Json) -> BoltResponse | None:
        """Apply an event about a channel or the app itself. Acknowledge once the database has
        recorded it: otherwise Slack sends the event again."""
        await self._admission.learn_identity()
        if self._admission.identity is None or self._admission.is_closing:
            return LATER
        team_id = self._admission.receiving(event_recipients(body))
        try:
            if self._lifecycle and team_id is not None:
                await self._lifecycle.hear(team_id, body)
                await self._greeter.hear(team_id, body)
        except ValueError:
            self._once.note("event_unreadable", kind_of(body))
        except StoreUnavailable as error:
            _log.warning("event_not_kept", event_type=body["event"]["type"], error=str(error))
            return LATER
        await ack()
        return None

    def refuse(self, body: Json, oddity: str) -> BoltResponse:
        """Say what is odd about a signed request, and acknowledge it: repeated, it stays odd."""
        self._once.note("request_odd", f"{kind_of_request(body)}: {oddity}")
        words = say("I cannot read this request of Slack's: {oddity}.", oddity=oddity)
        return BoltResponse(status=200, body=self._languages.usual.plain(words))

    async def on_error(self, error: Exception, body: Json) -> BoltResponse:
        """Answer an odd request, an unused one, or a bug in a listener. Never by a 404, for which
        Slack switches an app off, nor by a 5xx, which Slack shows as `operation_timeout`."""
        if isinstance(error, BoltUnhandledRequestError):
            self._once.note("request_unused", kind_of(error.body))
            return BoltResponse(status=200, body="")
        if oddity := oddity_of(body):  # the error came from Bolt, which could not read the body
            return self.refuse(body, oddity)
        _log.error("listener_failed", exc_info=error)
        return BoltResponse(status=200, body=self._languages.usual.plain(BROKEN))


def _left(began: float) -> float:
    """Return the seconds that are left for an answer in the acknowledgement."""
    spent = asyncio.get_running_loop().time() - began
    return ANSWER_SECONDS - spent
