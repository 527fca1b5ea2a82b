"""Put deliveries into the outbox, inside the transaction of what they tell."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.core.job import JobId
from bot.core.outbox import DeliveryKind, card_id, delivery_id, source_id
from bot.core.watch import Place, StatusChange, Telling
from bot.store.database import Transaction
from bot.store.many import Many, speller
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
    shared = _shared(transaction, team_id, project_id, job_id)
    await _FOLLOW.run(transaction, shared, [(order.place.channel_id,) for order in orders])
    ids = [card_id(order.place, project_id, job_id) for order in orders]
    shared |= {"kind": DeliveryKind.CARD.value, "sequence": 0}
    await _ORDER_CARD.run(transaction, shared, await _rows(transaction, orders, ids))


async def order_change(
    transaction: Transaction, change: StatusChange, told: Sequence[Told]
) -> None:
    """Order a change for each of these places, behind the job's card."""
    if not told:
        return
    await order_cards(transaction, change.project_id, change.job.id, told)
    ids = [delivery_id(order.place, change) for order in told]
    shared = _shared(transaction, change.team_id, change.project_id, change.job.id)
    shared |= {"kind": DeliveryKind.CHANGE.value, "sequence": change.sequence}
    await _ORDER.run(transaction, shared, await _rows(transaction, told, ids))


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
    orders = [Told(place=where, telling=Telling.THREAD) for where in places]
    ids = [source_id(order.place, project_id, kind, since) for order in orders]
    # The end of a silence comes after its beginning.
    sequence = 2 * int(since.timestamp()) + (kind is DeliveryKind.SOURCE_BACK)
    shared = _shared(transaction, orders[0].place.team_id, project_id, JobId(0))
    shared |= {"kind": kind.value, "sequence": sequence}
    await _ORDER.run(transaction, shared, await _rows(transaction, orders, ids, since=since))


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


async def _rows(
    transaction: Transaction,
    orders: Sequence[Told],
    ids: Sequence[str],
    *,
    since: datetime | None = None,
) -> list[tuple[object, ...]]:
    """What each delivery has of its own, in the order of _DELIVERY."""
    paused = await _paused(transaction, orders[0].place.team_id)
    spell, now = speller(transaction), transaction.now
    at_once, told_since = spell(now), since and spell(since)
    return [
        (
            own_id,
            order.place.channel_id,
            order.telling.value,
            told_since,
            spell(now + number * _SPACING),
            None if order.place.channel_id in paused else at_once,
        )
        for number, (order, own_id) in enumerate(zip(orders, ids, strict=True))
    ]


def _shared(
    transaction: Transaction, team_id: str, project_id: str, job_id: JobId
) -> dict[str, object]:
    return {
        "team_id": team_id,
        "project_id": project_id,
        "job_id": job_id,
        "now": transaction.now,
    }


_SHARED = ("team_id", "project_id", "job_id", "now")
_DELIVERY = {
    "id": "text",
    "channel_id": "text",
    "telling": "text",
    "since": "timestamptz",
    "turn_at": "timestamptz",
    "next_at": "timestamptz",
}


def _insert(
    into: str, values: str, on_conflict: str, shared: Sequence[str], told: Mapping[str, str]
) -> Many:
    each, ours = f"INSERT INTO {into} SELECT {values}", f"ON CONFLICT {on_conflict}"
    return Many(
        sqlite=f"{each} WHERE true {ours}",  # "WHERE true" keeps it from reading a join's ON
        postgresql=f"{each} FROM {{rows}} {ours}",
        shared=shared,
        told=told,
    )


def _insert_delivery(on_conflict: str) -> Many:
    return _insert(
        "delivery (id, team_id, project_id, channel_id, job_id, sequence, kind, telling, state,"
        " since, created_at, turn_at, next_at, attempts, is_doubtful, epoch, reason, rescans)",
        "{id}, {team_id}, {project_id}, {channel_id}, {job_id}, {sequence}, {kind}, {telling},"
        " 'open', {since}, {now}, {turn_at}, {next_at}, 0, false, 0, '', 0",
        on_conflict,
        (*_SHARED, "sequence", "kind"),
        _DELIVERY,
    )


_FOLLOW = _insert(
    "card (team_id, project_id, job_id, channel_id, is_followed,"
    " wanted, claimed, shown, next_at, epoch)",
    "{team_id}, {project_id}, {job_id}, {channel_id}, true, 1, 0, 0, {now}, 0",
    "(team_id, project_id, job_id, channel_id)"
    " DO UPDATE SET is_followed = true, wanted = card.wanted + 1",
    _SHARED,
    {"channel_id": "text"},
)
_ORDER = _insert_delivery("(id) DO NOTHING")
# A card that was withdrawn, or that Slack would not take, gets another chance.
_ORDER_CARD = _insert_delivery(
    "(id) DO UPDATE SET state = 'open', next_at = excluded.next_at, turn_at = excluded.turn_at,"
    " finished_at = NULL, reason = '' WHERE delivery.state IN ('withdrawn', 'dead')"
)
