"""The delivery protocol as a state machine: each step of a worker, and each event outside it.

The model has no time: conditions say which step may come before which. A lease may end at any
moment, but (A3) not between a worker's guard and its post. The settling time passes only when (A1)
no request is still on its way and (A2) the history shows every copy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

NOBODY = -1

OPEN, SENT, DEAD, WITHDRAWN = "open", "sent", "dead", "withdrawn"

# The positions of a worker: what it does next.
IDLE = "idle"
LOOK, INTEND, GUARD, WRITE = "look", "intend", "guard", "write"
RECORD_YES, RECORD_NO, RECORD_UNSURE, RECORD_FOUND = "yes", "no", "unsure", "found"
MARK = "mark"


class Row(NamedTuple):
    """One delivery: the first four fields are in the database, the others in Slack."""

    state: str = OPEN
    holder: int = NOBODY
    has_intent: bool = False
    is_settled: bool = False
    #: The number of requests that Slack may still apply.
    late: int = 0
    #: The number of copies that the history does not show yet, and of those that it shows.
    hidden: int = 0
    shown: int = 0

    @property
    def copies(self) -> int:
        return self.hidden + self.shown


class Worker(NamedTuple):
    """A worker: what it does next, and with which row."""

    at: str = IDLE
    row: int = 0


class State(NamedTuple):
    """The whole state; `crashes` to `holds` count the events of each kind that may still happen."""

    rows: tuple[Row, ...]
    workers: tuple[Worker, ...]
    crashes: int
    lapses: int
    unknowns: int
    restores: int
    withdrawals: int
    holds: int = 0
    #: A hold that people asked for is on.
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The parameters of the protocol. By default each part of it is there and each assumption
    holds; False removes one."""

    workers: int = 2
    places: int = 1
    #: The number of changes in each place, one after the other.
    changes: int = 1
    #: A reminder has the sequence of this change in each place, so it follows those before it;
    #: 0: no reminder.
    reminder_beside: int = 0
    #: How often a reminder that nobody has begun to post is withdrawn, because somebody keeps the
    #: job. A needless morning line is withdrawn likewise, in the transaction that would claim it.
    withdrawals: int = 0
    #: How often people begin a hold, during which nothing is claimed.
    holds: int = 0
    #: This change of each place passes a hold, and so do those before it; 0: none passes.
    urgent: int = 0
    crashes: int = 2
    lapses: int = 2
    unknowns: int = 2
    #: How often a restore loses the last commits of the database.
    restores: int = 0
    #: False: a delivery is recorded as sent before it is posted.
    marks_last: bool = True
    #: False: any worker takes any row at any time, and no attempt is recorded.
    leases: bool = True
    #: False: a delivery that was tried is posted again without a search.
    looks: bool = True
    #: False: a change may be posted before the preceding one is finished.
    in_order: bool = True
    #: False: Slack does not allow the search, so an unsure row becomes a dead letter.
    may_look: bool = True
    fences: bool = True
    sweeps: bool = True
    reconciles_restores: bool = True
    #: A1: Slack applies a request before the settling time passes, or never.
    applies_in_time: bool = True
    #: A2: the history shows every copy before the settling time passes.
    shows_in_time: bool = True
    #: A3: no worker is stopped between guard and post for longer than the margin.
    posts_in_time: bool = True

    @property
    def rows_of_a_place(self) -> int:
        """The number of rows of a place: its changes, and then its reminder."""
        return self.changes + bool(self.reminder_beside)

    def earlier(self, number: int) -> tuple[int, ...]:
        """Return the rows of the same place that come before this one."""
        first = number - number % self.rows_of_a_place
        here = range(first, first + self.rows_of_a_place)
        mine = self._sequence(number)
        return tuple(other for other in here if self._sequence(other) < mine)

    def _sequence(self, number: int) -> int:
        offset = number % self.rows_of_a_place
        return offset + 1 if offset < self.changes else self.reminder_beside

    def start(self) -> State:
        """Return the first state: every delivery is enqueued, and none is begun."""
        return State(
            (Row(),) * (self.places * self.rows_of_a_place),
            (Worker(),) * self.workers,
            self.crashes,
            self.lapses,
            self.unknowns,
            self.restores,
            self.withdrawals,
            self.holds,
        )

    def successors(self, state: State) -> Iterator[State]:
        """Yield every state that one step of a worker, or one event outside, leads to."""
        for number, worker in enumerate(state.workers):
            if worker.at == IDLE:
                yield from self._claims(state, number)
                continue
            yield from self._steps(state, number, worker)
            if state.crashes:
                yield from self._crash(state, number, worker)
        for number, row in enumerate(state.rows):
            yield from self._world(state, number, row)
            yield from self._withdraw(state, number, row)
        if state.is_held:
            yield state._replace(is_held=False)
        elif state.holds:
            yield state._replace(is_held=True, holds=state.holds - 1)

    def _claims(self, state: State, me: int) -> Iterator[State]:
        for number, row in enumerate(state.rows):
            if row.state != OPEN or not self._is_next(state, number):
                continue
            if state.is_held and self._sequence(number) > self.urgent:
                continue
            if not self.leases:
                yield _moved(state, me, Worker(WRITE, number))
                continue
            if row.holder != NOBODY or (self.looks and row.has_intent and not row.is_settled):
                continue
            at = LOOK if row.has_intent and self.looks else INTEND
            if not self.marks_last:
                at = MARK
            yield _moved(state, me, Worker(at, number), row._replace(holder=me))

    def _is_next(self, state: State, number: int) -> bool:
        if not self.in_order:
            return True
        return all(state.rows[other].state != OPEN for other in self.earlier(number))

    def _steps(self, state: State, me: int, worker: Worker) -> Iterator[State]:
        row = state.rows[worker.row]
        match worker.at:
            case "look":
                yield from self._look(state, me, worker, row)
            case "guard":
                if row.holder == me:
                    yield _moved(state, me, worker._replace(at=WRITE))
                # The other outcome: it is too late to post.
                yield _moved(state, me, worker._replace(at=RECORD_NO))
            case "write":
                yield from self._post(state, me, worker, row)
            case _:
                is_mine = row.holder == me or not self.fences or not self.leases
                yield _recorded(state, me, worker) if is_mine else _moved(state, me, Worker())

    def _look(self, state: State, me: int, worker: Worker, row: Row) -> Iterator[State]:
        if not self.may_look:
            is_mine = row.holder == me
            yield _moved(state, me, Worker(), _closed(row, DEAD) if is_mine else row)
            return
        yield _moved(state, me, worker._replace(at=RECORD_FOUND if row.shown else INTEND))
        # The other outcome: the search is not complete.
        yield _moved(state, me, worker._replace(at=RECORD_UNSURE))

    def _post(self, state: State, me: int, worker: Worker, row: Row) -> Iterator[State]:
        applied = row._replace(hidden=row.hidden + 1)
        if not self.marks_last:
            yield _moved(state, me, Worker(), applied)
        else:
            yield _moved(state, me, worker._replace(at=RECORD_YES), applied)
            yield _moved(state, me, worker._replace(at=RECORD_NO))
        if state.unknowns:
            spent = state._replace(unknowns=state.unknowns - 1)
            after = worker._replace(at=RECORD_UNSURE) if self.marks_last else Worker()
            for outcome in (applied, row, row._replace(late=row.late + 1)):
                yield _moved(spent, me, after, outcome)

    def _crash(self, state: State, me: int, worker: Worker) -> Iterator[State]:
        spent = state._replace(crashes=state.crashes - 1)
        yield _moved(spent, me, Worker())
        if worker.at == WRITE:
            row = state.rows[worker.row]
            yield _moved(spent, me, Worker(), row._replace(hidden=row.hidden + 1))
            yield _moved(spent, me, Worker(), row._replace(late=row.late + 1))

    def _world(self, state: State, number: int, row: Row) -> Iterator[State]:
        if row.late:
            yield _changed(state, number, row._replace(late=row.late - 1, hidden=row.hidden + 1))
            yield _changed(state, number, row._replace(late=row.late - 1))
        if row.hidden:
            yield _changed(state, number, row._replace(hidden=row.hidden - 1, shown=row.shown + 1))
        if row.state == SENT and row.shown > 1 and self.sweeps:
            yield _changed(state, number, row._replace(shown=1))
        if row.holder != NOBODY and row.state == OPEN:
            yield from self._lapse(state, number, row)
        if row.state == OPEN and row.has_intent and self._may_settle(state, number, row):
            yield _changed(state, number, row._replace(is_settled=True))
        if state.restores and row.state != DEAD:
            back = row._replace(
                state=OPEN,
                holder=NOBODY,
                has_intent=self.reconciles_restores,
                is_settled=False,
            )
            yield _changed(state._replace(restores=state.restores - 1), number, back)

    def _withdraw(self, state: State, number: int, row: Row) -> Iterator[State]:
        is_reminder = number % self.rows_of_a_place >= self.changes
        is_begun = row.holder != NOBODY or row.has_intent
        if state.withdrawals and is_reminder and row.state == OPEN and not is_begun:
            spent = state._replace(withdrawals=state.withdrawals - 1)
            yield _changed(spent, number, row._replace(state=WITHDRAWN))

    def _lapse(self, state: State, number: int, row: Row) -> Iterator[State]:
        holder = state.workers[row.holder]
        is_alive = holder.at != IDLE and holder.row == number
        freed = row._replace(holder=NOBODY)
        if not is_alive:
            yield _changed(state, number, freed)
        elif state.lapses and not (self.posts_in_time and holder.at == WRITE):
            yield _changed(state._replace(lapses=state.lapses - 1), number, freed)

    def _may_settle(self, state: State, number: int, row: Row) -> bool:
        if row.is_settled or row.holder != NOBODY:
            return False
        if self.posts_in_time and Worker(WRITE, number) in state.workers:
            return False
        is_late = row.late and self.applies_in_time
        return not is_late and not (row.hidden and self.shows_in_time)


