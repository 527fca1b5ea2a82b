"""Make, change and end subscriptions of places: the Subscriptions port over SQL."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, text, update

from bot.core.audience import LIVE_STATES, Recipient, is_live
from bot.core.job import VisualizationJob
from bot.core.place_changes import PlaceChange
from bot.core.ports.store import Subscribed
from bot.core.project import Project
from bot.core.subscription import (
    MOST_OF_A_PERSON,
    MOST_OF_A_PLACE,
    JobTarget,
    PatternTarget,
    Place,
    Subscription,
    Target,
    too_many_here,
    too_many_of_yours,
)
from bot.store.audience.listing import list_subscriptions
from bot.store.audience.pattern_spelling import in_one_spelling, respell
from bot.store.audience.rename_place import move_place
from bot.store.audience.reopening import reopen_cards
from bot.store.audience.subscribers import stop_unwanted, unfollow
from bot.store.caring.baseline import note_baseline
from bot.store.database import tables
from bot.store.database.batched_reads import BatchedReads
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place, of_project
from bot.store.database.database import Database, Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rows import Row, filter_row, subscription_of, target_row
from bot.store.delivering.enqueue import enqueue_cards, refresh_cards
from bot.store.delivering.languages import adopt_language
from bot.store.place_rules import set_rules
from bot.store.watching.polling import poll_again, poll_soon
from bot.store.watching.projects import order_sweep
from bot.store.watching.recording import observe_baseline


def _subscribe(
    transaction: Transaction,
    subscription: Subscription,
    *,
    baseline: VisualizationJob | None,
    request_key: str = "",
    language: str = "",
) -> Subscribed:
    claim_request(transaction, subscription.place.team_id, request_key)
    _set_up(transaction, subscription.place, language)
    return _put(transaction, subscription, baseline=baseline)


def _copy(
    transaction: Transaction,
    subscriptions: Sequence[Subscription],
    *,
    request_key: str = "",
    language: str = "",
) -> None:
    for team_id in {one.place.team_id for one in subscriptions}:
        claim_request(transaction, team_id, request_key)
    for place in {one.place for one in subscriptions}:
        _set_up(transaction, place, language)
    for one in subscriptions:
        _put(transaction, one, baseline=None)


def _set_up(transaction: Transaction, place: Place, language: str) -> None:
    """Give a place the language of the person who makes its first subscription."""
    is_empty = not _count_live(transaction, of_place(tables.subscription, place))
    if language and (is_empty or place.is_direct):
        adopt_language(transaction, place, language)


def _put(
    transaction: Transaction, subscription: Subscription, *, baseline: VisualizationJob | None
) -> Subscribed:
    if not isinstance(subscription.target, JobTarget):
        baseline = None
    elif baseline is not None:
        # Record the read before the subscription: only older ones are notified of its change.
        observe_baseline(transaction, subscription, baseline)
        created_at = subscription.created_at
        note_baseline(transaction, subscription.project, baseline, created_at=created_at)
    kept, is_new = _keep(transaction, subscription, is_known=baseline is not None)
    if is_new:
        _check_room(transaction, kept)
    if not isinstance(subscription.target, JobTarget):
        order_sweep(transaction, kept)
    elif baseline is not None:
        job_id = subscription.target.job_id
        recipient = Recipient(place=kept.place, delivery_mode=kept.delivery_mode)
        enqueue_cards(transaction, kept.project, job_id, [recipient])
        # The card names who follows the job, and until when.
        refresh_cards(transaction, kept.project, [job_id], place=kept.place)
        poll_again(transaction, subscription.project, job_id)
    else:
        poll_soon(transaction, subscription.project, subscription.target.job_id)
    reopen_cards(transaction, kept)
    return Subscribed(subscription=kept, is_new=is_new)


def _keep(
    transaction: Transaction, subscription: Subscription, *, is_known: bool
) -> tuple[Subscription, bool]:
    state = "active" if is_known else "pending"
    if isinstance(subscription.target, PatternTarget):
        respell(transaction, subscription, subscription.target)
    added = transaction.connection.execute(_ADD, {**_row_of(subscription), "state": state})
    existing = _existing(transaction, subscription)
    if existing is not None and added.rowcount:
        return existing, True
    changes: Row = {
        **filter_row(subscription.event_filter),
        "telling": subscription.delivery_mode.value,
        "until": subscription.until,
    }
    had_ended = existing is not None and not is_live(existing)
    if had_ended:
        changes["created_at"] = subscription.created_at
    if had_ended or is_known:
        changes |= {"state": state, "ended_at": None}
    changed = transaction.connection.execute(
        update(tables.subscription)
        .where(_key(subscription))
        .values(**changes)
        .returning(*tables.subscription.c)
    )
    return subscription_of(changed.mappings().one()), had_ended


def _check_room(transaction: Transaction, added: Subscription) -> None:
    """Raise TooMany, which rolls back the addition, if the place or the person has too many.
    Concurrent additions may exceed the bounds, which keep off floods and need not be exact."""
    of_place_ = of_place(tables.subscription, added.place)
    if _count_live(transaction, of_place_) > MOST_OF_A_PLACE:
        raise too_many_here()
    c = tables.subscription.c
    of_person = and_(c.team_id == added.place.team_id, c.created_by == added.created_by)
    if _count_live(transaction, of_person) > MOST_OF_A_PERSON:
        raise too_many_of_yours()


def _count_live(transaction: Transaction, *where: ColumnElement[bool]) -> int:
    states = [state.value for state in LIVE_STATES]
    query = (
        select(func.count())
        .select_from(tables.subscription)
        .where(*where, tables.subscription.c.state.in_(states))
    )
    return transaction.connection.scalar(query) or 0


def _existing(transaction: Transaction, subscription: Subscription) -> Subscription | None:
    query = select(tables.subscription).where(_key(subscription))
    row = transaction.connection.execute(query).mappings().one_or_none()
    return None if row is None else subscription_of(row)


def _settle(transaction: Transaction, project: Project, change: PlaceChange) -> None:
    if len(change.kept) > MOST_OF_A_PLACE:
        raise too_many_here()  # before thousands of rows are written in vain
    # End subscriptions first, to make room for the new ones.
    for one in change.ended:
        _end(transaction, project, change.place, one.target, by="")
    for _, kept in change.kept:
        _put(transaction, kept, baseline=None)
    if change.rules:
        set_rules(transaction, change.rules[1])


def _unsubscribe(
    transaction: Transaction,
    project: Project,
    place: Place,
    target: Target | None,
    *,
    by: str,
    request_key: str = "",
) -> tuple[Subscription, ...]:
    claim_request(transaction, place.team_id, request_key)
    return _end(transaction, project, place, target, by=by)


def _end(
    transaction: Transaction, project: Project, place: Place, target: Target | None, *, by: str
) -> tuple[Subscription, ...]:
    query = (
        delete(tables.subscription)
        .where(of_project(tables.subscription, project), of_place(tables.subscription, place))
        .returning(*tables.subscription.c)
    )
    if target is not None:
        query = query.where(_of_target(target))
    rows = transaction.connection.execute(query).mappings().all()
    gone = tuple(sorted(map(subscription_of, rows), key=lambda one: one.id))
    if gone:
        unfollow(transaction, project, place, ended=gone, by=by)
        job_ids = {one.target.job_id for one in gone if isinstance(one.target, JobTarget)}
        is_all_jobs = len(job_ids) == len(gone)
        # If other subscriptions cover the job, its card must no longer offer to end this one.
        refresh_cards(transaction, project, job_ids, place=place)
        stop_unwanted(transaction, project, job_ids if is_all_jobs else None)
    return gone


def _row_of(subscription: Subscription) -> Row:
    return {
        "team_id": subscription.place.team_id,
        "project_id": subscription.project_id,
        "channel_id": subscription.place.channel_id,
        **target_row(subscription.target),
        **filter_row(subscription.event_filter),
        "telling": subscription.delivery_mode.value,
        "created_by": subscription.created_by,
        "created_at": subscription.created_at,
        "until": subscription.until,
    }


def _key(subscription: Subscription) -> ColumnElement[bool]:
    return and_(
        of_project(tables.subscription, subscription.project),
        of_place(tables.subscription, subscription.place),
        _of_target(subscription.target),
    )


def _of_target(target: Target) -> ColumnElement[bool]:
    row = target_row(target)
    c = tables.subscription.c
    spelled = in_one_spelling(c.target) if isinstance(target, PatternTarget) else c.target
    return and_(c.target_kind == row["target_kind"], spelled == row["target"])


_ADD = text(
    "INSERT INTO subscription (team_id, project_id, channel_id, target_kind, target, job_id,"
    " wanted, preset, telling, created_by, created_at, until, state)"
    " VALUES (:team_id, :project_id, :channel_id, :target_kind, :target, :job_id,"
    " :wanted, :preset, :telling, :created_by, :created_at, :until, :state)"
    " ON CONFLICT (team_id, project_id, channel_id, target_kind, target) DO NOTHING"
).bindparams(bindparam("created_at", type_=UtcTime), bindparam("until", type_=UtcTime))


class SqlSubscriptions(SqlPort):
    """The Subscriptions port over SQL."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._followed = BatchedReads(
            self._read_followed, writes_ended=lambda: database.writes_ended
        )

    subscribe = writing(_subscribe, checkpoints_after=True)
    copy = writing(_copy, checkpoints_after=True)
    unsubscribe = writing(_unsubscribe, checkpoints_after=True)
    settle = writing(_settle, checkpoints_after=True)
    move_place = writing(move_place)
    list_subscriptions = reading(list_subscriptions)

    async def followed_in(self, project: Project, place: Place) -> tuple[Subscription, ...]:
        """Return the subscriptions of a place, read once for all callers within moments."""
        return await self._followed.get((project, place))

    async def _read_followed(
        self, asked: Collection[tuple[Project, Place]]
    ) -> Mapping[tuple[Project, Place], tuple[Subscription, ...]]:
        return await self._database.read(
            lambda transaction: {
                (project, place): list_subscriptions(transaction, project, place=place)
                for project, place in asked
            }
        )
