"""How long it takes until another replica has sent what a dead replica had leased."""

import random
import statistics

import pytest

from tests.proof.extent import IS_FULL, Results, seeds
from tests.proof.stage import Forge
from tests.proof.story import Fresh, tell

#: The spans of `serve`, in seconds.
TRUE_SPANS = {"lease": 60, "settle": 30, "timeout": 10, "interval": 30}
#: The limit for 99 of 100 recoveries, in seconds.
LONGEST = 120
DEATHS = seeds(short=3, full=500)


@pytest.mark.timeout(6 * 3600 if IS_FULL else 240)
async def test_after_a_death_all_is_told_within_two_minutes(
    forge: Forge, fresh_sqlite: Fresh, results: Results
) -> None:
    _, points = await tell(forge, fresh_sqlite, spans=TRUE_SPANS)
    spans = []
    for seed in DEATHS:
        dice = random.Random(seed)  # noqa: S311 - which points, not a secret
        fatal = [dice.randint(1, len(points))]
        story, _ = await tell(forge, fresh_sqlite, fatal=fatal, spans=TRUE_SPANS)
        if story.recovery is not None:
            spans.append(story.recovery)
    middle, worst = statistics.median(spans), max(spans)
    late = statistics.quantiles(spans, n=100, method="inclusive")[98]
    results.add(
        "from a kill until all is told, lease 60 s, settling 30 s",
        f"{len(spans)} kills",
        faults=len(spans),
        worst=f"{worst:.0f} s (p50 {middle:.0f} s, p99 {late:.0f} s)",
    )
    assert late < LONGEST
