"""The demo's clock: nights and mornings that need not be waited for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo.clock import WorldClock
from bot.demo.world import small_world
from bot.serve.clock import utc_now

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("now", "moment", "zone", "then"),
    [
        ("2026-11-29T12:00", "night", BERLIN, "2026-11-29T22:00"),
        ("2026-11-29T22:00", "morning", BERLIN, "2026-11-30T08:00"),
        ("2026-11-29T22:00", "night", BERLIN, "2026-11-30T22:00"),
        ("2026-11-29T07:59", "morning", BERLIN, "2026-11-29T08:00"),
        ("2026-11-29T12:00", "night", SHANGHAI, "2026-11-29T15:00"),
        ("2026-10-24T22:30", "morning", BERLIN, "2026-10-25T08:00"),
        ("2026-03-28T22:30", "morning", BERLIN, "2026-03-29T07:00"),
        ("2026-03-28T22:30", "day", BERLIN, "2026-03-29T22:30"),
    ],
)
def test_the_next_moment_of_a_name_comes(now: str, moment: str, zone: ZoneInfo, then: str) -> None:
    began = datetime.fromisoformat(f"{now}+00:00")
    clock = WorldClock(lambda: began)

    clock.wait_for(moment, zone)

    assert clock() == datetime.fromisoformat(then).replace(tzinfo=UTC)


# Until somebody acts.
WAITING = 197


@pytest.mark.parametrize("moment", ["night", "morning", "day"])
async def test_the_cloud_goes_on_with_the_clock(moment: str) -> None:
    """No job takes a step in a jump; what runs has run so much longer, and what waits for somebody
    has waited so."""
    now = datetime.fromisoformat("2026-11-29T12:00:30+00:00")
    async with small_world(clock=lambda: now) as world:
        assert world.cloud
        before = {job["job_id"]: job for job in world.cloud.snapshot()}
        at = world.clock()
        world.clock.wait_for(moment, world.zone)
        jump = (world.clock() - at) // timedelta(milliseconds=1)
        for job in world.cloud.snapshot():
            was = before[job["job_id"]]
            grown = jump if job["status"] == 8 or job["job_id"] == WAITING else 0
            assert job == {**was, "duration_ms": was["duration_ms"] + grown}
    assert jump


async def test_the_bot_hears_people_at_whatever_time_it_is() -> None:
    async with small_world(clock=utc_now) as world:
        for moment in ("night", "morning", "night"):
            world.clock.wait_for(moment, world.zone)
            [answer] = await world.workspace.type("C0EXP00001", "/visjob help")
            assert "subscribe" in str(answer)
