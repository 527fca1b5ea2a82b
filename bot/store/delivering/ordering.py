"""Put deliveries into the outbox, inside the transaction of what they tell."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from bot.core.change import StatusChange
from bot.core.delivery import API_MISSING, DeliveryKind, card_id, delivery_id, source_id
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, Place
from bot.store.database.bulk import among, insertion, time_encoder
from bot.store.database.database import Transaction
from bot.store.database.tables import card, place

# What a large fan-out yields to others: its members stand as far apart as Slack takes them.
_SPACING = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A place, and how it hears."""

    place: Place
    delivery_mode: DeliveryMode


async def order_cards(
    transaction: Transaction, project_id: str, job_id: JobId, told: Sequence[Told]
) -> None:
    """Order the card of a job for each place that has none; a forgotten one is shown again."""
    missing = await _follow(transaction, project_id, job_id, told)
    letters = [
        (order, [_card_letter(order, project_id, job_id)])
        for order in told
        if order.place.channel_id in missing
    ]
    await _order(transaction, project_id, job_id, letters)


async def order_change(
    transaction: Transaction, change: StatusChange, told: Sequence[Told]
) -> None:
    """Order a change for each of these places, behind the job's card."""
    project_id, job_id = change.project_id, change.job.id
    missing = await _follow(transaction, project_id, job_id, told)
    letters = []
    for order in told:
        own = [_Letter(delivery_id(order.place, change), DeliveryKind.CHANGE, change.sequence)]
        if order.place.channel_id in missing:
            own.insert(0, _card_letter(order, project_id, job_id))
        letters.append((order, own))
    await _order(transaction, project_id, job_id, letters)


async def order_source_notes(
    transaction: Transaction,
    project_id: str,
    kind: DeliveryKind,
    since: datetime,
    places: Collection[Place],
    *,
    missing_since: datetime | None = None,
) -> None:
    """Order one note on the cloud's silence `since` then, or on its end, for each of these places;
    with `missing_since` on the loss of its API."""
    # The end of a silence comes after its beginning.
    sequence = 2 * int(since.timestamp()) + (kind is DeliveryKind.SOURCE_BACK)
    about = API_MISSING if missing_since else ""
    letters = [
        (
            Told(place=where, delivery_mode=DeliveryMode.THREAD),
            [_Letter(source_id(where, project_id, kind, since, about), kind, sequence, about)],
        )
        for where in places
    ]
    await _order(transaction, project_id, JobId(0), letters, since=missing_since or since)


async def refresh_cards(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Iterable[JobId] | None
) -> None:
    """Let the cards of these jobs (None: of all) be edited: more is known than they show."""
    cards = update(card).where(
        card.c.team_id == team_id, card.c.project_id == project_id, card.c.is_followed
    )
    if job_ids is not None:
        cards = cards.where(among(card.c.job_id, job_ids))
    await transaction.connection.execute(cards.values(wanted=card.c.wanted + 1))


async def _paused(transaction: Transaction, team_id: str) -> set[str]:
    query = select(place.c.channel_id).where(
        place.c.team_id == team_id, place.c.paused_at.is_not(None)
    )
    return set((await transaction.connection.execute(query)).scalars())


async def _follow(
    transaction: Transaction, project_id: str, job_id: JobId, told: Sequence[Told]
) -> Collection[str]:
    """Follow the card of a job in each of these places, and name the channels that have none."""
    if not told:
        return ()
    team_id = told[0].place.team_id
    known = select(card.c.channel_id).where(
        card.c.team_id == team_id,
        card.c.project_id == project_id,
        card.c.job_id == job_id,
        card.c.is_followed,
    )
    followed = set((await transaction.connection.execute(known)).scalars())
    # In the order of `told`, in which the deliveries follow.
    missing = dict.fromkeys(
        order.place.channel_id for order in told if order.place.channel_id not in followed
    )
    shared = _shared(transaction, team_id, project_id, job_id)
    await _FOLLOW.run(transaction, shared, [(channel_id,) for channel_id in missing])
    return missing


class _Letter(NamedTuple):
    id: str
    kind: DeliveryKind
    sequence: int
    about: str = ""


def _card_letter(order: Told, project_id: str, job_id: JobId) -> _Letter:
    return _Letter(card_id(order.place, project_id, job_id), DeliveryKind.CARD, 0)


async def _order(
    transaction: Transaction,
    project_id: str,
    job_id: JobId,
    letters: Sequence[tuple[Told, Sequence[_Letter]]],
    *,
    since: datetime | None = None,
) -> None:
    """Put in the letters of each place: in one statement, as those of a place lie side by side."""
    if not letters:
        return
    team_id = letters[0][0].place.team_id
    paused = await _paused(transaction, team_id)
    spell, now = time_encoder(transaction), transaction.now
    at_once, told_since = spell(now), since and spell(since)
    rows: list[tuple[object, ...]] = []
    for number, (order, own) in enumerate(letters):
        channel_id, telling = order.place.channel_id, order.delivery_mode.value
        turn_at = spell(now + number * _SPACING)
        next_at = None if channel_id in paused else at_once
        rows += [
            (id, channel_id, sequence, kind.value, telling, told_since, about, turn_at, next_at)
            for id, kind, sequence, about in own
        ]
    shared = _shared(transaction, team_id, project_id, job_id)
    await _ORDER.run(transaction, shared, rows)


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
    "sequence": "bigint",
    "kind": "text",
    "telling": "text",
    "since": "timestamptz",
    "about": "text",
    "turn_at": "timestamptz",
    "next_at": "timestamptz",
}


_FOLLOW = insertion(
    "card (team_id, project_id, job_id, channel_id, is_followed,"
    " wanted, claimed, shown, next_at, epoch)",
    "{team_id}, {project_id}, {job_id}, {channel_id}, true, 1, 0, 0, {now}, 0",
    "(team_id, project_id, job_id, channel_id)"
    " DO UPDATE SET is_followed = true, wanted = card.wanted + 1",
    shared=_SHARED,
    told={"channel_id": "text"},
)
_ORDER = insertion(
    "delivery (id, team_id, project_id, channel_id, job_id, sequence, kind, telling, state,"
    " since, about, created_at, turn_at, next_at, attempts, is_doubtful, epoch, reason, rescans)",
    "{id}, {team_id}, {project_id}, {channel_id}, {job_id}, {sequence}, {kind}, {telling},"
    " 'open', {since}, {about}, {now}, {turn_at}, {next_at}, 0, false, 0, '', 0",
    # A card that was withdrawn, or that Slack would not take, gets another chance.
    "(id) DO UPDATE SET state = 'open', next_at = excluded.next_at, turn_at = excluded.turn_at,"
    " finished_at = NULL, reason = ''"
    " WHERE delivery.kind = 'card' AND delivery.state IN ('withdrawn', 'dead')",
    shared=_SHARED,
    told=_DELIVERY,
)