def _recorded(state: State, me: int, worker: Worker) -> State:
    """Return the state after a worker's write to the database, which the fence has let pass."""
    row = state.rows[worker.row]
    if worker.at == INTEND:
        intended = row._replace(has_intent=True, is_settled=False)
        return _moved(state, me, worker._replace(at=GUARD), intended)
    if worker.at == MARK:
        return _moved(state, me, worker._replace(at=WRITE), _closed(row, SENT))
    if worker.at in (RECORD_YES, RECORD_FOUND):
        # The rescans delete further copies.
        return _moved(state, me, Worker(), _closed(row, SENT))
    freed = row._replace(holder=NOBODY)
    if worker.at == RECORD_NO:
        freed = freed._replace(has_intent=False, is_settled=False)
    return _moved(state, me, Worker(), freed if row.state == OPEN else row)


def _moved(state: State, me: int, worker: Worker, row: Row | None = None) -> State:
    """Return the state in which worker `me` is `worker`, and its row, old or new, is `row`."""
    number = worker.row if worker.at != IDLE else state.workers[me].row
    workers = (*state.workers[:me], worker, *state.workers[me + 1 :])
    state = state._replace(workers=workers)
    return state if row is None else _changed(state, number, row)


def _changed(state: State, number: int, row: Row) -> State:
    return state._replace(rows=(*state.rows[:number], row, *state.rows[number + 1 :]))


def _closed(row: Row, as_what: str) -> Row:
    return row._replace(state=as_what, holder=NOBODY) if row.state == OPEN else row
