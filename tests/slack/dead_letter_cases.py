"""The answers about dead letters that are kept as golden files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.core.cards.changes.dead_letters import dead_letters_card, redelivered_card
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeadLetter
from bot.core.subscription import Place
from bot.slack.blocks import render
from tests.make import HOSTILE_TEXTS, NOW, TEAM, a_change, a_job
from tests.watch_fakes import HERE

Json = dict[str, Any]

_DIRECT = Place(team_id=TEAM, channel_id="D0ANA00001")
_CHANGES = (a_change(7, 8, job=a_job(205)), a_change(8, 11, sequence=2, job=a_job(205, 11)))


def a_dead_letter(number: int = 1, **facts: Any) -> DeadLetter:
    """One notice that Slack would not take; `facts` replace single fields."""
    usual: dict[str, Any] = {
        "delivery_id": f"0e8c7c5e-5a5e-5a5e-9d53-{number:012}",
        "kind": DeliveryKind.CHANGE,
        "place": HERE,
        "job_id": 205,
        "changes": _CHANGES[:1],
        "reason": "Slack refused chat.postMessage. invalid_blocks",
        "died_at": NOW - timedelta(minutes=number),
    }
    return DeadLetter(**{**usual, **facts})


_UNCONFIRMED = "unconfirmed: Slack refused conversations.replies. missing_scope"
_SEVERAL = (
    a_dead_letter(1),
    a_dead_letter(2, reason=_UNCONFIRMED, kind=DeliveryKind.CHANGES, changes=_CHANGES),
    a_dead_letter(3, kind=DeliveryKind.CARD, changes=(), place=_DIRECT),
    a_dead_letter(4, kind=DeliveryKind.SOURCE_LOST, changes=(), job_id=0),
    a_dead_letter(5, kind=DeliveryKind.MORNING, changes=(), job_id=0),
)
_HOSTILE = a_dead_letter(
    reason=HOSTILE_TEXTS[0], changes=(a_change(7, 8, job=a_job(name=HOSTILE_TEXTS[1])),)
)

DEAD_LETTERS: dict[str, Callable[[], Json]] = {
    "dead-letters-none": lambda: render(dead_letters_card(())),
    "dead-letters-one": lambda: render(dead_letters_card([a_dead_letter()])),
    "dead-letters-several": lambda: render(dead_letters_card(_SEVERAL)),
    "dead-letters-many": lambda: render(
        dead_letters_card([a_dead_letter(number) for number in range(1, 41)])
    ),
    "dead-letters-hostile": lambda: render(dead_letters_card([_HOSTILE])),
    "dead-letters-on-the-way": lambda: render(redelivered_card(3)),
    "dead-letters-unknown": lambda: render(redelivered_card(0)),
}
