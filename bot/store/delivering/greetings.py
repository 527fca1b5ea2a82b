"""The first words in a channel: ordered once for ever, posted by the protocol of all deliveries."""

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

# What a greeting is about; else it is the tag of the language of whoever invited us.
_SHARED = "shared"

_GREET = text(
    "INSERT INTO place_rules (team_id, channel_id, greeted_at)"
    " VALUES (:team_id, :channel_id, :now)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET greeted_at = excluded.greeted_at"
    " WHERE place_rules.greeted_at IS NULL"
).bindparams(bindparam("now", type_=UtcTime))


def greet(transaction: Transaction, place: Place) -> bool:
    """True the first time ever that it is asked for this place."""
    greeted = transaction.connection.execute(_GREET, {**asdict(place), "now": transaction.now})
    return greeted.rowcount > 0


def forget_greeting(transaction: Transaction, place: Place) -> None:
    """It was not greeted after all."""
    transaction.connection.execute(
        update(tables.place_rules)
        .where(of_place(tables.place_rules, place))
        .values(greeted_at=None)
    )


def order_greeting(
    transaction: Transaction, project: Project, place: Place, *, is_shared: bool, language: str
) -> None:
    """Enqueue the greeting of a channel that never had one, or whose one Slack would not take."""
    if greet(transaction, place) or _was_refused(transaction, place):
        about = _SHARED if is_shared else language
        enqueue_greeting(transaction, project, place, about=about)


def greeting(row: RowMapping, leased: dict[str, Any]) -> Greeting:
    """A claimed one, in the language of its channel, if that has one, or of whoever invited us."""
    made = Greeting(**leased, is_shared=row["about"] == _SHARED)
    if made.language or made.is_shared:
        return made
    return replace(made, language=row["about"] or "")


def _was_refused(transaction: Transaction, place: Place) -> bool:
    """What nobody could confirm may be there: it is not said again."""
    c = tables.delivery.c
    found = exists().where(
        c.id == greeting_id(place),
        c.kind == DeliveryKind.GREETING.value,
        c.state == "dead",
        ~c.reason.startswith(UNCONFIRMED),
    )
    return bool(transaction.connection.scalar(select(found)))
