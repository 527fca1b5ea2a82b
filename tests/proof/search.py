"""A breadth-first search through every state of the protocol, which counts faulty states."""

from collections import Counter, deque
from dataclasses import dataclass, field

from tests.proof.protocol import DEAD, OPEN, SENT, WITHDRAWN, Protocol, State

LOST = "lost"
DOUBLED = "doubled at some moment"
KEPT_DOUBLED = "doubled at the end"
DISORDERED = "disordered"
STUCK = "stuck"
PARKED = "parked"
TOLD_ANYWAY = "posted though it was withdrawn"

# The search does not follow a state in which a delivery is shown this often: the fault is proven.
_ENOUGH_COPIES = 3


@dataclass(slots=True)
class Found:
    """How many states and steps the search saw, and in how many states each fault is."""

    states: int = 0
    steps: int = 0
    ends: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    #: States from which no end can be reached.
    traps: int = 0


def search(protocol: Protocol, *, at_most: int | None = None, finds_traps: bool = False) -> Found:
    """Search all states, or the first `at_most`; `finds_traps` also counts the traps."""
    found = Found()
    start = protocol.start()
    seen = {start}
    waiting = deque([start])
    came_from: dict[State, list[State]] = {}
    ends: list[State] = []
    while waiting:
        state = waiting.popleft()
        found.faults.update(_faults(protocol, state))
        if any(row.copies >= _ENOUGH_COPIES for row in state.rows):
            continue
        is_end = True
        for following in protocol.successors(state):
            found.steps += 1
            is_end = False
            if finds_traps:
                came_from.setdefault(following, []).append(state)
            if following not in seen and (at_most is None or len(seen) < at_most):
                seen.add(following)
                waiting.append(following)
        if is_end:
            ends.append(state)
            found.faults.update(_end_faults(state))
    found.states, found.ends = len(seen), len(ends)
    if finds_traps:
        found.traps = len(seen) - len(_all_before(ends, came_from))
    return found


def _faults(protocol: Protocol, state: State) -> set[str]:
    """Return the faults that no state may have, not even for a moment."""
    faults = {DOUBLED for row in state.rows if row.copies > 1}
    for number, row in enumerate(state.rows):
        before = [state.rows[other] for other in protocol.earlier(number)] if row.copies else []
        if any(not one.copies and one.state not in (DEAD, WITHDRAWN) for one in before):
            faults.add(DISORDERED)
        if row.copies and row.state == WITHDRAWN:
            faults.add(TOLD_ANYWAY)
    return faults


def _end_faults(state: State) -> set[str]:
    """Return the faults that a state without successors must not have."""
    faults = set()
    for row in state.rows:
        if row.state == OPEN:
            faults.add(STUCK)
        if row.state == SENT and not row.copies:
            faults.add(LOST)
        if row.state == DEAD:
            faults.add(PARKED)
        if row.copies > 1:
            faults.add(KEPT_DOUBLED)
    return faults


def _all_before(ends: list[State], came_from: dict[State, list[State]]) -> set[State]:
    """Return every state from which an end can be reached."""
    known = set(ends)
    waiting = list(ends)
    while waiting:
        for before in came_from.get(waiting.pop(), []):
            if before not in known:
                known.add(before)
                waiting.append(before)
    return known
