"""A submitted form whose answer is late, broken, or a form again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.core.cards.card import Choice
from bot.core.cards.home.home_page import Section
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscribe_form import subscribe_form, subscribe_form_card
from bot.core.commands.request import Request
from bot.core.text import ENGLISH
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from bot.slack.incoming.answering import Answering
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.submissions import Submissions, problems_at
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.views import form_view
from tests.make import TEAM, a_card
from tests.typing_fakes import in_english
from tests.world import BOT_TOKEN, said

Json = dict[str, Any]
FORM = subscribe_form(last_job=None)
FILLED = {
    "job": {"value": {"selected_option": {"value": "id:205"}}},
    "place": {"value": {"selected_conversation": EXPERIMENTS}},
    "preset": {"value": {"selected_option": {"value": "all"}}},
}
BODY: Json = {
    "user": {"id": ME},
    "trigger_id": "1.2.3",
    "view": {**form_view(FORM), "id": "V1", "state": {"values": FILLED}},
}


ASKED = Request(text="subscribe", team_id=TEAM, user_id=ME)


class HeldAnswers:
    """Answers every sentence with `reply`, once it may."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.bug: Exception | None = None
        self.may_answer = asyncio.Event()
        self.asked: list[Request] = []

    async def respond(self, request: Request) -> Reply:
        self.asked.append(request)
        await self.may_answer.wait()
        if self.bug:
            raise self.bug
        return self.reply

    async def posted(self, request: Request) -> None:
        del request

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        del team_id, typed
        return ()

    def glance(self, team_id: str) -> None:
        pass

    async def home(self, team_id: str, user_id: str, page: int) -> tuple[Section, ...]:
        del team_id, user_id, page
        return ()


@pytest.fixture
async def messenger(workspace: StandInWorkspace) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        yield SlackMessenger(
            token=BOT_TOKEN,
            api_url=workspace.api_url,
            session=session,
            timeout=5,
        )


@pytest.fixture
def answers() -> HeldAnswers:
    return HeldAnswers(Reply(card=a_card()))


@pytest.fixture
def answering(answers: HeldAnswers, messenger: SlackMessenger) -> Answering:
    return Answering(answers, messenger, in_english())


async def test_an_answer_that_is_late_comes_by_direct_message(
    answers: HeldAnswers, answering: Answering, workspace: StandInWorkspace
) -> None:
    background = BackgroundTasks()

    assert (
        await Submissions(answering, background, in_english()).answer(BODY, TEAM, seconds=0) == ""
    )
    answers.may_answer.set()
    await background.finish(10)

    assert [request.text for request in answers.asked] == [
        f"subscribe id:205 for all in #{EXPERIMENTS}"
    ]
    assert answers.asked[0].key == "1.2.3"
    assert [m["text"] for m in workspace.messages(APP_DM)] == ["flowers-tb is running."]


async def test_a_bug_is_told_in_the_modal(answers: HeldAnswers, answering: Answering) -> None:
    answers.may_answer.set()
    answers.bug = ZeroDivisionError("a bug")

    answer = await Submissions(answering, BackgroundTasks(), in_english()).answer(
        BODY, TEAM, seconds=5
    )

    assert isinstance(answer, dict)
    assert answer["response_action"] == "update"
    assert "Something went wrong" in said(answer["view"])


async def test_what_is_wrong_with_an_option_stands_at_its_question(
    answers: HeldAnswers, answering: Answering
) -> None:
    answers.may_answer.set()
    answers.reply = Reply(card=a_card(summary="No."), is_problem=True, wrong_option="in")

    answer = await Submissions(answering, BackgroundTasks(), in_english()).answer(
        BODY, TEAM, seconds=5
    )

    assert answer == {"response_action": "errors", "errors": {"place": "No."}}


@pytest.mark.parametrize("option", ["", "as poem"])
async def test_any_other_trouble_stands_at_the_job(
    answers: HeldAnswers, answering: Answering, option: str
) -> None:
    answers.may_answer.set()
    answers.reply = Reply(card=a_card(summary="x" * 999), is_problem=True, wrong_option=option)

    answer = await Submissions(answering, BackgroundTasks(), in_english()).answer(
        BODY, TEAM, seconds=5
    )

    assert isinstance(answer, dict)
    assert list(answer["errors"]) == ["job"]
    assert len(answer["errors"]["job"]) == 300


def test_a_view_without_questions_has_no_place_for_problems() -> None:
    assert problems_at({"blocks": []}, {"job": "No."}, ENGLISH) == ""


async def test_a_form_that_slack_opens_too_slowly_counts_as_not_opened(
    answering: Answering, workspace: StandInWorkspace
) -> None:
    reply = Reply(card=subscribe_form_card(), form=FORM)
    workspace.faults.add("slow", method="views.open", seconds=30)
    first, second = (workspace.state.tickets.issue_trigger(ME) for _ in range(2))

    assert await answering.opened(ASKED, reply, first, 0.05) is False
    assert await answering.opened(ASKED, reply, second, 5) is True
    assert await answering.opened(ASKED, reply, second, 5) is False  # a trigger is good for once
    assert await answering.opened(ASKED, reply, None, 5) is False
    assert await answering.opened(ASKED, Reply(card=a_card()), second, 5) is False
