"""A channel that is shared with another company, on our side and on theirs."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, ME
from tests.neighbours import GRANT, HOME, LONE_GRANT, THEIR_ORG, THEIRS, Json
from tests.world import JSON, World, event

#: The recipients of an event, and whether we are among them.
RECIPIENTS: list[tuple[str, bool, Json]] = [
    ("us, by the outer team", True, {"team_id": HOME}),
    ("us, by the context alone", True, {"team_id": THEIRS, "context_team_id": HOME}),
    ("us, by the authorizations alone", True, {"team_id": THEIRS, "authorizations": [LONE_GRANT]}),
    ("us, and their side is the context", True,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "context_team_id": THEIRS,
      "context_enterprise_id": THEIR_ORG, "authorizations": [GRANT],
      "is_ext_shared_channel": True}),
    ("us, by the second authorization", True,
     {"team_id": THEIRS, "authorizations": [{"team_id": THEIRS}, LONE_GRANT]}),
    ("us, without an outer team", True, {"team_id": None, "authorizations": [LONE_GRANT]}),
    ("them alone", False, {"team_id": THEIRS, "authorizations": [{"team_id": THEIRS}]}),
    ("them, by everything", False, {"team_id": THEIRS, "context_team_id": THEIRS}),
    ("nobody", False, {"team_id": None}),
    ("odd authorizations", False, {"team_id": THEIRS, "authorizations": "none"}),
]  # fmt: skip
FREEING: list[Json] = [
    {"type": "channel_unarchive", "channel": EXPERIMENTS, "user": ME},
    {"type": "group_unarchive", "channel": EXPERIMENTS, "user": ME},
    {"type": "member_joined_channel", "channel": EXPERIMENTS, "user": BOT_USER, "team": HOME},
    {"type": "member_joined_channel", "channel": EXPERIMENTS, "user": BOT_USER, "team": THEIRS},
]


@pytest.mark.parametrize("freeing", FREEING, ids=lambda one: f"{one['type']}-{one.get('team')}")
async def test_news_held_in_a_shared_channel_is_freed_by_events_for_us(
    world: World, tmp_path: Path, freeing: Json
) -> None:
    await world.type("/visjob subscribe 205")
    for number, (sentence, is_ours, wrapper) in enumerate(RECIPIENTS):
        left = {"type": "channel_left", "channel": EXPERIMENTS}
        await world.post(event(event=left, event_id=f"EvL{number}"), kind=JSON)
        assert held(tmp_path) == [EXPERIMENTS]

        body = event(event=freeing, event_id=f"EvF{number}", **wrapper)
        assert (await world.post(body, kind=JSON))[0] == 200, sentence

        assert held(tmp_path) == ([] if is_ours else [EXPERIMENTS]), sentence


async def test_a_channel_gets_the_id_that_sharing_gives_it(world: World, tmp_path: Path) -> None:
    await world.type("/visjob subscribe 205")
    for number, (sentence, is_ours, wrapper) in enumerate(RECIPIENTS):
        old, new = subscribed(tmp_path), f"C0SHARED{number:02}"
        changed = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
        body = event(event=changed, event_id=f"Ev{number}", **wrapper)
        assert (await world.post(body, kind=JSON))[0] == 200, sentence

        assert subscribed(tmp_path) == (new if is_ours else old), sentence


async def test_what_happens_in_a_shared_channel_is_heard_from_the_stand_in(
    world: World, tmp_path: Path
) -> None:
    await world.type("/visjob subscribe 205")
    world.workspace.admin.share(EXPERIMENTS, THEIRS)
    await world.workspace.archive(EXPERIMENTS)
    assert held(tmp_path) == [EXPERIMENTS]

    await world.workspace.admin.unarchive(EXPERIMENTS)

    assert held(tmp_path) == []


def held(folder: Path) -> list[str]:
    """Return the channels with a hold that has no end."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        rows = database.execute("SELECT channel_id FROM hold WHERE until IS NULL")
        return [channel_id for (channel_id,) in rows]


def subscribed(folder: Path) -> str:
    """Return the one channel with a subscription."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        ((channel_id,),) = database.execute("SELECT channel_id FROM subscription")
        return str(channel_id)
