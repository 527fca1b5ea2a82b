"""Build deliveries and card edits from their rows, with their changes and jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never

from sqlalchemy import RowMapping, select

from bot.core.acting import RequestedAction
from bot.core.card_content import CardContent
from bot.core.card_edit import CardEdit, Unfollowed
from bot.core.delivery import (
    API_MISSING,
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    DeliveryKind,
    GroupMember,
    GuardDelivery,
    JoblessDelivery,
    MessageRef,
    MorningDelivery,
    Outage,
    PauseNote,
    SourceNote,
)
from bot.core.guard_present import Since, present_facts
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.morning import Morning
from bot.core.subscription import DeliveryMode
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, columns_equal
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of, project_of
from bot.store.delivering.card_contents import Key, card_contents, key_of
from bot.store.delivering.followers import followers
from bot.store.delivering.greetings import greeting
from bot.store.delivering.guard_facts import guard_facts, since_notices
from bot.store.delivering.known_jobs import JobFacts, known_jobs
from bot.store.delivering.languages import languages
from bot.store.delivering.members import Members, members_of
from bot.store.delivering.mornings import mornings
from bot.store.delivering.outages import outages
from bot.store.delivering.owners import with_owners
from bot.store.delivering.pauses import reasons
from bot.store.delivering.requested_actions import requested_actions
from bot.store.delivering.resubscribe_sentences import resubscribe_sentences, stored_sentences

# A message that is posted later than this does not show by its own time when the change was.
_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What deliveries need besides their rows."""

    #: The change of each delivery, or those of a group, by the delivery's id.
    members: Mapping[str, tuple[GroupMember, ...]]
    told: Members
    #: The ts of each card, by channel and job.
    cards: Mapping[tuple[str, int], str]
    #: What each card shows.
    cards_shown: Mapping[tuple[str, int], CardContent]
    known: Mapping[int, JobFacts]
    #: The sentences that subscribe to a job again, by channel and job.
    sentences: Mapping[tuple[str, int], str]
    #: The reasons of paused channels, by channel id.
    reasons: Mapping[str, str]
    #: The language tags of the channels that have one, by channel id.
    languages: Mapping[str, str]
    now: datetime
    #: The requests that caused stops and restarts, by the id of the delivery.
    asked: Mapping[str, RequestedAction]
    #: The changes since each guard notice was enqueued, by the notice's id.
    since: Mapping[str, Since]
    #: The channels and jobs of ends after which a subscription still covers the job.
    followed: Collection[Key]
    mornings: Mapping[str, Morning]
    #: The outages that were merged into one note, by the note's id.
    outages: Mapping[str, tuple[Outage, ...]]


_JoblessKind = Literal[
    DeliveryKind.SOURCE_LOST,
    DeliveryKind.SOURCE_BACK,
    DeliveryKind.PLACE_PAUSED,
    DeliveryKind.MORNING,
    DeliveryKind.GREETING,
]


