"""Withdraw guard notices that are needless when their turn comes: the reported run or wait is
over, or the place no longer follows the job."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, and_, exists, select, update

from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import Overtaken
from bot.core.guard_present import Since
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, columns_equal
from bot.store.database.database import Transaction
from bot.store.delivering.guard_facts import guard_facts, since_notices
from bot.store.delivering.readiness import is_free

_DELIVERY = tables.delivery
_PLACE_OF_PROJECT = ("team_id", "project_id", "channel_id")


def withdraw_overtaken(transaction: Transaction, ids: Sequence[str]) -> bool:
    """Withdraw the needless guard notices in the places of these notices; True if there were any.
    A notice that may be in Slack stays, and so does one that a person reopened."""
    rows = _unsent_beside(transaction, ids)
    since = since_notices(transaction, rows)
    found = False
    for why in Overtaken:
        vain = [row["id"] for row in rows if _why(row, since) is why]
        if vain:
            found = True
            _withdraw(transaction, vain, why)
    return found


def _why(row: RowMapping, since: Mapping[str, Since]) -> Overtaken | None:
    if since[row["id"]].over_at(guard_facts(row).kind) is not None:
        return Overtaken.OVER
    return Overtaken.UNFOLLOWED if row["is_followed"] is False else None


def _unsent_beside(transaction: Transaction, ids: Sequence[str]) -> Sequence[RowMapping]:
    if not ids:
        return ()
    c, one, card = _DELIVERY.c, _DELIVERY.alias("one"), tables.card
    query = (
        select(_DELIVERY, card.c.is_followed)
        .outerjoin(card, columns_equal(card, _DELIVERY, CARD_KEY))
        .where(
            exists().where(one.c.id.in_(ids), columns_equal(one, _DELIVERY, _PLACE_OF_PROJECT)),
            c.kind == DeliveryKind.GUARD.value,
            and_(c.state == "open", c.intent_at.is_(None), c.since.is_(None)),
            is_free(transaction.now, transaction.now),
        )
        # Another transaction may be withdrawing the same rows, so skip locked ones.
        .with_for_update(skip_locked=True, of=_DELIVERY)
    )
    return transaction.connection.execute(query).mappings().all()


def _withdraw(transaction: Transaction, ids: Sequence[str], why: Overtaken) -> None:
    transaction.connection.execute(
        update(_DELIVERY)
        .where(_DELIVERY.c.id.in_(ids))
        .values(
            state="withdrawn",
            reason=why.value,
            epoch=_DELIVERY.c.epoch + 1,
            lease_until=None,
            finished_at=transaction.now,
        )
    )
