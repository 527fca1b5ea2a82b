"""From claimed rows to deliveries and edits with their changes and jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import RowMapping, select

from bot.core.card_content import CardContent
from bot.core.delivery import (
    API_MISSING,
    CardDelivery,
    CardEdit,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    DeliveryKind,
    GroupMember,
    GuardDelivery,
    MessageRef,
    MorningDelivery,
    PauseNote,
    SourceNote,
    Unfollowed,
)
from bot.core.job import ENDED_PHASES
from bot.core.morning import Morning
from bot.core.subscription import DeliveryMode
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, same
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of, project_of
from bot.store.delivering.card_contents import card_contents, key_of
from bot.store.delivering.former_terms import kept_sentences, sentences_again
from bot.store.delivering.guarding import guard_facts
from bot.store.delivering.known_jobs import Known, known_jobs
from bot.store.delivering.languages import languages
from bot.store.delivering.members import Members, members_of
from bot.store.delivering.mornings import mornings
from bot.store.delivering.owners import with_owners
from bot.store.delivering.pauses import reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What deliveries tell beside their rows."""

    #: By the id of the delivery: its change, or those of the group.
    members: Mapping[str, tuple[GroupMember, ...]]
    told: Members
    #: The ts of each card, by channel and job.
    cards: Mapping[tuple[str, int], str]
    #: What each card shows.
    cards_shown: Mapping[tuple[str, int], CardContent]
    known: Mapping[int, Known]
    #: How the job of an end is followed again.
    again: Mapping[tuple[str, int], str]
    #: Why a channel is paused.
    reasons: Mapping[str, str]
    #: Of channels that have one of their own.
    languages: Mapping[str, str]
    mornings: Mapping[str, Morning]


def load_deliveries(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[Delivery, ...]:
    """Add the changes, the cards and the jobs to rows of one project."""
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    told = members_of(transaction, ids)
    of_cards = [row for row in rows if row["kind"] == DeliveryKind.CARD.value]
    showing = {DeliveryKind.CARD.value, DeliveryKind.GUARD.value}
    known = known_jobs(transaction, [row for row in rows if row["kind"] in showing])
    again = sentences_again(transaction, _subscribing(rows, known, told))
    found = _Found(
        members=with_owners(transaction, project_of(rows[0]), told.of),
        told=told,
        cards=_cards(transaction, ids),
        cards_shown=card_contents(transaction, of_cards, known, again),
        known=known,
        again=again,
        reasons=reasons(transaction, rows),
        languages=languages(transaction, rows),
        mornings=mornings(transaction, rows),
    )
    return tuple(_delivery(row, found) for row in rows)


def load_edits(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[CardEdit, ...]:
    """Add what the cards shall show to rows of one project."""
    if not rows:
        return ()
    known = known_jobs(transaction, rows)
    again = {
        **sentences_again(transaction, [row for row in rows if _has_ended(row, known)]),
        **kept_sentences(transaction, rows),
    }
    shown = card_contents(transaction, rows, known, again)
    spoken = languages(transaction, rows)
    return tuple(_edit(row, shown[key_of(row)], spoken.get(row["channel_id"], "")) for row in rows)


def _subscribing(
    rows: Sequence[RowMapping], known: Mapping[int, Known], told: Members
) -> list[RowMapping]:
    """Those rows whose messages offer to subscribe: they show an end, or offer less."""
    return [
        row
        for row in rows
        if row["id"] in told.offering_card
        or any(member.change.step.ends for member in told.of.get(row["id"], ()))
        or (row["kind"] == DeliveryKind.CARD.value and _has_ended(row, known))
    ]


def _has_ended(row: RowMapping, known: Mapping[int, Known]) -> bool:
    return known[row["job_id"]].job.status.phase in ENDED_PHASES


def _cards(transaction: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    query = (
        select(tables.card.c.channel_id, tables.card.c.job_id, tables.card.c.ts)
        .join(
            tables.delivery,
            same(tables.card, tables.delivery, CARD_KEY),
        )
        .where(tables.delivery.c.id.in_(ids), tables.card.c.ts.is_not(None))
    )
    rows = transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.ts for row in rows}


def _delivery(row: RowMapping, found: _Found) -> Delivery:
    leased = _leased(row, found)
    match DeliveryKind(row["kind"]):
        case DeliveryKind.CARD:
            return CardDelivery(**leased, shown=found.cards_shown[key_of(row)])
        case DeliveryKind.CHANGE:
            [member] = found.members[row["id"]]
            notice = _notice(row, found)
            return ChangeDelivery(
                **leased,
                **notice,
                change=member.change,
                owner=member.owner,
                held_until=member.held_until,
            )
        case DeliveryKind.CHANGES:
            members = found.members[row["id"]]
            return ChangesDelivery(**leased, **_notice(row, found), members=members)
        case DeliveryKind.GUARD:
            return _guard(row, found)
        case (DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK) as kind:
            return SourceNote(
                **leased,
                since=row["since"],
                is_back=kind is DeliveryKind.SOURCE_BACK,
                is_api_missing=row["about"] == API_MISSING,
            )
        case DeliveryKind.PLACE_PAUSED:
            about = row["about"]
            return PauseNote(**leased, channel_id=about, reason=found.reasons.get(about, ""))
        case DeliveryKind.MORNING:
            return MorningDelivery(**leased, morning=found.mornings[row["id"]])
        case kind:
            assert_never(kind)


def _guard(row: RowMapping, found: _Found) -> GuardDelivery:
    known = found.known[row["job_id"]]
    return GuardDelivery(
        **_leased(row, found),
        card=_card_above(row, found),
        delivery_mode=DeliveryMode(row["telling"]),
        facts=guard_facts(row),
        job=known.job,
        care=known.care,
        is_gone=known.is_gone,
    )


def _leased(row: RowMapping, found: _Found) -> dict[str, Any]:
    return {
        "id": row["id"],
        "place": place_of(row),
        "project_id": row["project_id"],
        "epoch": row["epoch"],
        "attempts": row["attempts"],
        "failures": row["failures"],
        "intent_at": row["intent_at"],
        "look_from": row["look_from"],
        "thread_ts": row["thread_ts"],
        "language": found.languages.get(row["channel_id"], ""),
    }


def _notice(row: RowMapping, found: _Found) -> dict[str, Any]:
    is_of_one_job = len({member.change.job.id for member in found.members[row["id"]]}) == 1
    return {
        "card": _card_above(row, found) if is_of_one_job else None,
        "delivery_mode": DeliveryMode(row["telling"]),
        "offers_quiet": row["id"] in found.told.offering_card,
        "offers_digest": row["id"] in found.told.offering_digest,
        "again": found.again.get((row["channel_id"], row["job_id"]), ""),
    }


def _card_above(row: RowMapping, found: _Found) -> MessageRef | None:
    ts = found.cards.get((row["channel_id"], row["job_id"]))
    return MessageRef(channel_id=row["channel_id"], ts=ts) if ts else None


def _edit(row: RowMapping, shown: CardContent, language: str) -> CardEdit:
    return CardEdit(
        place=place_of(row),
        project_id=row["project_id"],
        card=MessageRef(channel_id=row["channel_id"], ts=row["ts"]),
        shown=shown,
        epoch=row["epoch"],
        unfollowed=_unfollowed(row, shown.again),
        language=language,
    )


def _unfollowed(row: RowMapping, again: str) -> Unfollowed | None:
    if row["is_followed"] or row["unfollowed_at"] is None:
        return None
    return Unfollowed(by=row["unfollowed_by"], at=row["unfollowed_at"], again=again)
