"""Notes on the cloud that waited: an outage that is over by then is told once, with its end."""

from datetime import timedelta

import pytest

from bot.core.delivery import Delivery, SourceNote
from tests.store.delivering.test_rule_holds import ALL_HERE, HOUR, by_the_clock, rule
from tests.store.world import HERE, NOON, P1, World, a_subscription, job

MINUTE = timedelta(minutes=1)
AFTER = 10 * MINUTE


async def followed(world: World) -> None:
    """A job is followed here, its card is posted, and the cloud answers."""
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.store.watchlist.note_source(P1, is_good=True, lost_after=AFTER)


async def lose(world: World, *, is_missing: bool = False) -> None:
    """Nothing is read well for ten minutes, or the API itself is gone."""
    for _ in range(12):
        await world.pass_time(MINUTE)
        await world.store.watchlist.note_source(
            P1, is_good=False, is_missing=is_missing, lost_after=AFTER
        )


async def find(world: World) -> None:
    """It answers again, ten minutes later, and goes on for ten."""
    await world.pass_time(10 * MINUTE)
    await world.store.watchlist.note_source(P1, is_good=True, lost_after=AFTER)
    for _ in range(10):
        await world.pass_time(MINUTE)
        await world.store.watchlist.note_source(P1, is_good=True, lost_after=AFTER)


def words(sent: list[Delivery]) -> list[str]:
    """What each message says: the state, and for how many minutes each outage lasted."""
    return [_words(one) for one in sent if isinstance(one, SourceNote)]


def _words(note: SourceNote) -> str:
    state = "missing" if note.is_api_missing else "back" if note.is_back else "lost"
    lengths = [str(round((one.until - one.since) / MINUTE)) for one in note.outages]
    assert list(note.outages) == sorted(note.outages)
    return " ".join([state, *lengths])


#: What happens while messages are held, in order, and what is told afterwards.
NIGHTS: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", []),
    "it is lost": ("l", ["lost"]),
    "it is lost and back": ("lb", ["back 22"]),
    "twice": ("lblb", ["back 22 22"]),
    "many times": ("lb" * 5, ["back 22 22 22 22 22"]),
    "and lost again": ("lblbl", ["back 22 22", "lost"]),
    "the API was missing": ("mb", ["back 22"]),
    "the API is missing": ("lbm", ["back 22", "missing"]),
}


@by_the_clock
@pytest.mark.parametrize("night", NIGHTS)
async def test_what_came_and_went_while_it_was_held_is_one_line(world: World, night: str) -> None:
    happens, told = NIGHTS[night]
    await followed(world)
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + 9 * HOUR, by="U1")

    for what in happens:
        if what == "b":
            await find(world)
        else:
            await lose(world, is_missing=what == "m")
        assert words(await world.send_all()) == []
    await world.store.snoozes.wake(ALL_HERE)

    assert words(await world.send_all()) == told
    assert words(await world.send_all()) == []


async def test_both_databases_merge_a_moment_without_the_cloud(world: World) -> None:
    await followed(world)
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by="U1")
    for is_good in (False, True):
        await world.store.watchlist.note_source(P1, is_good=is_good, lost_after=timedelta())
    assert words(await world.send_all()) == []

    await world.store.snoozes.wake(ALL_HERE)

    assert words(await world.send_all()) == ["back 0"]


@by_the_clock
async def test_an_outage_that_was_told_of_is_told_to_be_over(world: World) -> None:
    await followed(world)
    await lose(world)
    assert words(await world.send_all()) == ["lost"]
    await world.store.snoozes.snooze(ALL_HERE, until=await world.now() + HOUR, by="U1")

    await find(world)
    await world.store.snoozes.wake(ALL_HERE)

    assert words(await world.send_all()) == ["back"]


@by_the_clock
async def test_where_nothing_is_held_each_is_told_when_it_comes_true(world: World) -> None:
    await followed(world)
    await lose(world)
    assert words(await world.send_all()) == ["lost"]
    await find(world)
    assert words(await world.send_all()) == ["back"]


@by_the_clock
async def test_what_may_have_been_sent_is_merged_with_nothing(world: World) -> None:
    await followed(world)
    await lose(world)
    [lost] = await world.claim()
    assert await world.store.outbox.intend(lost)
    assert await world.store.outbox.record_unsure(lost, due_in=HOUR)
    await find(world)
    await world.pass_time(HOUR)

    [unsure] = await world.claim()
    assert unsure.id == lost.id
    assert await world.store.outbox.record_absent(unsure)

    assert words(await world.send_all()) == ["back 22"]


@by_the_clock
async def test_after_a_night_of_quiet_hours_one_line_tells_all(world: World) -> None:
    await followed(world)
    await rule(world, quiet="13:00-23:00")
    await world.pass_time(2 * HOUR)
    await world.store.watchlist.note_source(P1, is_good=True, lost_after=AFTER)
    for _ in range(2):
        await lose(world)
        await find(world)
    assert words(await world.send_all()) == []

    await world.pass_time(12 * HOUR)

    sent = [one for one in await world.send_all() if isinstance(one, SourceNote)]
    assert words(list(sent)) == ["back 22 22"]
    assert sent[0].place == HERE
    assert NOON < sent[0].outages[0].since < sent[0].outages[0].until < sent[0].outages[1].since
