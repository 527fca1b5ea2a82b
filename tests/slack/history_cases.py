"""The cards of what was seen over time: histories, hours and cost, the morning line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.cards.card import Card
from bot.core.cards.changes.morning import morning_card
from bot.core.cards.past.cost import cost_card
from bot.core.cards.past.history import history_card, no_history_card
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.history import SPANS, History
from bot.core.job import JobId
from bot.core.morning import Morning
from bot.core.spending import Price, calendar_period, spending
from bot.core.timeline import JobRecord, timeline
from tests.history_fakes import GAP, a_record, ago
from tests.make import HOSTILE_TEXTS, NOW, a_job

BERLIN = ZoneInfo("Europe/Berlin")
REF = JobNumber("205")
EUR = Price(hourly=Decimal("0.35"), currency="EUR")

#: Queued, running for 1 d 2 h, stopping, stopped; and restarted after a downtime.
LIFE = a_record(
    (7, 8, 60), (8, 9, 33.95), (9, 12, 33.94), (12, 7, 20), (7, 8, 19.5), (8, 11, 6),
    (11, 1, 3), (1, 8, 2.5), since=60.05, unseen=0.005,
)  # fmt: skip
BUSY = a_record(
    *((8, 7, 150 - at / 10) if at % 2 else (7, 8, 150 - at / 10) for at in range(1000)), since=160
)

_LONG = a_job(duration=timedelta(hours=26, minutes=12))
_RAN_BEFORE = a_record(since=0.2, job=_LONG)


def _history(record: JobRecord, span: str = "7d", **more: Any) -> Card:
    begin = NOW - SPANS[span]
    return history_card(
        History(REF, span),
        record,
        timeline(record, begin=begin, end=NOW, gap=GAP),
        begin=begin,
        end=NOW,
        zone=BERLIN,
        **more,
    )


def _cost(
    *records: JobRecord, period: str = "week", price: Price | None = EUR, **more: Any
) -> Card:
    job = more.pop("job", None)
    since = min((one.watched_since for one in records), default=None)
    spent = spending(records, calendar_period(period, NOW, BERLIN), gap=GAP, watched_since=since)
    command = Cost(REF, period) if job else Cost(period=period)
    return cost_card(command, spent, job=job, price=price, zone=BERLIN, **more)


def _project(count: int = 3) -> list[JobRecord]:
    names = ("flowers-tb", "bert-finetune", "resnet-sweep")
    return [
        a_record(
            (7, 8, 30 - number), (8, 12, number + 0.5), since=40,
            job=a_job(205 + number, 12, name=names[number % 3]),
        )
        for number in range(count)
    ]  # fmt: skip


_GONE = a_record((7, 8, 30), (8, -1, 2), since=31, job=a_job(231, name="flowers-xl"))
_DOWN = a_record((8, 12, 6), since=50, unseen=9)

HISTORY_CARDS: dict[str, Callable[[], Card]] = {
    "history": lambda: _history(LIFE),
    "history-day": lambda: _history(LIFE, "24h"),
    "history-month": lambda: _history(LIFE, "30d"),
    "history-running": lambda: _history(a_record((7, 8, 2), since=2.1)),
    "history-brief": lambda: _history(a_record((7, 8, 0.2), since=0.3)),
    "history-never-ran": lambda: _history(replace(a_record(since=9), job=a_job(status=12))),
    "history-unseen": lambda: _history(_DOWN),
    "history-gone": lambda: _history(_GONE),
    "history-long": lambda: _history(BUSY),
    "history-old-version": lambda: _history(replace(LIFE, is_since_exact=False)),
    "history-kept-short": lambda: _history(replace(LIFE, watched_since=ago(900)), is_cut=True),
    "history-just-begun": lambda: _history(a_record(since=0)),
    "history-hostile": lambda: _history(a_record(since=5, job=a_job(name=HOSTILE_TEXTS[0]))),
    "history-nothing": lambda: no_history_card(JobId(999), None),
    "history-nothing-of-a-known-job": lambda: no_history_card(JobId(205), a_job()),
    "cost": lambda: _cost(*_project(), _GONE),
    "cost-without-price": lambda: _cost(*_project(), price=None),
    "cost-of-a-job": lambda: _cost(LIFE, job=a_job()),
    "cost-of-an-idle-job": lambda: _cost(job=a_job(status=12)),
    "cost-today": lambda: _cost(*_project(), period="today"),
    "cost-month": lambda: _cost(*_project(), period="month"),
    "cost-many": lambda: _cost(*_project(23)),
    "cost-unseen": lambda: _cost(_DOWN),
    "cost-free": lambda: _cost(*_project(), price=Price(hourly=Decimal(0), currency="EUR")),
    "cost-odd-currency": lambda: _cost(
        *_project(), price=Price(hourly=Decimal("1.5"), currency="<!channel> *x*")
    ),
    "cost-kept-short": lambda: _cost(
        replace(LIFE, watched_since=ago(900)), period="month", kept_since=ago(200)
    ),
    "cost-nothing-recorded": lambda: _cost(),
    "cost-ran-before": lambda: _cost(_RAN_BEFORE, job=_RAN_BEFORE.job, period="today"),
    "cost-project-ran-before": lambda: _cost(_RAN_BEFORE, a_record(since=0.01, job=a_job(2))),
    "cost-of-seconds": lambda: _cost(
        a_record(since=0.00005, job=a_job(duration=None)), period="week"
    ),
    "history-ran-before": lambda: _history(_RAN_BEFORE, "24h"),
    "history-first-read-now": lambda: _history(a_record(since=0, job=_LONG)),
    "cost-hostile": lambda: _cost(a_record(since=5, job=a_job(name=HOSTILE_TEXTS[0]))),
    "morning": lambda: morning_card(
        Morning(
            running=3,
            oldest=timedelta(hours=26),
            failed=1,
            yesterday=timedelta(hours=41),
            day_before=timedelta(hours=31.5),
        )
    ),
}
