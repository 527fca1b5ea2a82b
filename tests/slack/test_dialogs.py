"""A dialog is called by its subject, within Slack's 24 characters, in the reader's language."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.cards.acting.audit import audit_card
from bot.core.cards.bot.health import status_card
from bot.core.cards.bot.help import help_card
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.details import details_card
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.past.history import no_history_card
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.help import Help
from bot.core.errors import SourceUnavailable
from bot.core.job import JobId
from bot.locale import language_of
from bot.slack.views import LONGEST_TITLE, loading_view, modal_view
from tests.make import HOSTILE_TEXTS, NOW, a_job

REF = JobNumber("205")
DIALOGS: dict[str, tuple[Callable[[], Card], str, str]] = {
    "the fields of a job": (
        lambda: details_card(a_job(), no_link=None, ref=REF),
        "Details",
        "详细信息",
    ),
    "a job without a history": (lambda: no_history_card(JobId(205), None), "History", "历史"),
    "a job": (lambda: job_card(a_job(), link="", ref=REF), "Job", "作业"),
    "what can be typed": (lambda: help_card(Help(), slash_command="/visjob"), "Help", "帮助"),
    "how the bot is": (lambda: status_card([], at=NOW), "Status", "状态"),
    "who stopped what": (lambda: audit_card([]), "Audit", "审计"),
    "what went wrong": (lambda: problem_card(SourceUnavailable("No.")), "Problem", "出现问题"),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_is_called_by_its_subject(name: str) -> None:
    make, english, chinese = DIALOGS[name]

    assert modal_view(make())["title"]["text"] == english
    assert modal_view(make(), language_of("zh-CN"))["title"]["text"] == chinese


@pytest.mark.parametrize("subject", HOSTILE_TEXTS)
def test_a_subject_is_cut_to_what_slack_takes(subject: str) -> None:
    card = replace(details_card(a_job(), no_link=None, ref=REF), subject=subject)

    assert 0 < len(modal_view(card)["title"]["text"]) <= LONGEST_TITLE


def test_what_has_no_subject_is_called_by_the_app() -> None:
    assert loading_view()["title"]["text"] == modal_view(None)["title"]["text"] == "VisJob"
