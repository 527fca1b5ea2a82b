"""Trace, count and log a delivery that Slack shows."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import assert_never

import structlog

from bot.core.delivery import (
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    DeliveryKind,
    Greeting,
    GuardDelivery,
    JoblessDelivery,
    MorningDelivery,
    PauseNote,
    SourceNote,
)
from bot.core.ports.meter import DeliveryOutcome, Meter
from bot.core.ports.tracing import Span, span

_log = structlog.get_logger(__name__)


def delivering(delivery: Delivery) -> AbstractContextManager[Span]:
    """Trace one attempt at a delivery, which is made in this context."""
    return span(
        "delivery",
        kind=kind_of(delivery).value,
        place=delivery.place.channel_id,
        job=delivery.job_id,
        delivery=delivery.id,
    )


def note_shown(
    delivery: Delivery, outcome: DeliveryOutcome, now: datetime, meter: Meter, traced: Span
) -> None:
    """Count and log a delivery that Slack shows. The log line has ids and numbers only, no name
    and no text of a job."""
    meter.count_delivery(outcome)
    # Only a message has a lag: a card shows the job's state, and does not report one change.
    lags = [now - due for due in delivery.due_since]
    for lag in lags:
        meter.note_lag(lag)
    longest = round(max(lags).total_seconds(), 1) if lags else None
    traced.note(outcome=outcome.value, lag=longest)
    _log.info(
        "delivered",
        kind=kind_of(delivery).value,
        team=delivery.place.team_id,
        place=delivery.place.channel_id,
        job=delivery.job_id or None,
        delivery=delivery.id,
        lag=longest,
        outcome=outcome.value,
    )


def kind_of(delivery: Delivery) -> DeliveryKind:
    """Return the kind of a delivery."""
    match delivery:
        case CardDelivery():
            return DeliveryKind.CARD
        case ChangeDelivery():
            return DeliveryKind.CHANGE
        case ChangesDelivery():
            return DeliveryKind.CHANGES
        case GuardDelivery():
            return DeliveryKind.GUARD
        case _:
            return _kind_of_no_job(delivery)


def _kind_of_no_job(delivery: JoblessDelivery) -> DeliveryKind:
    match delivery:
        case SourceNote():
            return DeliveryKind.SOURCE_BACK if delivery.is_back else DeliveryKind.SOURCE_LOST
        case PauseNote():
            return DeliveryKind.PLACE_PAUSED
        case MorningDelivery():
            return DeliveryKind.MORNING
        case Greeting():
            return DeliveryKind.GREETING
        case _:
            assert_never(delivery)
