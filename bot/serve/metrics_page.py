"""The page `/metrics`: counters of this process and gauges of the database, for Prometheus."""

from collections.abc import Callable, Iterable

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.core.ports.time import Monotonic
from bot.serve.database_gauges import DatabaseGauges
from bot.serve.metrics import Metrics
from bot.serve.probe_access import ProbeAccess
from bot.store.gauges import Gauges, OutboxState

_REFUSED = (
    "Metrics are for this computer alone. To read them from elsewhere, set VISJOB_METRICS_TOKEN"
    " and send it as a bearer token.\n"
)


class MetricsPage:
    """Answers a scrape without waiting long for the database, and leaves out unknown gauges."""

    def __init__(
        self,
        metrics: Metrics,
        access: ProbeAccess,
        *,
        gauges: DatabaseGauges,
        last_good_poll_age: Callable[[], float | None],
        monotonic: Monotonic,
    ) -> None:
        """Take `last_good_poll_age` in seconds; it returns None before the first good read."""
        self._metrics = metrics
        self._access = access
        self._gauges = gauges
        self._last_good_poll_age = last_good_poll_age
        self._monotonic = monotonic
        self._began = monotonic()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer with the metrics, or refuse a client that may not read them."""
        if not self._access.admits_scrape(request):
            return self._refusal()
        is_up, known = await self._gauges.look()
        up = _gauge("visjob_database_up", "1 if the database answers.", int(is_up))
        body = generate_latest(_Page([*self._of_process(), up, *_of_database(known)]))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    def _refusal(self) -> web.Response:
        if self._access.has_token:
            headers = {"WWW-Authenticate": 'Bearer realm="metrics"'}
            words = "Send VISJOB_METRICS_TOKEN as a bearer token.\n"
            return web.Response(status=401, headers=headers, text=words)
        return web.Response(status=403, text=_REFUSED)

    def _of_process(self) -> Iterable[Metric]:
        yield from self._metrics.collect()
        yield self._age()
        yield _gauge(
            "visjob_slack_failing_seconds",
            "For how long Slack has not answered our calls; 0 while it does.",
            self._metrics.slack.length().total_seconds(),
        )

    def _age(self) -> Metric:
        """Return the age of the last good read, or of this process, so that one alert suffices."""
        age = self._last_good_poll_age()
        return _gauge(
            "visjob_last_good_poll_age_seconds",
            "Since the last good read of the cloud; since the start where there was none.",
            self._monotonic() - self._began if age is None else age,
        )


class _Page:
    """The collector that prometheus_client expects, with the metrics of one scrape."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_database(known: Gauges | None) -> Iterable[Metric]:
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
    yield _gauge(
        "visjob_oldest_delivery_age_seconds",
        "How long the oldest delivery that nothing holds could have been sent; 0 without one.",
        known.oldest_free.total_seconds(),
    )
    yield _gauge(
        "visjob_kept_out_deliveries",
        "Deliveries that wait until Slack lets us post in their channel.",
        known.kept_out,
    )
    yield _gauge("visjob_dead_letters", "Deliveries that were given up.", known.dead_letters)
    yield _gauge(
        "visjob_running_job_hours",
        "How long the jobs that run now have run, all together.",
        known.running_job_hours,
    )


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
