"""A minimal model of snoozes and place rules, to compare the store with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.rule_holds import digest_span, present_quiet
from bot.core.subscription import Place
from tests.proof.reference import Told


@dataclass(slots=True)
class HoldModel:
    """The snoozes and rules; a snooze with the job None is of the whole place."""

    snoozed: dict[tuple[Place, JobId | None], datetime] = field(default_factory=dict)
    rules: dict[Place, PlaceRules] = field(default_factory=dict)

    def wake(self, place: Place, job_id: JobId | None, now: datetime) -> int:
        """End the snoozes of a place, or of one job there; return how many there were."""
        ended = [
            key
            for key, until in self.snoozed.items()
            if key[0] == place and job_id in (None, key[1]) and until > now
        ]
        for key in ended:
            del self.snoozed[key]
        return len(ended)

    def admits(self, told: Sequence[Told], now: datetime, open_here: Sequence[Told]) -> bool:
        """Return whether a message of these changes may be posted now; `open_here` has all changes
        that are still open for its place."""
        place = told[0].place
        rules = self.rules.get(place, PlaceRules(place=place))
        jobs = [None, *(one.change.job.id for one in told)]
        if any(self.snoozed.get((place, job_id), now) > now for job_id in jobs):
            return False
        # A group was made at an earlier moment of the digest, so it may still be posted.
        if rules.digest and len(told) == 1:
            moment = digest_span(rules.digest, UTC, now).since
            if told[0].change.seen_at >= moment:
                return False
        if not rules.quiet_hours or not present_quiet(rules.quiet_hours, UTC, now):
            return True
        return rules.quiet_hours.lets_failures_pass and any(
            one.change.step.is_failure
            for one in open_here
            for mine in told
            if one.change.job.id == mine.change.job.id
            and one.change.sequence >= mine.change.sequence
        )
