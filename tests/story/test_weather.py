"""Answers while the cloud is in trouble: the cloud's own words, since when, and what to do."""

import json
from pathlib import Path

import pytest

from bot.core.cards.wording import moment_words
from bot.demo.terminal_text import spoken
from tests.slack.oracles import hold_message
from tests.world import World, open_world, said, settle


async def test_an_unknown_job_is_told_once_with_the_vendors_code(world: World) -> None:
    card = await world.type("/visjob 999")

    assert "ModelArts has no job 999." in card["text"]
    assert "ModelArts.0102" in card["text"]
    assert "No good answer" not in card["text"]


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        ("ModelArts.0104", "The length of search content should be in [0,100]", 400),
        ("ModelArts.9999", "Nobody documented <!channel> this & that", 400),
        ("APIG.0101", "The API does not exist or has not been published", 404),
        ("ModelArts.0011", "Internal server error, request *later*", 500),
        ("IAM.0003", "Policy doesn't allow modelarts:tensorboard:get to be performed.", 403),
    ],
)
async def test_an_error_of_the_api_is_shown_verbatim_with_its_code(
    world: World, code: str, text: str, status: int
) -> None:
    world.cloud.faults.add("fail", code=code, text=text, http_status=status, count=None)

    card = await world.type("/visjob 188")

    blocks = said({"blocks": card["blocks"]})
    assert json.dumps(text)[1:-1] in blocks
    assert code in blocks
    hold_message({"text": card["text"], "blocks": card["blocks"]})


@pytest.mark.parametrize("fault", ["reset", "html", "empty", "cut_json", "huge_body", "gzip_bomb"])
async def test_a_cloud_that_cannot_be_understood_says_since_when_and_what_was_last_known(
    world: World, fault: str
) -> None:
    since = world.clock()
    world.cloud.faults.add(fault, count=None)
    await world.type("/visjob 188")
    world.clock.advance(minutes=4)  # Bolt refuses a request that is 5 minutes old

    card = await world.type("/visjob 190")

    text = spoken(card["text"], world.workspace.state)
    confirmed = f"unet-cells has not been confirmed since {moment_words(since)}"
    assert text.startswith(confirmed)
    assert text.count("since") == 1
    assert "last seen stopped" in said(card["blocks"])
    assert "Try again" in said(card)


async def test_the_first_good_answer_ends_it(world: World) -> None:
    world.cloud.faults.add("html", count=1)
    failed = await world.type("/visjob 188")
    well = await world.type("/visjob 190")

    assert "has not been confirmed since" in failed["text"]
    assert well["text"].startswith("unet-cells was stopped")
    assert "All is well" in (await world.type("/visjob status"))["text"]


async def test_status_says_that_the_cloud_is_down_and_home_does_too(world: World) -> None:
    world.cloud.faults.add("html", count=None)
    await world.type("/visjob 188")

    assert "Not well: cloud." in (await world.type("/visjob status"))["text"]
    assert "ModelArts isn't answering" in said(await world.home())


async def test_a_token_that_expired_is_renewed_without_a_word(tmp_path: Path) -> None:
    async with open_world(tmp_path, by_password=True) as world:
        await settle(world)
        world.cloud.void_tokens()
        card = await world.type("/visjob 188")

    assert card["text"].startswith("vae-digits finished")
    logins = [seen for seen in world.cloud.journal if seen.path.endswith("/auth/tokens")]
    assert len(logins) == 2


async def test_a_wrong_key_pair_is_never_tried_until_it_is_locked(tmp_path: Path) -> None:
    async with open_world(tmp_path, MODELARTS_SECRET_KEY="x" * 40) as world:
        cards = [await world.type(f"/visjob {job_id}") for job_id in range(180, 200)]
        tried = len(world.cloud.journal)

    assert tried < 5, "five failures in a row lock the account"
    assert "our login" in cards[-1]["text"]
    assert "So that the account is not locked" in cards[-1]["text"]
    assert all("No good answer since" in card["text"] for card in cards)


async def test_a_locked_key_pair_is_said_and_left_alone(tmp_path: Path) -> None:
    locked = "Incorrect IAM authentication information: AK access failed to reach the limit"
    async with open_world(tmp_path) as world:
        await settle(world)
        world.cloud.faults.add("fail", code="APIG.0301", text=locked, http_status=401, count=None)
        first = await world.type("/visjob 188")
        asked = len(world.cloud.journal)
        again = [await world.type(f"/visjob {job_id}") for job_id in (190, 193, 201)]

        assert locked in first["text"]
        assert len(world.cloud.journal) == asked, "nothing is sent while it is locked"
        assert all(locked in card["text"] for card in again)
        assert all("APIG.0301" in card["text"] for card in again)
