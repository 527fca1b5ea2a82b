"""`/metrics`: what this process counted, and what the database knows, in Prometheus' own text."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.serve.insiders import Insiders
from bot.serve.metrics import Metrics
from bot.store.gauges import Gauges, OutboxState

_REFUSED = (
    "Metrics are for this computer alone. To read them from elsewhere, set VISJOB_METRICS_TOKEN"
    " and send it as a bearer token.\n"
)


class MetricsPage:
    """Answers a scrape at once, whatever the database does: what it does not tell is left out,
    and `visjob_database_up` says so."""

    def __init__(
        self,
        metrics: Metrics,
        insiders: Insiders,
        *,
        gauges: Callable[[], Awaitable[Gauges]],
        last_good_poll_age: Callable[[], float | None],
        monotonic: Monotonic,
    ) -> None:
        """`gauges` raises StoreUnavailable; `last_good_poll_age` is in seconds."""
        self._metrics = metrics
        self._insiders = insiders
        self._gauges = gauges
        self._last_good_poll_age = last_good_poll_age
        self._monotonic = monotonic
        self._began = monotonic()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Tell those who may know."""
        if not self._insiders.admits_scrape(request):
            return self._refusal()
        try:
            known: Gauges | None = await self._gauges()
        except StoreUnavailable:
            known = None
        body = generate_latest(_Page([*self._metrics.collect(), self._age(), *_of_database(known)]))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    def _refusal(self) -> web.Response:
        if self._insiders.has_token:
            headers = {"WWW-Authenticate": 'Bearer realm="metrics"'}
            words = "Send VISJOB_METRICS_TOKEN as a bearer token.\n"
            return web.Response(status=401, headers=headers, text=words)
        return web.Response(status=403, text=_REFUSED)

    def _age(self) -> Metric:
        """Where no read was good yet, the age of this process: an alert needs no second case."""
        age = self._last_good_poll_age()
        return _gauge(
            "visjob_last_good_poll_age_seconds",
            "Since the last good read of the cloud; since the start where there was none.",
            self._monotonic() - self._began if age is None else age,
        )


class _Page:
    """A scrape, as prometheus_client takes it."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_database(known: Gauges | None) -> Iterable[Metric]:
    up = "1 if the database answered this scrape; else what it knows is left out."
    yield _gauge("visjob_database_up", up, 0 if known is None else 1)
    if known is None:
        return
    yield _gauge("visjob_watched_jobs", "Jobs that are read again and again.", known.watched_jobs)
    yield _gauge("visjob_subscriptions", "Subscriptions that have not ended.", known.subscriptions)
    outbox = GaugeMetricFamily(
        "visjob_outbox_deliveries", "Deliveries that are not sent yet.", labels=["state"]
    )
    for state in OutboxState:
        outbox.add_metric([state.value], known.outbox.get(state, 0))
    yield outbox
    yield _gauge("visjob_dead_letters", "Deliveries that were given up.", known.dead_letters)
    yield _gauge(
        "visjob_running_job_hours",
        "How long the jobs that run now have run, all together.",
        known.running_job_hours,
    )


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
