"""Turns a request into a reply. It never raises for what a person typed."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from bot.catalog import Catalog
from bot.core.acting import is_legal
from bot.core.cards.bot.health import status_card
from bot.core.cards.bot.help import help_card
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.bot.questions import which_card
from bot.core.cards.bot.welcome import brief_help, nod_card
from bot.core.cards.card import Card, Choice
from bot.core.cards.home.home_page import Section
from bot.core.cards.jobs.job_choice import choices
from bot.core.cards.reply import Audience, Renewal, Reply
from bot.core.cards.subscriptions.subscribe_form import (
    FilledIn,
    subscribe_form,
    subscribe_form_card,
)
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.commands.command import AboutJob, Command, is_about_this_job
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobById, JobNumber
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.audit import Audit
from bot.core.commands.verbs.claim import Claim
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.commands.verbs.redeliver import Redeliver
from bot.core.commands.verbs.registry import AboutCare, BotCommand
from bot.core.commands.verbs.settings import SetRules, SettingsForm
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.show_digest import ShowDigest
from bot.core.commands.verbs.show_quiet import ShowQuietHours
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.status import DeadLetters, Status
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm, SubscribeSeveral
from bot.core.commands.verbs.subscriptions import ListSubscriptions
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.wake import Wake
from bot.core.commands.verbs.why import Why
from bot.core.errors import BadCommand, BotError, RequestRepeated, TooMany
from bot.core.health import HealthReport
from bot.core.ports.meter import CommandOutcome, Meter
from bot.core.ports.time import Clock, Monotonic
from bot.core.subscription import Place
from bot.responder.action_answers import ActionAnswers
from bot.responder.care_answers import CareAnswers
from bot.responder.counting import counted, outcome_of
from bot.responder.dead_letters import DeadLetterAnswers
from bot.responder.home_reader import HomeReader
from bot.responder.job_answers import JobAnswers
from bot.responder.job_matching import containing
from bot.responder.last_asked import LastAsked
from bot.responder.places import Places
from bot.responder.quiet_answers import QuietAnswers
from bot.responder.replies import AnsweredMessages, CommandResult, audience_of
from bot.responder.sentence_reader import SentenceReader
from bot.responder.settings_answers import SettingsAnswers
from bot.responder.subscriber import Subscriber
from bot.responder.subscription_filler import SubscriptionFiller


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """Answers one sentence at a time; it knows nothing of Slack."""

    catalog: Catalog
    jobs: JobAnswers
    last_asked: LastAsked
    subscriber: Subscriber
    subscription_filler: SubscriptionFiller
    places: Places
    settings_answers: SettingsAnswers
    home_reader: HomeReader
    care_answers: CareAnswers
    quiet_answers: QuietAnswers
    dead_letters: DeadLetterAnswers
    acting: ActionAnswers
    health: HealthReport
    reader: SentenceReader
    answered_messages: AnsweredMessages
    slash_command: str
    clock: Clock
    monotonic: Monotonic
    meter: Meter

    async def respond(self, request: Request) -> Reply:
        """Answer a sentence. Every BotError becomes a card; any other exception is a bug and is
        raised."""
        with counted(request.user_id, self.meter, self.monotonic) as answer:
            try:
                project = self.catalog.project(request.team_id)
                command = answer.command = await self.reader.read(project, request)
                reply = _NOTHING if command is None else await self._answer(command, request)
                if reply.is_problem:
                    answer.outcome = CommandOutcome.REFUSED
            except BotError as error:
                answer.outcome = outcome_of(error)
                reply = self._explain(error, answer.command, request)
        return reply

    def _explain(self, error: BotError, command: Command | None, request: Request) -> Reply:
        wrong_option = error.option if isinstance(error, BadCommand) else ""
        card = ask_before_unsubscribing(self._problem(error, command, request), request.place)
        is_repeated = isinstance(error, RequestRepeated)
        return Reply(
            card=card,
            is_problem=True,
            wrong_option=wrong_option,
            is_idle=is_repeated,
            is_repeated=is_repeated,
        )

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        """Return choices for a search box, from the index alone: the cloud is never asked."""
        jobs = self.catalog.known(self.catalog.project(team_id))
        return choices(containing(jobs, typed.strip()))

    async def home(self, team_id: str, user_id: str, page: int) -> tuple[Section, ...]:
        """Return a page of a person's Home, without asking the cloud."""
        return await self.home_reader.home(team_id, user_id, page)

    def glance(self, team_id: str) -> Hashable:
        """Return a value that changes when what every Home shows of the project does."""
        return self.home_reader.glance(team_id)

    async def _answer(self, command: Command, request: Request) -> Reply:
        if is_about_this_job(command):
            return Reply(card=await self._which(command, request), is_problem=True)
        match command:
            case Act() | KeepJob() | Claim() | Disclaim() | Subscribe():
                done = await self._do(command, request)
                card, renewal = await self._shown(done, request)
                return Reply(card=card, renewal=renewal, asks_back=done.asks_back)
            case (
                Snooze() | Wake() | SetQuietHours() | SetDigest() | ShowQuietHours() | ShowDigest()
            ):
                done = await self.quiet_answers.answer(command, request)
                card, renewal = await self._shown(done, request)
                return Reply(card=card, renewal=renewal, announcement=done.announcement)
            case SettingsForm() | SetRules():
                return await self.settings_answers.answer(command, request)
            case SubscribeForm():
                return await self._subscribe_form(command, request)
            case SubscribeSeveral() | Unsubscribe() | Copy() | ListSubscriptions() | Why():
                return await self.subscriber.answer(command, request)
            case Show() | Details() | History() | Cost() | ListJobs() | Find():
                return await self.jobs.answer(command, request)
            case _:
                return await self._answer_of_us(command, request)

    async def _do(self, command: Act | AboutCare | Subscribe, request: Request) -> CommandResult:
        if isinstance(command, Act):
            return await self.acting.answer(command, request)
        if isinstance(command, Subscribe):
            return await self.subscriber.subscribe(command, request)
        return await self.care_answers.answer(command, request)

    async def _shown(self, done: CommandResult, request: Request) -> tuple[Card, Renewal]:
        """Edit the pressed message to show what was done. Return the person's card, without
        controls if that message offers the undo, and whether the card replaces the message."""
        is_ours = await self._show_done(done, request)
        is_answer = not request.clicked_ts or (request.is_direct and not is_ours)
        card = replace(done.card, controls=()) if is_ours and done.is_undone_there else done.card
        return card, Renewal.REPLACED if is_answer else Renewal.KEPT

    async def _show_done(self, done: CommandResult, request: Request) -> bool:
        if done.outcome is None:
            return False
        channel_id = done.channel_id or request.channel_id
        return await self.answered_messages.amend(
            Place(team_id=request.team_id, channel_id=channel_id),
            self.catalog.project(request.team_id),
            done.job_id,
            done.outcome,
            pressed_ts="" if done.channel_id else request.clicked_ts,
        )

    async def _answer_of_us(self, command: BotCommand, request: Request) -> Reply:
        seen = partial(self.places.open_to, request)
        match command:
            case Status():
                checks = await self.health(self.catalog.project(request.team_id), seen)
                card = status_card(checks, at=self.clock())
                return Reply(card=card, audience=audience_of(command.share))
            case DeadLetters():
                return Reply(card=await self.dead_letters.list_dead_letters(request, seen))
            case Redeliver():
                return Reply(card=await self.dead_letters.redeliver(command, request, seen))
            case Audit():
                return Reply(card=await self.acting.audit(command, request, seen))
            case Help():
                if command.is_nod:
                    return Reply(card=nod_card(), is_greeting=True)
                if command.is_brief:
                    is_messages_tab = request.is_direct and request.is_mention
                    typed = "" if is_messages_tab else self.slash_command
                    return Reply(card=brief_help(slash_command=typed), is_greeting=True)
                return Reply(card=help_card(command, slash_command=self.slash_command))
            case _:
                assert_never(command)

    async def _subscribe_form(self, command: SubscribeForm, request: Request) -> Reply:
        project = self.catalog.project(request.team_id)
        last = self.last_asked.remembered(project, request.user_id)
        last_job = self.catalog.last_known(project, last) if last is not None else None
        # An empty form needs no query, so it opens at once.
        is_filled = command.said is not None or not request.channel_id
        filled_in = FilledIn()
        if is_filled:
            filled_in = await self.subscription_filler.fill(command.said, request)
        return Reply(
            card=subscribe_form_card(last_job=last_job, form=command),
            form=subscribe_form(last_job=last_job, filled_in=filled_in),
        )

    async def _which(self, command: AboutJob, request: Request) -> Card:
        if isinstance(command, Snooze | Wake):
            return await self.quiet_answers.which(command, request)
        jobs = self.catalog.known(self.catalog.project(request.team_id))
        if isinstance(command, Act):
            jobs = tuple(job for job in jobs if is_legal(command.action, job.status))
        return which_card(command, jobs)

    def _problem(self, error: BotError, command: Command | None, request: Request) -> Card:
        project, last_known = self.catalog.project(request.team_id), None
        if isinstance(command, Show | Act) and isinstance(command.job, JobNumber | JobById):
            last_known = self.catalog.last_known(project, command.job.id)
        if isinstance(command, Act):
            command = replace(command, action_id="")  # the repeat must ask for confirmation
        source = self.catalog.health(project)
        is_source_trouble = source.failing_since is not None
        return problem_card(
            error.for_people,
            again=command,
            source=source if is_source_trouble else None,
            last_known=last_known if is_source_trouble or isinstance(error, TooMany) else None,
        )


# The reply to mere thanks, which is posted to nobody.
_NOTHING = Reply(card=Card(summary="", lines=()), audience=Audience.NOBODY)
