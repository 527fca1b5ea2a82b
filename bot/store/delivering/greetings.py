"""The greeting of a channel: enqueued only once, and posted like any other delivery."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import RowMapping, bindparam, exists, select, text, update

from bot.core.delivery import DeliveryKind, Greeting
from bot.core.delivery_ids import greeting_id
from bot.core.project import Project
from bot.core.reasons import UNCONFIRMED
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.delivering.enqueue import enqueue_greeting

# The `about` of a greeting in a shared channel; any other has the inviter's language tag there.
_SHARED = "shared"

_GREET = text(
    "INSERT INTO place_rules (team_id, channel_id, greeted_at)"
    " VALUES (:team_id, :channel_id, :now)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET greeted_at = excluded.greeted_at"
    " WHERE place_rules.greeted_at IS NULL"
).bindparams(bindparam("now", type_=UtcTime))


def greet(transaction: Transaction, place: Place) -> bool:
    """Record that a place is greeted; True only the first time."""
    greeted = transaction.connection.execute(_GREET, {**asdict(place), "now": transaction.now})
    return greeted.rowcount > 0


def forget_greeting(transaction: Transaction, place: Place) -> None:
    """Record that a place was not greeted after all, so that `greet` is True again."""
    transaction.connection.execute(
        update(tables.place_rules)
        .where(of_place(tables.place_rules, place))
        .values(greeted_at=None)
    )


def order_greeting(
    transaction: Transaction, project: Project, place: Place, *, is_shared: bool, language: str
) -> None:
    """Enqueue the greeting of a channel that never had one, or whose greeting Slack refused."""
    if greet(transaction, place) or _was_refused(transaction, place):
        about = _SHARED if is_shared else language
        enqueue_greeting(transaction, project, place, about=about)


def greeting(row: RowMapping, leased: dict[str, Any]) -> Greeting:
    """Return a claimed greeting, in the channel's language, or else in that of the person who
    invited the bot."""
    made = Greeting(**leased, is_shared=row["about"] == _SHARED)
    if made.language or made.is_shared:
        return made
    return replace(made, language=row["about"] or "")


def _was_refused(transaction: Transaction, place: Place) -> bool:
    """Return whether the greeting was given up because Slack refused it. An unconfirmed greeting
    may be in Slack, so it does not count."""
    c = tables.delivery.c
    found = exists().where(
        c.id == greeting_id(place),
        c.kind == DeliveryKind.GREETING.value,
        c.state == "dead",
        ~c.reason.startswith(UNCONFIRMED),
    )
    return bool(transaction.connection.scalar(select(found)))