def load_deliveries(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[Delivery, ...]:
    """Build the deliveries of rows of one project, with their changes, cards and jobs."""
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    told = members_of(transaction, ids)
    of_cards = [row for row in rows if row["kind"] == DeliveryKind.CARD.value]
    showing = {DeliveryKind.CARD.value, DeliveryKind.GUARD.value}
    known = known_jobs(transaction, [row for row in rows if row["kind"] in showing])
    subscribing = _subscribing(rows, known, told)
    sentences = resubscribe_sentences(transaction, subscribing, told.offering_card.values())
    found = _Found(
        members=with_owners(transaction, project_of(rows[0]), told.of),
        told=told,
        cards=_cards(transaction, ids),
        cards_shown=card_contents(transaction, of_cards, known, sentences),
        known=known,
        sentences=sentences,
        reasons=reasons(transaction, rows),
        languages=languages(transaction, rows),
        now=transaction.now,
        asked=requested_actions(transaction, project_of(rows[0]), rows, told.of),
        since=since_notices(transaction, rows),
        followed=_followed_on(transaction, rows, told),
        mornings=mornings(transaction, rows),
        outages=outages(transaction, rows),
    )
    return tuple(_delivery(row, found) for row in rows)


def load_edits(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[CardEdit, ...]:
    """Build the card edits of rows of one project, with the contents to show."""
    if not rows:
        return ()
    known = known_jobs(transaction, rows)
    sentences = {
        **resubscribe_sentences(transaction, [row for row in rows if _has_ended(row, known)]),
        **stored_sentences(transaction, rows),
    }
    shown = card_contents(transaction, rows, known, sentences)
    spoken = languages(transaction, rows)
    return tuple(_edit(row, shown[key_of(row)], spoken.get(row["channel_id"], "")) for row in rows)


def _subscribing(
    rows: Sequence[RowMapping], known: Mapping[int, JobFacts], told: Members
) -> list[RowMapping]:
    """Return the rows whose messages offer to subscribe: they show an end, or offer a quieter
    delivery mode."""
    return [
        row
        for row in rows
        if row["id"] in told.offering_card
        or any(member.change.step.ends for member in told.of.get(row["id"], ()))
        or (row["kind"] == DeliveryKind.CARD.value and _has_ended(row, known))
    ]


def _followed_on(
    transaction: Transaction, rows: Sequence[RowMapping], told: Members
) -> Collection[Key]:
    jobs: dict[int, VisualizationJob] = {}
    ends: list[RowMapping] = []
    for row in rows:
        for member in told.of.get(row["id"], ()):
            if member.change.step.ends and row["kind"] == DeliveryKind.CHANGE.value:
                jobs[row["job_id"]] = member.change.job
                ends.append(row)
    return {key for key, people in followers(transaction, ends, jobs).items() if people}


def _has_ended(row: RowMapping, known: Mapping[int, JobFacts]) -> bool:
    return known[row["job_id"]].job.status.phase in ENDED_PHASES


def _cards(transaction: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    query = (
        select(tables.card.c.channel_id, tables.card.c.job_id, tables.card.c.ts)
        .join(
            tables.delivery,
            columns_equal(tables.card, tables.delivery, CARD_KEY),
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
                asked=found.asked.get(row["id"]),
                is_followed=key_of(row) in found.followed,
                is_late=(row["finished_at"] or found.now) - row["created_at"] >= _LATE,
                due_at=member.due_at,
            )
        case DeliveryKind.CHANGES:
            members = found.members[row["id"]]
            return ChangesDelivery(**leased, **_notice(row, found), members=members)
        case DeliveryKind.GUARD:
            return _guard(row, found)
        case kind:
            return _of_no_job(kind, row, found)


def _of_no_job(kind: _JoblessKind, row: RowMapping, found: _Found) -> JoblessDelivery:
    leased = _leased(row, found)
    match kind:
        case DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK:
            return SourceNote(
                **leased,
                since=row["since"],
                is_back=kind is DeliveryKind.SOURCE_BACK,
                is_api_missing=row["about"] == API_MISSING,
                outages=found.outages.get(row["id"], ()),
            )
        case DeliveryKind.PLACE_PAUSED:
            about = row["about"]
            return PauseNote(**leased, channel_id=about, reason=found.reasons.get(about, ""))
        case DeliveryKind.MORNING:
            return MorningDelivery(**leased, morning=found.mornings[row["id"]])
        case DeliveryKind.GREETING:
            return greeting(row, leased)
        case _:
            assert_never(kind)


def _guard(row: RowMapping, found: _Found) -> GuardDelivery:
    known, since, facts = found.known[row["job_id"]], found.since[row["id"]], guard_facts(row)
    return GuardDelivery(
        **_leased(row, found),
        card=_card_above(row, found),
        delivery_mode=DeliveryMode(row["telling"]),
        facts=present_facts(facts, known.job, since),
        job=known.job,
        care=known.care,
        is_gone=known.is_gone,
        over_at=since.over_at(facts.kind),
        is_another_run=since.is_another_run,
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
    offered_job = found.told.offering_card.get(row["id"], row["job_id"])
    return {
        "card": _card_above(row, found) if is_of_one_job else None,
        "delivery_mode": DeliveryMode(row["telling"]),
        "offers_quiet": row["id"] in found.told.offering_card,
        "offers_digest": row["id"] in found.told.offering_digest,
        "resubscribe_sentence": found.sentences.get((row["channel_id"], offered_job), ""),
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
        unfollowed=_unfollowed(row, shown.resubscribe_sentence),
        language=language,
    )


def _unfollowed(row: RowMapping, resubscribe_sentence: str) -> Unfollowed | None:
    if row["is_followed"] or row["unfollowed_at"] is None:
        return None
    return Unfollowed(
        by=row["unfollowed_by"], at=row["unfollowed_at"], resubscribe_sentence=resubscribe_sentence
    )
