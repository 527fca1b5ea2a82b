"""Put deliveries into the outbox, inside the transaction of what they tell."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text, update

from bot.core.job import JobId
from bot.core.outbox import DeliveryKind, card_id, delivery_id, source_id
from bot.core.watch import Place, StatusChange, Telling
from bot.store.columns import UtcTime
from bot.store.database import Transaction
from bot.store.rows import Row
from bot.store.tables import card, place

# What a large fan-out yields to others: its members stand as far apart as Slack takes them.
_SPACING = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A place, and how it hears."""

    place: Place
    telling: Telling


async def order_cards(
    transaction: Transaction, project_id: str, job_id: JobId, told: Sequence[Told]
) -> None:
    """Order the card of a job for each place that has none; a forgotten one is shown again."""
    if not told:
        return
    team_id = told[0].place.team_id
    known = (
        await transaction.connection.execute(
            select(card.c.channel_id, card.c.is_followed).where(
                card.c.team_id == team_id,
                card.c.project_id == project_id,
                card.c.job_id == job_id,
            )
        )
    ).all()
    followed = {channel_id for channel_id, is_followed in known if is_followed}
    orders = [order for order in told if order.place.channel_id not in followed]
    if not orders:
        return
    rows = [_card_row(transaction, project_id, job_id, order.place) for order in orders]
    await transaction.connection.execute(_FOLLOW, rows)
    paused = await _paused(transaction, team_id)
    deliveries = [
        {
            **_row(transaction, project_id, job_id, order, paused, number),
            "id": card_id(order.place, project_id, job_id),
            "kind": DeliveryKind.CARD.value,
            "sequence": 0,
        }
        for number, order in enumerate(orders)
    ]
    await transaction.connection.execute(_ORDER_CARD, deliveries)


async def order_change(
    transaction: Transaction, change: StatusChange, told: Sequence[Told]
) -> None:
    """Order a change for each of these places, behind the job's card."""
    if not told:
        return
    await order_cards(transaction, change.project_id, change.job.id, told)
    paused = await _paused(transaction, change.team_id)
    rows = [
        {
            **_row(transaction, change.project_id, change.job.id, order, paused, number),
            "id": delivery_id(order.place, change),
            "kind": DeliveryKind.CHANGE.value,
            "sequence": change.sequence,
        }
        for number, order in enumerate(told)
    ]
    await transaction.connection.execute(_ORDER, rows)


async def order_source_notes(
    transaction: Transaction,
    project_id: str,
    kind: DeliveryKind,
    since: datetime,
    places: Collection[Place],
) -> None:
    """Order one note on the cloud's silence, or on its end, for each of these places."""
    if not places:
        return
    is_end = kind is DeliveryKind.SOURCE_BACK
    paused = await _paused(transaction, next(iter(places)).team_id)
    orders = (Told(place=where, telling=Telling.THREAD) for where in places)
    rows = [
        {
            **_row(transaction, project_id, JobId(0), order, paused, number),
            "id": source_id(order.place, project_id, kind, since),
            "kind": kind.value,
            # The end of a silence comes after its beginning.
            "sequence": 2 * int(since.timestamp()) + is_end,
            "since": since,
        }
        for number, order in enumerate(orders)
    ]
    await transaction.connection.execute(_ORDER, rows)


async def refresh_cards(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Iterable[JobId] | None
) -> None:
    """Let the cards of these jobs (None: of all) be edited: more is known than they show."""
    cards = update(card).where(
        card.c.team_id == team_id, card.c.project_id == project_id, card.c.is_followed
    )
    if job_ids is not None:
        cards = cards.where(card.c.job_id.in_(list(job_ids)))
    await transaction.connection.execute(cards.values(wanted=card.c.wanted + 1))


async def _paused(transaction: Transaction, team_id: str) -> set[str]:
    query = select(place.c.channel_id).where(
        place.c.team_id == team_id, place.c.paused_at.is_not(None)
    )
    return set((await transaction.connection.execute(query)).scalars())


def _row(
    transaction: Transaction,
    project_id: str,
    job_id: JobId,
    order: Told,
    paused: set[str],
    number: int,
) -> Row:
    now = transaction.now
    return {
        "team_id": order.place.team_id,
        "project_id": project_id,
        "channel_id": order.place.channel_id,
        "job_id": job_id,
        "telling": order.telling.value,
        "since": None,
        "created_at": now,
        "turn_at": now + number * _SPACING,
        "next_at": None if order.place.channel_id in paused else now,
    }


def _card_row(transaction: Transaction, project_id: str, job_id: JobId, where: Place) -> Row:
    return {
        "team_id": where.team_id,
        "project_id": project_id,
        "job_id": job_id,
        "channel_id": where.channel_id,
        "next_at": transaction.now,
    }


_FOLLOW = text(
    "INSERT INTO card (team_id, project_id, job_id, channel_id, is_followed,"
    " wanted, claimed, shown, next_at, epoch)"
    " VALUES (:team_id, :project_id, :job_id, :channel_id, true, 1, 0, 0, :next_at, 0)"
    " ON CONFLICT (team_id, project_id, job_id, channel_id)"
    " DO UPDATE SET is_followed = true, wanted = card.wanted + 1"
).bindparams(bindparam("next_at", type_=UtcTime))

_INSERT_DELIVERY = (
    "INSERT INTO delivery (id, team_id, project_id, channel_id, job_id, sequence, kind, telling,"
    " state, since, created_at, turn_at, next_at, attempts, is_doubtful, epoch, reason, rescans)"
    " VALUES (:id, :team_id, :project_id, :channel_id, :job_id, :sequence, :kind, :telling,"
    " 'open', :since, :created_at, :turn_at, :next_at, 0, false, 0, '', 0)"
)
_TIMES = [bindparam(name, type_=UtcTime) for name in ("since", "created_at", "turn_at", "next_at")]

_ORDER = text(f"{_INSERT_DELIVERY} ON CONFLICT (id) DO NOTHING").bindparams(*_TIMES)

# A card that was withdrawn, or that Slack would not take, gets another chance.
_ORDER_CARD = text(
    f"{_INSERT_DELIVERY} ON CONFLICT (id) DO UPDATE SET state = 'open',"
    " next_at = excluded.next_at, turn_at = excluded.turn_at, finished_at = NULL, reason = ''"
    " WHERE delivery.state IN ('withdrawn', 'dead')"
).bindparams(*_TIMES)
