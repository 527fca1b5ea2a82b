"""The Prometheus metrics of this process. Names and labels are a contract."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import Enum
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric

from bot import __version__
from bot.core.commands.verbs.registry import VERB_NAMES
from bot.core.ports.meter import CallOutcome, CommandOutcome, DeliveryOutcome, PollOutcome
from bot.core.ports.time import Clock
from bot.serve.slack_outages import SlackOutages

#: The labels of sentences without a verb: SHOW for a job alone, NO_VERB for thanks and nonsense.
SHOW, NO_VERB = "show", "none"
VERBS = frozenset({*VERB_NAMES.values(), SHOW, NO_VERB})

#: All methods of Slack that we call; a post to a `response_url` counts as a method.
SLACK_METHODS = (
    "apps.connections.open",
    "auth.test",
    "chat.delete",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.unfurl",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "response_url",
    "usergroups.users.list",
    "users.info",
    "views.open",
    "views.publish",
    "views.update",
)
_SLACK_OUTCOMES = frozenset(CallOutcome) - {CallOutcome.NOT_FOUND}

_COMMAND_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)
_LAG_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 900, 3_600, 21_600)
_STALL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The Meter of one bot; each has its own registry, so that two can live in one process."""

    def __init__(self, clock: Clock) -> None:
        self.slack = SlackOutages(clock)
        self._registry = CollectorRegistry()
        build = Gauge("visjob_build_info", "The version.", ["version"], registry=self._registry)
        build.labels(version=__version__).set(1)
        start = Gauge("visjob_start_time_seconds", "When it started.", registry=self._registry)
        start.set(clock().timestamp())
        self._commands = self._counter(
            "visjob_commands", "Sentences, by verb and by what became of them.", "verb", "outcome"
        )
        # Each counter starts at 0: Prometheus sees no increase in one that begins at 1, and would
        # miss the first bug.
        for verb, answered in product(sorted(VERBS), CommandOutcome):
            self._commands.labels(verb, answered.value)
        self._command_seconds = self._histogram(
            "visjob_command_seconds", "How long an answer takes.", _COMMAND_SECONDS
        )
        self._polls = self._outcomes(
            "visjob_polls", "Reads of the cloud that nobody asked for.", PollOutcome
        )
        self._changes = self._counter("visjob_changes", "Changes of jobs that were recorded.")
        self._deliveries = self._outcomes(
            "visjob_deliveries", "Tries to deliver, by what became of them.", DeliveryOutcome
        )
        self._lag = self._histogram(
            "visjob_delivery_lag_seconds", "From when a change is seen to when it is shown.",
            _LAG_SECONDS,
        )  # fmt: skip
        self._cloud_calls = self._outcomes(
            "visjob_cloud_calls", "Requests to the cloud.", CallOutcome
        )
        self._slack_calls = self._counter(
            "visjob_slack_calls", "Calls of Slack's Web API.", "method", "outcome"
        )
        for method, outcome in product(SLACK_METHODS, _SLACK_OUTCOMES):
            self._slack_calls.labels(method=method, outcome=outcome.value)
        self._stalls = self._histogram(
            "visjob_loop_stall_seconds", "How late the event loop comes to what is due.",
            _STALL_SECONDS,
        )  # fmt: skip

    def collect(self) -> Iterable[Metric]:
        """Yield all metrics, without the `_created` samples."""
        for metric in self._registry.collect():
            kept = [one for one in metric.samples if not one.name.endswith("_created")]
            metric.samples = kept
            yield metric

    def count_command(self, verb: str, outcome: CommandOutcome, *, seconds: float) -> None:
        """Count an answer, and record its duration in seconds."""
        known = verb if verb in VERBS else NO_VERB
        self._commands.labels(known, outcome.value).inc()
        self._command_seconds.observe(seconds)

    def count_poll(self, outcome: PollOutcome) -> None:
        """Count a read of the cloud that no person asked for."""
        self._polls.labels(outcome=outcome.value).inc()

    def count_changes(self, number: int) -> None:
        """Count `number` recorded changes of jobs."""
        self._changes.inc(number)

    def count_delivery(self, outcome: DeliveryOutcome) -> None:
        """Count one attempt to deliver."""
        self._deliveries.labels(outcome=outcome.value).inc()

    def note_lag(self, lag: timedelta) -> None:
        """Record the time from seeing a change to showing it; a negative time counts as 0."""
        self._lag.observe(max(lag.total_seconds(), 0.0))

    def count_cloud_call(self, outcome: CallOutcome) -> None:
        """Count a request to the cloud."""
        self._cloud_calls.labels(outcome=outcome.value).inc()

    def count_slack_call(self, method: str, outcome: CallOutcome) -> None:
        """Count a call of a Slack method. Labels are bounded: only our code names methods."""
        self._slack_calls.labels(method=method, outcome=outcome.value).inc()
        self.slack.note(method, outcome)

    def note_stall(self, seconds: float) -> None:
        """Record how many seconds late the event loop was."""
        self._stalls.observe(seconds)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self._registry)

    def _outcomes(self, name: str, meaning: str, outcomes: type[Enum]) -> Counter:
        """Return a counter whose outcomes all exist from the start, at 0."""
        counter = self._counter(name, meaning, "outcome")
        for outcome in outcomes:
            counter.labels(outcome=outcome.value)
        return counter

    def _histogram(self, name: str, meaning: str, buckets: Collection[float]) -> Histogram:
        return Histogram(name, meaning, buckets=tuple(buckets), registry=self._registry)
