"""Answers to the sentences about jobs: one job, several, and a job's past."""

from dataclasses import dataclass
from typing import assert_never

from bot.catalog import Catalog
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.bot.questions import no_jobs_card, own_jobs_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.details import details_card
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.jobs.job_choice import find_card
from bot.core.cards.jobs.job_list import last_list_card, list_card
from bot.core.cards.reply import Renewal, Reply
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.care import NO_CARE
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobRef
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.list_jobs import OWN, ListJobs, nearest_list
from bot.core.commands.verbs.show import Show
from bot.core.delivery import MessageRef
from bot.core.eager_tasks import begin
from bot.core.errors import JobSourceError
from bot.core.job import VisualizationJob
from bot.core.link import live_link, why_no_link
from bot.core.listing import Listing
from bot.responder.action_answers import ActionAnswers
from bot.responder.care_answers import CareAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.job_matching import containing, listed
from bot.responder.replies import CardRefresher, audience_of, ref_of
from bot.responder.reporter import Reporter
from bot.responder.subscriber import Subscriber

AboutJobs = Show | Details | History | Cost | ListJobs | Find


@dataclass(frozen=True, slots=True, kw_only=True)
class JobAnswers:
    """Finds the jobs of a sentence and makes the cards. Each method raises BotError."""

    catalog: Catalog
    finder: JobFinder
    subscriber: Subscriber
    care_answers: CareAnswers
    acting: ActionAnswers
    reporter: Reporter
    cards: CardRefresher
    link_hosts: tuple[str, ...]

    async def answer(self, command: AboutJobs, request: Request) -> Reply:
        """Answer a sentence about jobs."""
        match command:
            case Show():
                return await self._show(command, request)
            case Details():
                return await self._details(command, request)
            case History():
                card = await self.reporter.history(command, request)
                return Reply(card=card, audience=audience_of(command.share))
            case Cost():
                card = await self.reporter.cost(command, request)
                return Reply(card=card, audience=audience_of(command.share))
            case ListJobs():
                return await self._list(command, request)
            case Find():
                return await self._find(command, request)
            case _:
                assert_never(command)

    async def _show(self, command: Show, request: Request) -> Reply:
        found = await self.finder.find(command, request)
        if isinstance(found, Card):
            return Reply(card=found, renewal=await self._renewal(request, None))
        # The answer to a click on a public message replaces it, so it must be a public card.
        ref = ref_of(command.job, found)
        if command.share or request.clicked_ts:
            card = await self.public_card(found, request, ref)
        else:
            card = await self._private_card(found, request, ref)
        renewal = await self._renewal(request, found)
        return Reply(card=card, audience=audience_of(command.share), renewal=renewal)

    async def _private_card(self, job: VisualizationJob, request: Request, ref: JobRef) -> Card:
        # Both queries run at once, so that a database that hangs delays the card by one timeout
        # only. If both results are known, the answer does not wait at all.
        caring = begin(self.care_answers.care_of(job, request))
        try:
            following = await self.subscriber.following(job, request)
            care = await caring
        finally:
            caring.cancel()
        card = job_card(
            job,
            link=live_link(job, self.link_hosts),
            ref=ref,
            following=following,
            act=self.acting.offer(job, self.catalog.project(request.team_id)),
            care=care,
        )
        return ask_before_unsubscribing(card, request.place)

    async def public_card(self, job: VisualizationJob, request: Request, ref: JobRef) -> Card:
        """Return a job's card for everybody. It leaves out the owner, because a public message that
        names a person notifies them."""
        following = await self.subscriber.following(job, request)
        return job_card(
            job,
            link=live_link(job, self.link_hosts),
            ref=ref,
            shared=True,
            following=following,
            act=self.acting.offer(job, self.catalog.project(request.team_id)),
            care=NO_CARE,
        )

    async def _details(self, command: Details, request: Request) -> Reply:
        found = await self.finder.find(command, request)
        if isinstance(found, Card):
            return Reply(card=found)
        no_link = why_no_link(found, self.link_hosts)
        runs = await self.reporter.last_runs(found.id, request)
        card = details_card(found, no_link=no_link, ref=ref_of(command.job, found), runs=runs)
        return Reply(card=card, is_dialog=True)

    async def _renewal(self, request: Request, job: VisualizationJob | None) -> Renewal:
        if not request.clicked_ts:
            return Renewal.REPLACED
        clicked = MessageRef(channel_id=request.channel_id, ts=request.clicked_ts)
        return await self.cards.renew(self.catalog.project(request.team_id), clicked, job)

    async def _list(self, command: ListJobs, request: Request) -> Reply:
        project = self.catalog.project(request.team_id)
        try:
            sweep = await self.finder.listing(request)
        except JobSourceError as error:
            last = self.catalog.index(project)
            if last is None:
                raise
            trouble = problem_card(error.for_people, again=command)
            card = _listed(command, last, is_dated=False)
            return Reply(card=last_list_card(trouble, card, read_at=last.read_at))
        is_empty = not listed(sweep.jobs, command)
        if is_empty and command.phase is None and command.containing.lower() in OWN:
            return Reply(card=own_jobs_card())
        if is_empty and (nearest := nearest_list(command)):
            return Reply(card=no_jobs_card(command, nearest))
        return Reply(card=_listed(command, sweep), audience=audience_of(command.share))

    async def _find(self, command: Find, request: Request) -> Reply:
        index = self.catalog.index(self.catalog.project(request.team_id))
        sweep = index or await self.finder.listing(request)
        found = containing(sweep.jobs, command.containing) if command.containing else []
        return Reply(card=find_card(found, command=command))


def _listed(command: ListJobs, sweep: Listing, *, is_dated: bool = True) -> Card:
    return list_card(
        listed(sweep.jobs, command),
        command=command,
        read_at=sweep.read_at if is_dated else None,
        odd_rows=len(sweep.odd),
    )
