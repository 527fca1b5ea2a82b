"""Search all states of the protocol: no delivery is lost or doubled, and every part is needed.

`VISJOB_PROOF=full` searches a few million states instead of some hundred thousand.
"""

from dataclasses import replace

import pytest

from tests.proof.extent import IS_FULL, Results
from tests.proof.protocol import Protocol
from tests.proof.search import DISORDERED, DOUBLED, KEPT_DOUBLED, LOST, PARKED, search

OURS = Protocol(changes=2, restores=1)
WIDER = Protocol(workers=3, changes=2, restores=1)
#: Large enough to show the fault that a missing part causes.
SMALL = Protocol(crashes=1, lapses=1, unknowns=1)


def test_nothing_is_lost_doubled_or_out_of_order_in_any_state(results: Results) -> None:
    found = search(OURS)

    results.add("model: two workers, two changes, a restore", f"{found.states:,} states, all")
    assert dict(found.faults) == {}
    assert found.states >= 100_000
    assert found.ends > 0


def test_a_reminder_keeps_its_turn_and_one_that_is_withdrawn_is_never_shown(
    results: Results,
) -> None:
    reminded = replace(SMALL, changes=2, reminder_beside=1, withdrawals=1)

    found = search(reminded)

    results.add("model: two changes and a reminder between", f"{found.states:,} states, all")
    assert dict(found.faults) == {}
    assert found.states >= 10_000
    assert DISORDERED in search(replace(reminded, in_order=False)).faults


@pytest.mark.parametrize("urgent", [0, 2] if IS_FULL else [2])
def test_a_hold_that_begins_and_ends_at_any_moment_loses_and_disorders_nothing(
    urgent: int, results: Results
) -> None:
    held = replace(SMALL, changes=3, holds=2, urgent=urgent)

    found = search(held)

    what = "all of them" if not urgent else "all but the second and what it takes along"
    results.add(f"model: three changes, two holds of {what}", f"{found.states:,} states, all")
    assert dict(found.faults) == {}
    assert found.states >= 10_000
    assert DISORDERED in search(replace(held, changes=2, in_order=False)).faults


def test_from_whatever_a_hold_leaves_behind_an_end_can_be_reached() -> None:
    found = search(replace(SMALL, changes=2, holds=1, urgent=1), finds_traps=True)

    assert found.traps == 0
    assert found.ends > 0


@pytest.mark.skipif(not IS_FULL, reason="VISJOB_PROOF=full runs it")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "protocol",
    [WIDER, Protocol(workers=2, places=2, changes=2, crashes=1, lapses=1)],
    ids=["three workers and a restore", "two places"],
)
def test_nor_in_a_wider_search(protocol: Protocol, results: Results) -> None:
    found = search(protocol)

    what = f"{protocol.workers} workers, {protocol.places} places, {protocol.changes} changes"
    results.add(f"model: {what}, {protocol.restores} restores", f"{found.states:,} states, all")
    assert dict(found.faults) == {}
    assert found.states >= 1_000_000


def test_an_end_can_be_reached_from_every_state() -> None:
    found = search(Protocol(changes=2, crashes=1), finds_traps=True)

    assert found.traps == 0
    assert found.ends > 0


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("marks_last", LOST),
        ("leases", DOUBLED),
        ("looks", DOUBLED),
        ("fences", DOUBLED),
    ],
)
def test_without_one_part_the_fault_that_it_prevents_appears(part: str, fault: str) -> None:
    assert fault in search(replace(SMALL, **{part: False})).faults


def test_a_restored_database_doubles_unless_it_is_reconciled() -> None:
    restored = replace(SMALL, restores=1)

    assert dict(search(restored).faults) == {}
    assert DOUBLED in search(replace(restored, reconciles_restores=False)).faults


@pytest.mark.parametrize("assumption", ["applies_in_time", "shows_in_time", "posts_in_time"])
def test_where_an_assumption_breaks_the_sweep_heals_and_nothing_is_lost(assumption: str) -> None:
    broken = replace(SMALL, **{assumption: False})

    healed = search(broken).faults
    unhealed = search(replace(broken, sweeps=False)).faults

    assert set(healed) == {DOUBLED}
    assert KEPT_DOUBLED in unhealed
    assert LOST not in unhealed


def test_order_holds_even_where_an_assumption_breaks() -> None:
    ordered = replace(SMALL, changes=2)

    assert DISORDERED not in search(replace(ordered, shows_in_time=False)).faults
    assert DISORDERED in search(replace(ordered, in_order=False)).faults


def test_without_the_right_to_look_the_unsure_are_parked_and_nothing_is_doubled() -> None:
    assert set(search(Protocol(may_look=False)).faults) == {PARKED}
