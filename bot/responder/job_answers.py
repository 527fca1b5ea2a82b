"""Answers the sentences that are about jobs: one of them, some, and what they have been."""

from typing import assert_never

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.details import details_card
from bot.core.cards.job_actions import Following
from bot.core.cards.job_answer import job_card
from bot.core.cards.job_choice import find_card
from bot.core.cards.job_list import list_card
from bot.core.cards.questions import no_jobs_card
from bot.core.cards.reply import Renewal, Reply
from bot.core.care import NO_CARE
from bot.core.commands.cost import Cost
from bot.core.commands.details import Details
from bot.core.commands.find import Find
from bot.core.commands.history import History
from bot.core.commands.job_reference import JobRef
from bot.core.commands.list_jobs import ListJobs, nearest_list
from bot.core.commands.request import Request
from bot.core.commands.show import Show
from bot.core.delivery import MessageRef
from bot.core.job import VisualizationJob
from bot.core.link import live_link, why_no_link
from bot.responder.acting import Acting
from bot.responder.caretaker import Caretaker
from bot.responder.job_finder import JobFinder
from bot.responder.job_matching import containing, listed
from bot.responder.replies import WatchedCards, audience_of, ref_of
from bot.responder.reporter import Reporter
from bot.responder.subscriber import Subscriber

AboutJobs = Show | Details | History | Cost | ListJobs | Find


class JobAnswers:
    """Finds the jobs and draws them. Each method raises BotError."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        finder: JobFinder,
        subscriber: Subscriber,
        caretaker: Caretaker,
        acting: Acting,
        reporter: Reporter,
        cards: WatchedCards,
        link_hosts: tuple[str, ...],
    ) -> None:
        self._catalog = catalog
        self._finder = finder
        self._subscriber = subscriber
        self._caretaker = caretaker
        self._acting = acting
        self._reporter = reporter
        self._cards = cards
        self._link_hosts = link_hosts

    async def answer(self, command: AboutJobs, request: Request) -> Reply:
        """Answer a sentence about jobs."""
        match command:
            case Show():
                return await self._show(command, request)
            case Details():
                return await self._details(command, request)
            case History():
                card = await self._reporter.history(command, request)
                return Reply(card=card, audience=audience_of(command.share))
            case Cost():
                card = await self._reporter.cost(command, request)
                return Reply(card=card, audience=audience_of(command.share))
            case ListJobs():
                return await self._list(command, request)
            case Find():
                return await self._find(command, request)
            case _:
                assert_never(command)

    async def _show(self, command: Show, request: Request) -> Reply:
        found = await self._finder.find(command, request)
        if isinstance(found, Card):
            return Reply(card=found, renewal=await self._renewal(request, None))
        # The answer to a click on a public message takes its place.
        ref = ref_of(command.job, found)
        if command.share or request.clicked_ts:
            card = await self.public_card(found, request, ref)
        else:
            card = job_card(
                found,
                link=live_link(found, self._link_hosts),
                ref=ref,
                act=self._acting.offer(found, self._catalog.project(request.team_id)),
                care=await self._caretaker.said_of(found, request),
            )
        renewal = await self._renewal(request, found)
        return Reply(card=card, audience=audience_of(command.share), renewal=renewal)

    async def public_card(self, job: VisualizationJob, request: Request, ref: JobRef) -> Card:
        """A job as everybody sees it where the request was made. In a message that everybody gets,
        a name would call its owner."""
        is_followed = await self._subscriber.follows(job, request)
        return job_card(
            job,
            link=live_link(job, self._link_hosts),
            ref=ref,
            shared=True,
            following=Following.YES if is_followed else Following.NO,
            act=self._acting.offer(job, self._catalog.project(request.team_id)),
            care=NO_CARE,
        )

    async def _details(self, command: Details, request: Request) -> Reply:
        found = await self._finder.find(command, request)
        if isinstance(found, Card):
            return Reply(card=found)
        no_link = why_no_link(found, self._link_hosts)
        runs = await self._reporter.last_runs(found.id, request)
        card = details_card(found, no_link=no_link, ref=ref_of(command.job, found), runs=runs)
        return Reply(card=card, is_dialog=True)

    async def _renewal(self, request: Request, job: VisualizationJob | None) -> Renewal:
        if not request.clicked_ts:
            return Renewal.REPLACED
        clicked = MessageRef(channel_id=request.channel_id, ts=request.clicked_ts)
        return await self._cards.renew(self._catalog.project(request.team_id), clicked, job)

    async def _list(self, command: ListJobs, request: Request) -> Reply:
        sweep = await self._finder.listing(request)
        jobs = listed(sweep.jobs, command)
        if not jobs and (nearest := nearest_list(command)):
            return Reply(card=no_jobs_card(command, nearest))
        card = list_card(
            jobs,
            command=command,
            read_at=sweep.read_at,
            project_id=self._catalog.project(request.team_id).project_id,
            odd_rows=len(sweep.odd),
        )
        return Reply(card=card, audience=audience_of(command.share))

    async def _find(self, command: Find, request: Request) -> Reply:
        index = self._catalog.index(self._catalog.project(request.team_id))
        sweep = index or await self._finder.listing(request)
        found = containing(sweep.jobs, command.containing) if command.containing else []
        return Reply(card=find_card(found, command=command))
