"""Enqueue deliveries in the transaction that records what they report."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from bot.core.audience import Recipient
from bot.core.change import StatusChange
from bot.core.delivery import API_MISSING, DeliveryKind
from bot.core.delivery_ids import (
    card_id,
    delivery_id,
    greeting_id,
    guard_id,
    morning_id,
    pause_id,
    source_id,
)
from bot.core.delivery_report import Pause
from bot.core.guard import GuardNotice
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place
from bot.store.database import tables
from bot.store.database.bulk import among, insertion, time_encoder
from bot.store.database.conditions import of_place, of_project, project_key
from bot.store.database.database import Transaction
from bot.store.delivering.guard_facts import about_guard

# The time between the turns of one fan-out's recipients, so that other deliveries come between.
_SPACING = timedelta(milliseconds=200)
# A sequence after every counted one, so that no delivery of the place waits for a greeting.
_LAST = 2**62


class _New(NamedTuple):
    """A delivery that is not in the outbox yet."""

    id: str
    kind: DeliveryKind
    sequence: int
    about: str = ""
    is_urgent: bool = False


def enqueue_cards(
    transaction: Transaction, project: Project, job_id: JobId, recipients: Sequence[Recipient]
) -> None:
    """Enqueue the card of a job for each place without one; follow an unfollowed card again."""
    missing = _follow(transaction, project, job_id, recipients)
    new = [
        (recipient, [_new_card(recipient, project, job_id)])
        for recipient in recipients
        if recipient.place.channel_id in missing
    ]
    _enqueue(transaction, project, job_id, new)


def enqueue_change(
    transaction: Transaction, change: StatusChange, recipients: Sequence[Recipient]
) -> None:
    """Enqueue a change for each recipient, after the job's card."""
    project, job_id = change.project, change.job.id
    missing = _follow(transaction, project, job_id, recipients)
    new = []
    for recipient in recipients:
        id = delivery_id(recipient.place, change)
        own = [_New(id, DeliveryKind.CHANGE, change.sequence, is_urgent=change.step.is_failure)]
        if recipient.place.channel_id in missing:
            own.insert(0, _new_card(recipient, project, job_id))
        new.append((recipient, own))
    _enqueue(transaction, project, job_id, new)


def enqueue_guard(
    transaction: Transaction,
    project: Project,
    job_id: JobId,
    notice: GuardNotice,
    recipients: Sequence[Recipient],
    *,
    sequence: int,
) -> None:
    """Enqueue a guard notice for each recipient, after the job's card and its latest change, whose
    number is `sequence`."""
    if not recipients:
        return
    missing = _follow(transaction, project, job_id, recipients)
    about, new = about_guard(notice.facts), []
    for recipient in recipients:
        id = guard_id(recipient.place, project.project_id, job_id, notice.key)
        # The card has sequence 0, so a notice before any change needs 1 to come after it.
        own = [_New(id, DeliveryKind.GUARD, max(sequence, 1), about)]
        if recipient.place.channel_id in missing:
            own.insert(0, _new_card(recipient, project, job_id))
        new.append((recipient, own))
    _enqueue(transaction, project, job_id, new)


def enqueue_source_notes(
    transaction: Transaction,
    project: Project,
    kind: DeliveryKind,
    since: datetime,
    places: Collection[Place],
    *,
    missing_since: datetime | None = None,
) -> None:
    """Enqueue a note for each of these places that the cloud is silent, or answers again (`kind`);
    with `missing_since` the note reports that the API is missing."""
    # The note on the end gets the greater number, so it comes after the note on the beginning.
    sequence = 2 * int(since.timestamp()) + (kind is DeliveryKind.SOURCE_BACK)
    about = API_MISSING if missing_since else ""
    new = [
        (
            Recipient(place=place, delivery_mode=DeliveryMode.THREAD),
            [_New(source_id(place, project.project_id, kind, since, about), kind, sequence, about)],
        )
        for place in places
    ]
    _enqueue(transaction, project, JobId(0), new, since=missing_since or since)


def enqueue_pause_notes(
    transaction: Transaction, project: Project, pause: Pause, told: Sequence[Place]
) -> None:
    """Enqueue one note on a pause for each of these direct messages."""
    kind, since, about = DeliveryKind.PLACE_PAUSED, pause.paused_at, pause.place.channel_id
    new = [
        (
            Recipient(place=place, delivery_mode=DeliveryMode.THREAD),
            [_New(pause_id(place, pause.place, since), kind, int(since.timestamp()), about)],
        )
        for place in told
    ]
    _enqueue(transaction, project, JobId(0), new, since=since)


def enqueue_morning(
    transaction: Transaction, project: Project, place: Place, moment: datetime
) -> None:
    """Enqueue the morning line of a project for this moment of a place's digest."""
    id = morning_id(place, project.project_id, moment)
    # Numbered like the source notes, because both have job 0 and are ordered together.
    new = _New(id, DeliveryKind.MORNING, 2 * int(moment.timestamp()))
    recipient = Recipient(place=place, delivery_mode=DeliveryMode.THREAD)
    _enqueue(transaction, project, JobId(0), [(recipient, [new])], since=moment)


