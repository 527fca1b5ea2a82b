"""What a person in Slack sees: answers to commands, clicks and mentions, and the Home tab."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SourceUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.slack.oracles import hold_message, hold_view
from tests.world import World, open_world, said, settle

Json = dict[str, Any]


class HeldSource(FakeSource):
    """A cloud that answers reads of single jobs only when the test permits it."""

    def __init__(self) -> None:
        super().__init__([a_job(205), a_job(197, 7, name="apiTest-11")])
        self.may_answer = asyncio.Event()
        self.bug: Exception | None = None

    async def get(self, job_id: JobId) -> VisualizationJob:
        await self.may_answer.wait()
        if self.bug:
            raise self.bug
        return await super().get(job_id)


@pytest.fixture
async def source() -> HeldSource:
    made = HeldSource()
    made.may_answer.set()
    return made


@pytest.fixture
async def small(tmp_path: Path, source: HeldSource) -> AsyncIterator[World]:
    """A world whose jobs change at once when a test says so."""
    async with open_world(tmp_path, jobs=source) as made:
        yield await settle(made)


async def test_a_job_is_answered_in_the_acknowledgement_itself(world: World) -> None:
    seen = await world.workspace.type(EXPERIMENTS, "/visjob 205")

    (card,) = seen
    assert card["ephemeral"] is True
    assert card["text"].startswith(
        "flowers-tb has been running for 2 h 14 min. TensorBoard is open."
    )
    assert world.workspace.replies.journal == []
    assert {entry.method for entry in world.workspace.journal} == {"auth.test", "users.info"}
    hold_message({"text": card["text"], "blocks": card["blocks"]})


@pytest.mark.slow
async def test_the_language_of_the_settings_is_spoken_to_whoever_has_no_other(
    tmp_path: Path, source: HeldSource
) -> None:
    async with open_world(tmp_path, jobs=source, VISJOB_LANGUAGE="zh-CN") as world:
        await settle(world)
        world.workspace.state.people[ME].locale = ""
        source.may_answer.clear()
        first = await world.type("/visjob 205")
        source.may_answer.set()
        await world.workspace.until(lambda: world.workspace.replies.journal)

    assert first["text"] == "仍在处理…"


@pytest.mark.slow
async def test_a_slow_cloud_is_said_first_and_answered_through_the_response_url(
    small: World, source: HeldSource
) -> None:
    source.may_answer.clear()
    first = await small.type("/visjob 205")
    source.may_answer.set()
    await small.workspace.until(lambda: small.workspace.replies.journal)

    assert first["text"] == "Still working on it…"
    assert small.whispers()[-1]["text"].startswith("flowers-tb has been running")
    assert len(small.whispers()) == 2
    assert small.workspace.messages(EXPERIMENTS) == []


@pytest.mark.slow
async def test_a_dead_response_url_is_made_good_by_a_direct_message(
    small: World, source: HeldSource
) -> None:
    small.workspace.faults.add("http_error", method="response_url", status=404)
    source.may_answer.clear()
    await small.type("/visjob 205 share")
    source.may_answer.set()
    (direct,) = await small.workspace.until(lambda: small.workspace.messages(APP_DM))

    assert direct["text"].startswith("flowers-tb has been running")
    assert direct["blocks"]
    assert small.workspace.replies.journal == []


async def test_even_a_bug_is_told_by_direct_message(small: World, source: HeldSource) -> None:
    small.workspace.faults.add("http_error", method="response_url", status=404)
    card = await small.type("/visjob 205")
    source.bug = ZeroDivisionError("a bug")
    await small.workspace.click(card, "Refresh")
    (direct,) = await small.workspace.until(lambda: small.workspace.messages(APP_DM))

    assert direct["text"].startswith("Something went wrong on my side")


async def test_a_bug_is_told_and_is_no_server_error(small: World, source: HeldSource) -> None:
    source.bug = ZeroDivisionError("a bug")

    assert (await small.type("/visjob 205"))["text"].startswith("Something went wrong on my side")
    source.bug = None
    assert "flowers-tb" in (await small.type("/visjob 205"))["text"]


async def test_refresh_draws_the_same_message_anew(small: World, source: HeldSource) -> None:
    card = await small.type("/visjob 205")
    source.jobs = [a_job(205, 12)]
    await small.click(card, "Refresh")
    (shown,) = small.whispers()

    assert shown["ts"] == card["ts"]
    assert "was stopped" in shown["text"]
    assert "Open TensorBoard" not in said(shown)


async def test_refresh_on_a_shared_card_draws_it_anew_for_everybody(
    small: World, source: HeldSource
) -> None:
    await small.type("/visjob 205 share")
    card = small.workspace.messages(EXPERIMENTS)[-1]
    source.jobs = [a_job(205, 11)]
    await small.click(card, "Refresh")
    shown = small.workspace.messages(EXPERIMENTS)[-1]

    assert shown["ts"] == card["ts"]
    assert "failed" in shown["text"]
    assert small.whispers() == []


async def test_a_refresh_that_fails_leaves_a_shared_card_as_it_was(
    small: World, source: HeldSource
) -> None:
    await small.type("/visjob 205 share")
    card = small.workspace.messages(EXPERIMENTS)[-1]
    source.error = SourceUnavailable("ModelArts did not answer within 10 s.")
    await small.click(card, "Refresh")
    (told,) = small.whispers()

    assert small.workspace.messages(EXPERIMENTS)[-1]["text"] == card["text"]
    assert told["text"].startswith("flowers-tb has not been confirmed since ")
    assert "ModelArts did not answer within 10 s." in told["text"]


async def test_share_as_the_last_word_answers_in_the_channel(world: World) -> None:
    await world.type("/visjob 205 share")

    typed, card = world.workspace.messages(EXPERIMENTS)
    assert typed["text"] == "/visjob 205 share"
    assert card["text"].startswith("flowers-tb has been running")
    assert world.whispers() == []


async def test_share_here_posts_the_card_and_says_who_shared_it(world: World) -> None:
    card = await world.type("/visjob 205")
    await world.click(card, "Share here")
    (shared,) = world.workspace.messages(EXPERIMENTS)

    assert f"shared by <@{ME}>" in said(shared)
    assert len(world.whispers()) == 1
    hold_message({"text": shared["text"], "blocks": shared["blocks"]}, mentions=frozenset({ME}))


async def test_digits_that_are_id_and_name_are_asked_about_and_the_answer_takes_the_place(
    world: World,
) -> None:
    question = await world.type("/visjob 197")
    assert question["text"] == "197 is a job id, and also the name of job 812. Which one?"
    await world.click(question, "name 197")
    (shown,) = world.whispers()

    assert shown["text"].startswith("197 has been running")
    assert "Job 812" in shown["text"]


async def test_picking_from_a_list_shows_the_job(world: World) -> None:
    listed = await world.type("/visjob list failed")
    await world.click(listed, "🔴 vit-satellite\u00a0(193)")

    assert "vit-satellite failed after 33 s" in world.whispers()[-1]["text"]


async def test_a_search_box_is_served_from_memory(world: World) -> None:
    box = await world.type("/visjob find")
    asked = len(world.cloud.journal)
    answers = [
        await world.workspace.options(box, "visjob:search:0", typed)
        for typed in ("f", "flow", "FLOW", "no such text")
    ]

    assert [o["value"] for o in answers[1]["options"]] == ["id:205"]
    assert answers[1] == answers[2]
    assert answers[3] == {"options": []}
    assert len(world.cloud.journal) == asked


async def test_a_mention_in_a_thread_is_answered_there_for_the_asker_alone(world: World) -> None:
    await world.workspace.type(EXPERIMENTS, "Is the sweep done?")
    thread_ts = world.workspace.messages(EXPERIMENTS)[-1]["ts"]
    await world.workspace.mention(EXPERIMENTS, "resnet", thread_ts=thread_ts)
    (answer,) = await world.workspace.until(world.whispers)

    assert answer["thread_ts"] == thread_ts
    assert answer["text"].startswith("resnet-sweep has been running for 1 d 2 h")


async def test_a_mention_with_share_is_answered_in_the_thread_for_everybody(
    world: World,
) -> None:
    await world.workspace.type(EXPERIMENTS, "Is the sweep done?")
    thread_ts = world.workspace.messages(EXPERIMENTS)[-1]["ts"]
    await world.workspace.mention(EXPERIMENTS, "resnet share", thread_ts=thread_ts)
    await world.workspace.until(lambda: len(world.workspace.messages(EXPERIMENTS)) == 3)
    answer = world.workspace.messages(EXPERIMENTS)[-1]

    assert answer["thread_ts"] == thread_ts
    assert world.whispers() == []


async def test_an_event_that_slack_sends_again_is_answered_once(world: World) -> None:
    event = {
        "type": "app_mention", "user": ME, "text": "<@U0VISJOB01> 205", "ts": "1.000100",
        "channel": EXPERIMENTS, "team": "T0VISION01",
    }  # fmt: skip
    wrapped = {
        "type": "event_callback", "team_id": "T0VISION01", "event_id": "Ev1", "event": event,
    }  # fmt: skip

    for retry in (0, 1):
        body = json.dumps({**wrapped, "event_time": retry})
        assert (await world.post(body, kind="application/json"))[0] == 200
        await world.workspace.until(world.whispers)
    await world.type("/visjob help")  # earlier work has ended once this is answered

    assert len(world.whispers()) == 2


async def test_the_home_tab_shows_what_runs_oldest_first(world: World) -> None:
    home = await world.home()

    assert said(home).index("resnet-sweep") < said(home).index("flowers-tb")
    assert "jobs failed earlier." in said(home)
    hold_view({key: home[key] for key in ("type", "blocks")})


async def test_the_home_tab_shows_what_one_asked_for(world: World) -> None:
    await world.type("/visjob subscribe flow* in dm")

    assert "jobs named " in said(await world.home())


async def test_a_click_on_the_home_tab_opens_a_modal_with_the_answer(world: World) -> None:
    await world.workspace.click(await world.home(), "List all")
    modal = await world.modal_with("flowers-tb")

    hold_view({key: modal[key] for key in ("type", "title", "close", "blocks")})


async def test_a_click_in_a_modal_answers_in_the_same_modal(world: World) -> None:
    await world.workspace.click(await world.home(), "Help")
    modal = await world.modal_with("Last job")
    await world.workspace.click(modal, "List running")
    shown = await world.modal_with("resnet-sweep")

    assert shown["id"] == modal["id"]


ANSWERS = {
    "": "I report on your ModelArts TensorBoard jobs. `/visjob 205` shows a job",
    "help": "I report on your ModelArts TensorBoard jobs. `/visjob 205` shows a job",
    "list": "jobs: ",
    "list finished": "vae-digits finished after 3 h 20 min.",
    "status": "All is well. cloud: last good read",
    "find flowers": "1 job has “flowers” in its name or description.",
    "999": "(ModelArts.0102)",
    "../": "neither a job id nor a job name",
    "statsu": "Did you mean `status`?",
    "-205": "Did you mean `205`?",
    "“apiTest-11”": "apiTest-11 has been queued for ",
    "https://console.huaweicloud.com/x/tensorboard/205/": "flowers-tb has been running",
    "mystery": "mystery has status 37, which this bot does not know.",
}


async def test_each_sentence_is_answered_as_typed(world: World) -> None:
    for sentence, words in ANSWERS.items():
        card = await world.type(f"/visjob {sentence}".rstrip())

        assert words in card["text"], sentence
        hold_message({"text": card["text"], "blocks": card["blocks"]})


async def test_a_hostile_job_is_shown_as_letters(world: World) -> None:
    card = await world.type("/visjob 666")

    assert "<!channel> *bold* <http://evil|x> & `code` @here" in said(card)
    hold_message({"text": card["text"], "blocks": card["blocks"]})


async def test_last_is_the_job_asked_for_before(world: World) -> None:
    await world.type("/visjob flowers")

    assert "Job 205" in (await world.type("/visjob last"))["text"]


async def test_last_is_known_after_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await (await settle(world)).type("/visjob flowers")
    async with open_world(tmp_path) as world:
        answer = await (await settle(world)).type("/visjob last")

    assert "Job 205" in answer["text"]
