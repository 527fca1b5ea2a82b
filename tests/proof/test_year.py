"""The database stops growing after the retention time. `python -m tests.proof.year` runs a year."""

import pytest

from tests.proof.extent import IS_FULL, Results
from tests.proof.year import KEPT_DAYS, begun

#: In the short run gone jobs are forgotten after 30 days, so after 40 no table may grow.
DAYS, SETTLED, KEPT = (420, 240, KEPT_DAYS) if IS_FULL else (60, 40, 5)
SMALL = {} if IS_FULL else {"jobs": 10, "new_jobs": 1, "polls": 2, "asks": 1}


@pytest.mark.timeout(3 * 3600 if IS_FULL else 240)
async def test_nothing_grows_for_ever(results: Results) -> None:
    with begun(kept_days=KEPT, **SMALL) as year:
        await year.begin()
        settled = (await year.live(SETTLED))[-1]
        later = (await year.live(DAYS - SETTLED))[-1]
        await year.store.close()

    grown = {
        table: (settled.rows[table], count)
        for table, count in later.rows.items()
        if count > 1.15 * settled.rows[table] + 5
    }
    assert grown == {}
    assert later.megabytes <= 1.15 * settled.megabytes
    assert min(later.rows[table] for table in ("change", "delivery", "card", "watched_job")) > 0
    results.add(
        f"{DAYS} days of a project, of which {KEPT} are kept",
        f"{sum(later.rows.values()):,} rows, {later.megabytes:.1f} MB, as many as on day {SETTLED}",
    )
