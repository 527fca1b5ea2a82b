"""The settings of reports: the price of an hour, and how long changes are stored."""

from bot.config import Settings
from bot.core.spending import Price
from bot.core.timeline import longest_gap
from bot.responder.reporter import ReportSettings


def report_settings(settings: Settings) -> ReportSettings:
    """Return the settings for computing history and cost."""
    return ReportSettings(
        retention=settings.history,
        gap=longest_gap(settings.poll_interval),
        price=price_of(settings),
    )


def price_of(settings: Settings) -> Price | None:
    """Return the price of an hour of a running job, or None if none is set."""
    if settings.hourly_price is None:
        return None
    return Price(hourly=settings.hourly_price, currency=settings.currency or "")
