"""Answers to `why`, and previews of subscriptions, from the recorded changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.jobs.current_state import CurrentState
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.cards.why.why import preview_card, why_card
from bot.core.care import NO_CARE
from bot.core.commands.request import Request
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.why import Why
from bot.core.hold import Hold
from bot.core.job import JobId
from bot.core.ports.care import Care
from bot.core.ports.store import History, Recordings, Subscriptions
from bot.core.ports.time import Clock
from bot.core.subscription import JobTarget, Place, Subscription
from bot.responder.job_finder import JobFinder
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder, unknown_job
from bot.responder.subscription_lister import HeldInPlaces

_LOOKING_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Reads the index, the database and Slack, never the cloud."""

    catalog: Catalog
    finder: JobFinder
    subscriptions: Subscriptions
    subscription_finder: SubscriptionFinder
    history: History
    recordings: Recordings
    places: Places
    place_holds: HeldInPlaces
    care: Care
    poll_interval: timedelta
    clock: Clock

    async def why(self, command: Why, request: Request) -> Card:
        """Answer with the recorded changes of a job, and their deliveries to this place. Raises
        BotError."""
        place = await self.places.resolve("", request)
        ids = await self.finder.known_ids(command.job, request)
        if not ids:
            raise unknown_job(command.job)
        if len(ids) > 1:
            return self.subscription_finder.which(command, ids, request)
        job_id = ids[0]
        self.finder.note(job_id, request)
        since = self.clock() - _LOOKING_BACK
        project = self.catalog.project(request.team_id)
        kept = await self.subscriptions.list_subscriptions(project, place=place)
        state = await self._state(job_id, request, since=since)
        card = why_card(
            command,
            job_id,
            place=place,
            changes=await self.history.changes_since(project, since=since, job_id=job_id),
            receipts=await self.history.deliveries_of(project, place, job_id),
            here=[one for one in kept if self.subscription_finder.covers(one, job_id)],
            naming=partial(self.catalog.name_of, project),
            state=state,
            holds=await self._holds(job_id, place),
            care=await self.care.care_of(project, state.job) if state else NO_CARE,
        )
        return ask_before_unsubscribing(card, place)

    async def preview(self, subscription: Subscription, command: Subscribe) -> Card:
        """Return what a subscription would have sent in the last days. The card's button sends
        `command`. Raises BotError."""
        target, since = subscription.target, self.clock() - _LOOKING_BACK
        job_id = target.job_id if isinstance(target, JobTarget) else None
        changes = await self.history.changes_since(subscription.project, since=since, job_id=job_id)
        return preview_card(
            subscription,
            command=command,
            changes=changes,
            naming=partial(self.catalog.name_of, subscription.project),
        )

    async def _state(
        self, job_id: JobId, request: Request, *, since: datetime
    ) -> CurrentState | None:
        """Return the job as the watcher or the index read it last, whichever is later; None if
        unknown."""
        recorded = await self.recordings.records(
            self.catalog.project(request.team_id), since=since, job_id=job_id
        )
        record = next(iter(recorded.jobs), None)
        known = self.catalog.last_known(self.catalog.project(request.team_id), job_id)
        job = max(
            (one for one in (record and record.job, known) if one),
            key=lambda one: one.read_at,
            default=None,
        )
        if job is None:
            return None
        now, interval = self.clock(), self.poll_interval
        return CurrentState(job=job, now=now, interval=interval, record=record)

    async def _holds(self, job_id: JobId, place: Place) -> Sequence[Hold]:
        held = (await self.place_holds.held_in(place.team_id)).get(place)
        return [one for one in held.holds if one.scope.job_id in (0, job_id)] if held else []
