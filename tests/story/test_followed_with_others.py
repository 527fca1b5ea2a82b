"""A job that a channel follows by itself and with the project, in the running bot."""

from copy import deepcopy
from typing import Any

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.workspace.elements import find_action
from tests.story.test_followed_cards import followed_card, small, source, told
from tests.story.test_pressed import labels
from tests.world import World, said

__all__ = ["small", "source"]


async def now_with_the_project_alone(world: World) -> dict[str, Any]:
    """Follow the project besides job 205, end the job's own subscription; return the earlier
    card."""
    old = deepcopy(await followed_card(world))
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe project")
    answer = await world.workspace.type(EXPERIMENTS, "/visjob unsubscribe 205")
    assert "It still follows every job of the project (every failure)." in said(answer[-1])
    return old


async def test_its_card_offers_no_end_and_an_old_button_says_why(small: World) -> None:
    old = await now_with_the_project_alone(small)
    assert "Unsubscribe" in labels(old)
    await small.workspace.until(
        lambda: "Unsubscribe" not in labels(told(small, "visjob_card")[0]) or None
    )

    place = small.workspace.clicks.place_of(old, ME)
    await small.workspace.clicks.click(place, find_action(old["blocks"], "Unsubscribe"))

    modal = await small.modal_with("follows this job only as part of")
    assert "Unsubscribe from every job of the project" in said(modal)


@pytest.mark.parametrize("is_undo", [False, True])
async def test_the_project_closes_its_card_and_opens_it_again(small: World, is_undo: bool) -> None:
    await now_with_the_project_alone(small)

    answer = await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe all")
    await small.workspace.until(
        lambda: "No longer followed" in told(small, "visjob_card")[0]["text"]
    )
    if is_undo:
        await small.workspace.click(answer[-1], "Undo")
    else:
        await small.workspace.type(EXPERIMENTS, "/visjob subscribe project")

    await small.workspace.until(
        lambda: "No longer followed" not in told(small, "visjob_card")[0]["text"]
    )
    [card] = told(small, "visjob_card")
    assert "Subscribe again" not in labels(card)