def enqueue_greeting(
    transaction: Transaction, project: Project, place: Place, *, about: str
) -> None:
    """Enqueue the greeting of a channel. No other delivery of the channel waits for it."""
    new = _New(greeting_id(place), DeliveryKind.GREETING, _LAST, about)
    recipient = Recipient(place=place, delivery_mode=DeliveryMode.THREAD)
    _enqueue(transaction, project, JobId(0), [(recipient, [new])])


def refresh_cards(
    transaction: Transaction,
    whose: Project | Place,
    job_ids: Iterable[JobId] | None = None,
    *,
    place: Place | None = None,
) -> None:
    """Mark the followed cards of a project or a place as outdated, so that they are edited.
    `job_ids` restricts this to some jobs, and `place` to one place of the project."""
    card = tables.card
    theirs = of_place(card, whose) if isinstance(whose, Place) else of_project(card, whose)
    cards = update(card).where(theirs, card.c.is_followed)
    if job_ids is not None:
        cards = cards.where(among(card.c.job_id, job_ids))
    if place is not None:
        cards = cards.where(card.c.channel_id == place.channel_id)
    # Slack may have refused the former content, and then the card waits for long.
    soon = {"wanted": card.c.wanted + 1, "next_at": transaction.now}
    transaction.connection.execute(cards.values(soon))


def _follow(
    transaction: Transaction, project: Project, job_id: JobId, recipients: Sequence[Recipient]
) -> Collection[str]:
    """Follow the card of a job in each of these places; return the channels that did not follow
    it before."""
    known = select(tables.card.c.channel_id).where(
        of_project(tables.card, project), tables.card.c.job_id == job_id, tables.card.c.is_followed
    )
    followed = set(transaction.connection.execute(known).scalars())
    channel_ids = [recipient.place.channel_id for recipient in recipients]
    # A dict keeps the order of the recipients, which the inserted deliveries have, too.
    missing = dict.fromkeys(one for one in channel_ids if one not in followed)
    _FOLLOW.run(transaction, _shared(transaction, project, job_id), [(one,) for one in missing])
    return missing


def _shared(transaction: Transaction, project: Project, job_id: JobId) -> dict[str, object]:
    return {**project_key(project), "job_id": job_id, "now": transaction.now}


def _new_card(recipient: Recipient, project: Project, job_id: JobId) -> _New:
    return _New(card_id(recipient.place, project.project_id, job_id), DeliveryKind.CARD, 0)


def _enqueue(
    transaction: Transaction,
    project: Project,
    job_id: JobId,
    new: Sequence[tuple[Recipient, Sequence[_New]]],
    *,
    since: datetime | None = None,
) -> None:
    """Insert the new deliveries; those of one place together, so that they share pages."""
    encode, now = time_encoder(transaction), transaction.now
    encoded_since = since and encode(since)
    rows: list[tuple[object, ...]] = []
    for number, (recipient, own) in enumerate(new):
        channel_id, mode = recipient.place.channel_id, recipient.delivery_mode.value
        turn_at = encode(now + number * _SPACING)
        rows += [
            (id, channel_id, sequence, kind.value, mode, encoded_since, about, turn_at, is_urgent)
            for id, kind, sequence, about, is_urgent in own
        ]
    _ENQUEUE.run(transaction, _shared(transaction, project, job_id), rows)


_SHARED = ("team_id", "project_id", "job_id", "now")
_FOLLOW = insertion(
    "card (team_id, project_id, job_id, channel_id, is_followed,"
    " wanted, claimed, shown, next_at, epoch)",
    "{team_id}, {project_id}, {job_id}, {channel_id}, true, 1, 0, 0, {now}, 0",
    "(team_id, project_id, job_id, channel_id)"
    " DO UPDATE SET is_followed = true, wanted = card.wanted + 1",
    shared=_SHARED,
    each={"channel_id": "text"},
)
_ENQUEUE = insertion(
    "delivery (id, team_id, project_id, channel_id, job_id, sequence, kind, telling, state,"
    " since, about, created_at, turn_at, next_at, attempts, is_doubtful, epoch, reason, rescans,"
    " is_urgent)",
    "{id}, {team_id}, {project_id}, {channel_id}, {job_id}, {sequence}, {kind}, {telling},"
    " 'open', {since}, {about}, {now}, {turn_at}, {now}, 0, false, 0, '', 0,"
    " {is_urgent}",
    # Enqueuing again reopens a card that is withdrawn or dead, a guard notice that is withdrawn,
    # and a greeting that is dead. Any other delivery with this id stays as it is.
    "(id) DO UPDATE SET state = 'open', next_at = excluded.next_at, turn_at = excluded.turn_at,"
    " sequence = excluded.sequence, about = excluded.about, finished_at = NULL, reason = ''"
    " WHERE delivery.kind = 'card' AND delivery.state IN ('withdrawn', 'dead')"
    " OR delivery.kind = 'guard' AND delivery.state = 'withdrawn'"
    " OR delivery.kind = 'greeting' AND delivery.state = 'dead'",
    shared=_SHARED,
    each={
        "id": "text",
        "channel_id": "text",
        "sequence": "bigint",
        "kind": "text",
        "telling": "text",
        "since": "timestamptz",
        "about": "text",
        "turn_at": "timestamptz",
        "is_urgent": "boolean",
    },
)
