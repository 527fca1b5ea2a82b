"""The answers about subscriptions that are kept as golden files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.cards.subscriptions.subscription_lists import export_card, subscriptions_card
from bot.core.cards.subscriptions.subscriptions import (
    copied_card,
    copy_where_card,
    subscribed_card,
    uncopied_card,
    unsubscribed_card,
)
from bot.core.cards.why.why import preview_card, why_card
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.targets.targets import AllTargets
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.job import JobId
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    SubscriptionState,
)
from bot.slack.blocks import render
from bot.slack.contact import INVITATION
from tests.make import HOSTILE_TEXTS, NOW, OURS, TEAM, a_change, a_job
from tests.watch_fakes import HERE, a_subscription

Json = dict[str, Any]

_DIRECT = Place(team_id=TEAM, channel_id="D0ANA00001")
_KEPT = (
    a_subscription(),
    a_subscription(
        PatternTarget("flow*"),
        event_filter=EventFilter("failures"),
        delivery_mode=DeliveryMode.CARD,
    ),
    a_subscription(
        ProjectTarget(),
        event_filter=EventFilter("running,failed"),
        delivery_mode=DeliveryMode.CHANNEL,
    ),
    a_subscription(JobTarget(JobId(231)), state=SubscriptionState.ENDED, ended_at=NOW),
    a_subscription(place=_DIRECT, until=NOW + timedelta(hours=4)),
)
_RULES = (
    PlaceRules(
        place=HERE,
        quiet_hours=QuietHours(begins_at=22 * 60, ends_at=8 * 60, is_weekdays_only=True),
        digest=Digest(at=9 * 60),
        language="zh-CN",
        time_zone="Asia/Shanghai",
    ),
)
_CHANGES = [
    a_change(7, 8, job=a_job(205)),
    a_change(1, 7, sequence=2, job=a_job(205)),
    a_change(8, 11, sequence=3, job=a_job(205)),
    a_change(11, -1, sequence=4, job=a_job(205)),
]


def _name(job_id: JobId) -> str:
    return "flowers-tb" if job_id == 205 else ""


def _hostile(job_id: JobId) -> str:
    del job_id
    return HOSTILE_TEXTS[0]


def _subscribed(sentence: str, **facts: object) -> Json:
    command = parse(sentence)
    assert isinstance(command, Subscribe)
    kept = replace(a_subscription(), **facts)  # type: ignore[arg-type]  # the case's own fields
    is_ours = "C0SECRET01" not in sentence
    return render(
        subscribed_card(
            kept,
            command=command,
            is_new=is_ours,
            invitation="" if is_ours else INVITATION,
            naming=_name,
        )
    )


def _listed(command: ListSubscriptions) -> Json:
    return render(subscriptions_card(_KEPT, command=command, place=HERE, naming=_name))


def _receipt(number: int, state: DeliveryState, reason: str = "") -> DeliveryReceipt:
    sent_at = NOW if state is DeliveryState.SENT else None
    change = _CHANGES[number]
    return DeliveryReceipt(
        kind=DeliveryKind.CHANGE, state=state, change=change, sent_at=sent_at, reason=reason
    )


def _preview(sentence: str) -> Json:
    command = parse(sentence)
    assert isinstance(command, Subscribe)
    return render(preview_card(a_subscription(), command=command, changes=_CHANGES, naming=_name))


_THERE = Place(team_id=TEAM, channel_id="C0SECRET01")
_COPY = Copy(job=AllTargets(), where="#C0EXP00001", to="#C0SECRET01")


def _copied(*, made: int = 0, existing: int = 0, invitation: str = "") -> Json:
    moved = [replace(one, place=_THERE) for one in _KEPT]
    return render(
        copied_card(
            moved[:made],
            existing=moved[made : made + existing],
            command=_COPY,
            place=_THERE,
            invitation=invitation,
            naming=_name,
        )
    )


_JOB = JobById(JobId(205))


def _why(*, details: bool = False) -> Json:
    receipts = [
        _receipt(0, DeliveryState.SENT),
        _receipt(2, DeliveryState.HELD, "not in the channel"),
        _receipt(3, DeliveryState.UNSURE),
    ]
    here = [a_subscription(event_filter=EventFilter("running,failed,deleted"))]
    return render(
        why_card(
            Why(_JOB, details),
            JobId(205),
            changes=_CHANGES,
            receipts=receipts,
            here=here,
            place=HERE,
            naming=_name,
        )
    )


def _why_dead() -> Json:
    receipts = [
        replace(_receipt(number, DeliveryState.DEAD, "unconfirmed: missing_scope"), delivery_id=id)
        for number, id in enumerate((_LETTER_IDS[0], _LETTER_IDS[0], _LETTER_IDS[1]))
    ]
    here = [a_subscription()]
    return render(
        why_card(
            Why(_JOB),
            JobId(205),
            changes=_CHANGES,
            receipts=receipts,
            here=here,
            place=HERE,
            naming=_name,
        )
    )


def _why_folded() -> Json:
    """Of a project that is followed for failures: most changes are told to nobody."""
    untold = ((12, 1), (1, 7), (7, 8), (8, 9), (9, 12), (12, 7), (7, 8))
    changes = [
        replace(
            a_change(*step, sequence=number, job=a_job(205)),
            seen_at=NOW - (len(untold) - number) * timedelta(minutes=7),
        )
        for number, step in enumerate((*untold, (8, 11)))
    ]
    receipt = DeliveryReceipt(
        kind=DeliveryKind.CHANGE,
        state=DeliveryState.SENT,
        change=changes[-1],
        sent_at=NOW + timedelta(seconds=9),
    )
    before = NOW - timedelta(days=2)
    return render(
        why_card(
            Why(_JOB),
            JobId(205),
            changes=changes,
            receipts=[receipt],
            here=[a_subscription(event_filter=EventFilter("failures"), created_at=before)],
            place=HERE,
            naming=_name,
        )
    )


_LETTER_IDS = ("0e8c7c5e-5a5e-5a5e-9d53-000000000001", "0e8c7c5e-5a5e-5a5e-9d53-000000000002")

SUBSCRIPTIONS: dict[str, Callable[[], Json]] = {
    "subscription-subscribed": lambda: _subscribed("subscribe id:205 in #C0EXP00001"),
    "subscription-until": lambda: _subscribed(
        "subscribe id:205 in dm until 4h", place=_DIRECT, until=NOW + timedelta(hours=4)
    ),
    "subscription-pending": lambda: _subscribed(
        "subscribe id:205 in #C0EXP00001", state=SubscriptionState.PENDING
    ),
    "subscription-not-in-channel": lambda: _subscribed(
        "subscribe project in #C0SECRET01",
        place=Place(team_id=TEAM, channel_id="C0SECRET01"),
        target=ProjectTarget(),
        event_filter=EventFilter("failures"),
    ),
    "subscription-list-here": lambda: _listed(ListSubscriptions()),
    "subscription-list-all": lambda: _listed(ListSubscriptions(Scope.ALL)),
    "subscription-list-hostile": lambda: render(
        subscriptions_card(_KEPT, command=ListSubscriptions(), place=HERE, naming=_hostile)
    ),
    "subscription-export": lambda: render(
        export_card(_KEPT, _RULES, command=ListSubscriptions(), project=OURS)
    ),
    "subscription-removed": lambda: render(
        unsubscribed_card(
            _KEPT[:2],
            asked=Unsubscribe(job=AllTargets()),
            place=HERE,
            naming=_name,
            slash_command="/visjob",
        )
    ),
    "subscription-nothing-removed": lambda: render(
        unsubscribed_card(
            (),
            asked=Unsubscribe(job=AllTargets()),
            place=HERE,
            naming=_name,
            slash_command="/visjob",
        )
    ),
    "copy-where": lambda: render(copy_where_card(replace(_COPY, to=""), HERE)),
    "copy-where-one": lambda: render(copy_where_card(Copy(job=_JOB, where="dm", to=""), _DIRECT)),
    "copy-copied": lambda: _copied(made=3),
    "copy-copied-in-part": lambda: _copied(made=1, existing=2),
    "copy-copied-before": lambda: _copied(existing=1),
    "copy-copied-not-in-channel": lambda: _copied(made=3, invitation=INVITATION),
    "copy-nothing-copied": lambda: render(uncopied_card(_COPY, is_same_place=False)),
    "copy-copied-to-itself": lambda: render(uncopied_card(_COPY, is_same_place=True)),
    "preview": lambda: _preview("subscribe id:205 in #C0EXP00001"),
    "why": _why,
    "why-details": lambda: _why(details=True),
    "why-dead": _why_dead,
    "why-folded": _why_folded,
}
