"""Undo of a claim, in the running bot: the job has its former owner again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import BEN, EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_pressed import labels, press
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
NOBODY = ""


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[World]:
    jobs = [
        a_job(205, 8, duration=timedelta(hours=2)),
        a_job(231, 8, name="resnet-sweep", description=f"owner: {BEN}"),
        a_job(240, 8, name="bert", description=f"owner: {ME}"),
    ]
    source = FakeSource(jobs)
    async with open_world(tmp_path, jobs=source, VISJOB_POLL_SECONDS="30") as made:
        source.clock = made.clock
        yield await settle(made)


async def say(world: World, text: str, user: str = ME) -> Json:
    """Type a sentence and return the last answer to it."""
    with world.workspace.feed.recording(user, EXPERIMENTS) as shown:
        await world.workspace.type(EXPERIMENTS, f"/visjob {text}", user)
        await world.workspace.until(lambda: shown)
    return shown[-1]


@pytest.mark.parametrize(
    ("before", "number", "sentence", "whose"),
    [
        # the job had no owner
        ([], 205, "claim 205", NOBODY),
        # another person had claimed it
        ([("claim 205", BEN)], 205, "claim 205 anyway", BEN),
        # its description names another person, who may also have claimed it
        ([], 231, "claim resnet-sweep", BEN),
        ([("claim 231", BEN)], 231, "claim 231 anyway", BEN),
        # the person had disclaimed the job that names them, and Undo restores that
        ([("disclaim 240", ME)], 240, "claim 240", NOBODY),
    ],
)
async def test_undo_gives_the_job_back(
    lab: World, before: list[tuple[str, str]], number: int, sentence: str, whose: str
) -> None:
    for text, user in before:
        await say(lab, text, user)
    assert whose == await shown_owner(lab, number)

    claimed = await say(lab, sentence)
    assert "is yours now" in said(claimed)
    assert labels(claimed) == ["Undo"]
    assert await shown_owner(lab, number) == ME

    undone = await press(lab, claimed, "Undo")

    assert "no longer yours" in said(undone)
    assert (f"<@{whose}>" in undone["text"]) is bool(whose)
    assert await shown_owner(lab, number) == whose


async def shown_owner(world: World, number: int) -> str:
    """Return the owner that the card of the job names."""
    text = (await say(world, str(number)))["text"]
    found = [user for user in (ME, BEN) if f"Its owner is <@{user}>." in text]
    return found[0] if found else NOBODY


async def test_a_claim_that_changed_nothing_has_nothing_to_undo(lab: World) -> None:
    await say(lab, "claim 205", BEN)

    assert labels(await say(lab, "claim 205", BEN)) == []
    assert labels(await say(lab, "claim 205")) == ["Take it over"]


async def test_an_undo_of_what_is_somebody_elses_by_now_changes_nothing(lab: World) -> None:
    claimed = await say(lab, "claim 205")
    await say(lab, "claim 205 anyway", BEN)

    undone = await press(lab, claimed, "Undo")

    assert "isn't yours" in said(undone).replace("\u2019", "'")
    assert await shown_owner(lab, 205) == BEN
