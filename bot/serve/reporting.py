"""Build the Reporter from the price and the retention of the settings."""

from bot.catalog import Catalog
from bot.config import Settings
from bot.core.ports.time import Clock
from bot.core.spending import Price
from bot.core.timeline import longest_gap
from bot.responder.job_finder import JobFinder
from bot.responder.reporter import Reporter, ReportSettings
from bot.responder.zones import Zones
from bot.store.store import SqlStore


def open_reporter(
    settings: Settings,
    catalog: Catalog,
    finder: JobFinder,
    store: SqlStore,
    zones: Zones,
    clock: Clock,
) -> Reporter:
    """Build the Reporter of the project of the settings."""
    return Reporter(
        catalog=catalog,
        finder=finder,
        recordings=store.history,
        subscriptions=store.subscriptions,
        zones=zones,
        settings=ReportSettings(
            retention=settings.history,
            gap=longest_gap(settings.poll_interval),
            price=price_of(settings),
        ),
        clock=clock,
    )


def price_of(settings: Settings) -> Price | None:
    """Return the price of an hour of a running job, or None if none is set."""
    if settings.hourly_price is None:
        return None
    return Price(hourly=settings.hourly_price, currency=settings.currency or "")
