"""The facts of `--json` about the past: history, cost and changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.core.cards.jobs.current_state import CurrentState
from bot.core.change import NO_JOB, StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.job import JobStatus
from bot.core.runs import Run, runs
from bot.core.spending import Price, hours
from bot.core.subscription import Place
from bot.core.timeline import Span, running_time
from bot.responder.reporter import JobPast, Spent

Json = dict[str, Any]


def history_facts(past: JobPast) -> Json:
    """Return the history of a job: times in ISO 8601 and UTC, spans in seconds. `status` is the
    vendor's number, -1 for a job that is gone, null for a time without a read."""
    record = past.record
    return {
        "job_id": record.job.id,
        "job_name": record.job.name,
        "begin": _time(past.begin),
        "end": _time(past.end),
        "watched_since": _time(record.watched_since),
        "watched_since_is_exact": record.is_since_exact,
        "running_seconds": _seconds(running_time(past.spans)),
        "spans": [_span_facts(span) for span in past.spans],
        "runs": [_run_facts(run) for run in runs(past.spans)],
    }


def _span_facts(span: Span) -> Json:
    return {
        "begin": _time(span.begin),
        "end": _time(span.end),
        "seconds": _seconds(span.length),
        **_status_facts(span.status),
        "began_earlier": span.is_begin_open,
        "goes_on": span.is_end_open,
        "is_another_run": span.is_new_run,
    }


def _run_facts(run: Run) -> Json:
    return {
        "begin": _time(run.begin),
        "began_earlier": run.is_begin_open,
        "end": _time(run.end),
        "running_seconds": _seconds(run.running),
        "not_seen_seconds": _seconds(run.unseen),
        "ended_as": run.ended_as,
    }


def _status_facts(status: int | None) -> Json:
    if status is None or status == NO_JOB:
        return {"status": status, "status_name": None, "phase": None}
    known = JobStatus(status)
    return {"status": status, "status_name": known.vendor_name, "phase": known.phase.value}


def cost_facts(spent: Spent, price: Price | None) -> Json:
    """Return hours as numbers, and money as text, to lose no digit; null without a price."""
    spending = spent.spending
    return {
        "begin": _time(spending.period.begin),
        "end": _time(spending.period.end),
        "zone": str(spent.zone),
        "watched_since": _time(spending.watched_since),
        "watched_since_is_exact": spending.is_since_exact,
        "currency": price.currency if price else None,
        **_spent(spending.seen, price),
        "before_watched_hours": _hours(spending.before),
        "not_seen_hours": _hours(spending.unseen),
        "jobs": [
            {
                "job_id": one.job.id,
                "job_name": one.job.name,
                **_spent(one.running, price),
                "before_watched_hours": _hours(one.before),
                "runs": one.runs,
                "is_gone": one.is_gone,
            }
            for one in spending.jobs
        ],
        "days": [
            {
                "day": f"{day.astimezone(spent.zone):%Y-%m-%d}",
                **_spent(running, price),
                "is_watched": is_watched,
            }
            for day, running, is_watched in zip(
                spending.period.days, spending.by_day, spending.watched_by_day, strict=True
            )
        ],
    }


def _spent(running: timedelta, price: Price | None) -> Json:
    return {
        "running_hours": _hours(running),
        "cost": f"{price.of(running):f}" if price else None,
    }


def current_facts(state: CurrentState) -> Json:
    """Return the status of a job at its last read."""
    status = NO_JOB if state.is_gone else int(state.job.status)
    return {**_status_facts(status), "read_at": _time(state.job.read_at)}


def change_facts(
    change: StatusChange, receipts: Mapping[Place, tuple[DeliveryReceipt, ...]]
) -> Json:
    return {
        "sequence": change.sequence,
        "from_status": change.step.before,
        "to_status": change.step.after,
        "seen_at": _time(change.seen_at),
        "last_seen_at": _time(change.last_seen_at),
        "deliveries": [
            {
                "channel_id": place.channel_id,
                "state": one.state.value,
                "sent_at": _time(one.sent_at),
                "reason": str(one.reason) or None,
                "held_by": one.held_by.value if one.held_by else None,
            }
            for place, here in receipts.items()
            for one in here
            if one.change is not None and one.change.sequence == change.sequence
        ],
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _hours(span: timedelta) -> float:
    return round(float(hours(span)), 4)
