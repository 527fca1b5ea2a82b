"""`until 18:00` is in the time zone of the person who types it, and the answer names the zone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import DEFAULT_SCOPES, EXPERIMENTS, ME
from bot.demo.workspace.faults import FaultKind
from tests.fakes import FakeSource
from tests.make import a_job
from tests.world import World, open_world, said, settle

USUAL = "Pacific/Auckland"
BEN = "U0BEN00001"


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, jobs=FakeSource([a_job(205)]), VISJOB_TIME_ZONE=USUAL) as made:
        yield await settle(made)


def times_asked(world: World) -> int:
    """Return how often Slack was asked about a person."""
    return len([one for one in world.workspace.journal if one.method == "users.info"])


@pytest.mark.parametrize(
    ("slack_says", "meant"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("America/St_Johns", "America/St_Johns"),
        ("", USUAL),
    ],
)
async def test_a_time_is_meant_in_the_zone_of_who_says_it(
    small: World, slack_says: str, meant: str
) -> None:
    small.workspace.state.people[ME].tz = slack_says

    card = await small.type("/visjob subscribe 205 until 18:00")

    assert f"(18:00 {meant})" in card["text"]
    assert '"type": "date"' in said(card)


async def test_the_kept_end_is_of_that_zone_whoever_says_it_again(small: World) -> None:
    small.workspace.state.people[ME].tz = "Asia/Shanghai"
    small.workspace.state.people[BEN].tz = "America/Los_Angeles"
    card = await small.type("/visjob subscribe 205 until tomorrow")
    (preview,) = [
        button["value"]
        for block in card["blocks"]
        for menu in block.get("elements", [])
        for button in menu.get("options", [])
        if "preview" in button.get("value", "")
    ]
    assert preview.endswith("16:00z preview")  # midnight in Shanghai

    before = len(small.workspace.ephemerals(EXPERIMENTS, BEN))
    await small.workspace.mention(EXPERIMENTS, preview.removesuffix(" preview"), user=BEN)
    await small.workspace.until(lambda: len(small.workspace.ephemerals(EXPERIMENTS, BEN)) > before)
    assert "16:00 UTC" in small.workspace.ephemerals(EXPERIMENTS, BEN)[-1]["text"]


async def test_slack_is_asked_once_whatever_is_to_be_known_of_a_person(small: World) -> None:
    for text in ("205", "list", "subscribe 205", "subscribe 205 until 4h", "subscribe 205 for all"):
        await small.type(f"/visjob {text}")
    assert times_asked(small) == 1, "for the language of the answers"

    for text in ("18:00", "tomorrow", "monday", "09:00"):
        assert "Europe/Berlin)" in (await small.type(f"/visjob subscribe 205 until {text}"))["text"]
    assert times_asked(small) == 1


@pytest.mark.parametrize("fault", ["rate_limited", "http_error", "html", "cut_json", "timeout"])
async def test_where_slack_does_not_tell_the_usual_zone_is_named_in_time(
    small: World, fault: FaultKind
) -> None:
    small.workspace.faults.add(fault, method="users.info", seconds=30)

    card = await small.type("/visjob subscribe 205 until 18:00")

    # The answer came in the acknowledgement itself.
    assert f"(18:00 {USUAL})" in card["text"]
    assert small.workspace.replies.journal == []


async def test_a_scope_that_was_not_granted_is_no_fault(small: World) -> None:
    small.workspace.state.installation.scopes = frozenset(DEFAULT_SCOPES) - {"users:read"}

    card = await small.type("/visjob subscribe 205 until 18:00")

    assert f"(18:00 {USUAL})" in card["text"]
