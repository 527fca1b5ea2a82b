"""Kill a replica at its first point, at the second, and so on; each change is still posted once.

Points are before and after every call of a port, every statement and commit, and all that is sent
to Slack or received; and in Slack every call that was carried out, but not answered yet.
`VISJOB_PROOF=full` kills at all of them, and kills twice at pairs of them; otherwise at a sample.
`VISJOB_PROOF_SEEDS=1-300` takes these points, or these pairs.
"""

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.stage import Forge, staged
from tests.proof.story import PLACE, STEPS, Fresh, Story, tell

SAMPLE = 4
PAIRS = seeds(short=3, full=2000)
#: The first call to Slack asks for the bot's identity, so posts begin with the second.
FIRST_POST = 2
SOME_CALLS = (2, 4, 6)
LIMIT = 6 * 3600 if IS_FULL else 240


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """A function that makes new databases, of each kind in turn."""
    made: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


def chosen(last: int) -> Iterable[int]:
    """Return which of the points 1 to `last` to try: some at equal distances, or those of
    VISJOB_PROOF_SEEDS, or all; the numbers of all go on until the caller stops."""
    if "VISJOB_PROOF_SEEDS" in os.environ:
        return seeds(short=0, full=0)
    if IS_FULL:
        return itertools.count(1)
    return sorted({round(last * (number + 0.5) / SAMPLE) for number in range(SAMPLE)})


async def kill_at_points(forge: Forge, fresh: Fresh, replicas: int, results: Results) -> None:
    """Play one story for each chosen point, at which the first replica is killed."""
    story, points = await tell(forge, fresh, replicas)
    assert story.deaths == 0
    tried = []
    for point in chosen(len(points)):
        story, _ = await tell(forge, fresh, replicas, fatal=[point])
        if not story.deaths:
            break
        tried.append(point)
    kind = fresh().partition(":")[0]
    results.add(
        f"killed at a point of its way, {kind}, {replicas} replicas",
        f"{len(tried)} of {len(points)} points, {len(tried) * len(STEPS)} deliveries",
        faults=len(tried),
    )
    if IS_FULL and replicas == 1 and "VISJOB_PROOF_SEEDS" not in os.environ:
        assert len(tried) >= len(points)
    assert len(tried) >= min(SAMPLE - 1, len(points) - 1)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_may_die_at_any_point(forge: Forge, fresh: Fresh, results: Results) -> None:
    await kill_at_points(forge, fresh, 1, results)


@pytest.mark.timeout(LIMIT)
async def test_one_of_two_replicas_may_die_at_any_point(
    forge: Forge, fresh_postgresql: Fresh, results: Results
) -> None:
    await kill_at_points(forge, fresh_postgresql, 2, results)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_may_die_after_slack_has_its_call(
    forge: Forge, fresh: Fresh, results: Results
) -> None:
    tried = 0
    for call in itertools.count(FIRST_POST) if IS_FULL else SOME_CALLS:
        story, _ = await tell(forge, fresh, fatal_call=call)
        if not story.deaths:
            break
        tried += 1
    results.add("killed when Slack has its call", f"{tried} calls", faults=tried)
    assert tried >= len(SOME_CALLS)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_and_its_successor_may_die(
    forge: Forge, fresh_sqlite: Fresh, results: Results
) -> None:
    _, points = await tell(forge, fresh_sqlite)
    for seed in PAIRS:
        dice = random.Random(seed)  # noqa: S311 - which points, not a secret
        fatal = [dice.randint(1, len(points)), dice.randint(1, len(points) // 3)]
        story, _ = await tell(forge, fresh_sqlite, fatal=fatal)
        assert story.deaths > 0
    results.add(
        f"killed, and its successor killed, pairs {PAIRS[0]} to {PAIRS[-1]}",
        f"{len(PAIRS)} pairs of points, {len(PAIRS) * len(STEPS)} deliveries",
        faults=2 * len(PAIRS),
    )


async def test_who_simply_tries_again_is_caught_doubling(forge: Forge, fresh_sqlite: Fresh) -> None:
    async with staged(forge, fresh_sqlite(), is_naive=True) as stage:
        story = Story(stage, replicas=1, fatal_call=3)
        await story.tell()

    assert story.deaths == 1
    assert max(Counter(stage.told(PLACE)).values()) == 2
