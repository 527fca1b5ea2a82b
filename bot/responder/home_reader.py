"""The data of a person's Home, from the index, the database and Slack, never from the cloud."""

import asyncio
from collections.abc import Collection, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.catalog import Catalog
from bot.core.cards.home.home import home_sections
from bot.core.cards.home.home_page import HomeFacts, PersonalFacts, Section
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.care import described_owner
from bot.core.commands.request import Request
from bot.core.errors import MessengerError, StoreUnavailable
from bot.core.hold import Hold
from bot.core.job import JobId, Phase
from bot.core.ports.care import Care
from bot.core.ports.place_rules import PlaceRulesBook
from bot.core.ports.slack import Conversations
from bot.core.ports.snoozes import Snoozes
from bot.core.ports.store import History, Subscriptions
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.core.spending import Price
from bot.core.subscription import Place, Subscription
from bot.responder.places import Places

_A_DAY = timedelta(hours=24)
_SHOWN = (Phase.RUNNING, Phase.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReader:
    """Reads what Home shows. Home says so if the database does not answer."""

    catalog: Catalog
    subscriptions: Subscriptions
    history: History
    care: Care
    snoozes: Snoozes
    rules: PlaceRulesBook
    conversations: Conversations
    places: Places
    slash_command: str
    link_hosts: tuple[str, ...]
    price: Price | None
    clock: Clock

    async def home(self, team_id: str, user_id: str, page: int) -> tuple[Section, ...]:
        """Return a page of a person's Home."""
        project = self.catalog.project(team_id)
        facts = HomeFacts(
            jobs=self.catalog.known(project),
            source=self.catalog.health(project),
            personal=await self._personal(team_id, user_id),
            now=self.clock(),
            slash_command=self.slash_command,
            link_hosts=self.link_hosts,
            price=self.price,
        )
        return home_sections(facts, page=page)

    def glance(self, team_id: str) -> Hashable:
        """Return a value that changes when a job that everybody's Home shows does, or when the
        cloud fails or comes back."""
        project = self.catalog.project(team_id)
        jobs = frozenset(
            (job.id, job.status, job.created_at)
            for job in self.catalog.known(project)
            if job.status.phase in _SHOWN
        )
        return jobs, self.catalog.health(project).failing_since is None

    async def _personal(self, team_id: str, user_id: str) -> PersonalFacts | None:
        """Return the person's own part of Home; None if the database does not answer."""
        project = self.catalog.project(team_id)
        since = self.clock() - _A_DAY
        try:
            changes = await self.history.changes_since(project, since=since)
            kept = await self.subscriptions.list_subscriptions(project, created_by=user_id)
            hidden = await self._hidden(kept, team_id, user_id)
            return PersonalFacts(
                subscriptions=tuple(kept),
                hidden=hidden,
                channel_holds=await self._channel_holds(kept, team_id, hidden),
                failures=tuple(change for change in changes if change.step.is_failure),
                owned=await self._owned(project, user_id),
                held=await self._own_holds(team_id, user_id),
            )
        except StoreUnavailable:
            return None

    async def _owned(self, project: Project, user_id: str) -> frozenset[JobId]:
        """Return the known jobs that the person claimed, or whose description names them."""
        claimed = frozenset(await self.care.claimed_by(project, user_id))
        named = [
            job
            for job in self.catalog.known(project)
            if job.id not in claimed and described_owner(job.description) == user_id
        ]
        cared = await asyncio.gather(*(self.care.care_of(project, job) for job in named))
        return claimed | {
            job.id for job, care in zip(named, cared, strict=True) if care.owner == user_id
        }

    async def _hidden(
        self, kept: Sequence[Subscription], team_id: str, user_id: str
    ) -> frozenset[Place]:
        places = {one.place for one in kept if not one.place.is_direct}
        request = Request(text="", team_id=team_id, user_id=user_id)
        return frozenset(places - await self.places.open_to(request, places))

    async def _channel_holds(
        self, kept: Sequence[Subscription], team_id: str, hidden: Collection[Place]
    ) -> tuple[Hold, ...]:
        """Return the present holds of the channels that these subscriptions post to."""
        shown = {one.place for one in kept if not one.place.is_direct} - set(hidden)
        if not shown:
            return ()
        channels = {place.channel_id for place in shown}
        held = await self.snoozes.holds_of(team_id)
        return tuple(hold for hold in held if hold.scope.channel_id in channels)

    async def _own_holds(self, team_id: str, user_id: str) -> PlaceHolds | None:
        """Return the person's rules and holds; None if Slack does not tell their direct message."""
        with suppress(MessengerError):
            channel_id = await self.conversations.direct(team_id, user_id)
            place = Place(team_id=team_id, channel_id=channel_id)
            return PlaceHolds(
                rules=await self.rules.rules_of(place),
                holds=await self.snoozes.holds_of(team_id, place=place),
            )
        return None
