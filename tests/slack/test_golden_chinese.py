"""Cards in Simplified Chinese: some as golden files, and all without a word of English."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.cards.bot.health import status_card
from bot.core.cards.bot.help import help_card
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Card
from bot.core.cards.jobs.details import details_card
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.jobs.job_list import list_card
from bot.core.cards.subscriptions.subscribe_form import subscribe_form
from bot.core.cards.subscriptions.subscriptions import subscribed_card, unsubscribed_card
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.errors import BadCommand, SourceUnavailable
from bot.core.health import Check, Verdict
from bot.core.job import JobStatus
from bot.core.text import say
from bot.locale import language_of
from bot.slack.blocks import render
from bot.slack.views import form_view
from tests.make import NOW, a_job
from tests.slack.acting_cases import ACTING
from tests.slack.care_cases import CARE
from tests.slack.golden_cases import ASKED, DOWN, JOBS, STATUSES
from tests.slack.reach_cases import REACH, REACH_VIEWS
from tests.slack.test_golden_changes import CARDS
from tests.watch_fakes import HERE, a_subscription
from tests.world import said

Json = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "golden" / "zh-CN"
CHINESE = language_of("zh-CN")
REF = JobNumber("205")


def bad(typed: str) -> Card:
    """The answer to what is no sentence."""
    try:
        parse(typed)
    except BadCommand as error:
        return problem_card(error)
    raise AssertionError(typed)


def of_status(code: int) -> Card:
    """One job in that state."""
    return job_card(a_job(205, code), link="", ref=REF)


def named(job_id: int) -> str:
    return {205: "flowers-tb"}.get(job_id, "")


REVIEWED: dict[str, Callable[[], Card]] = {
    "job-running": lambda: job_card(JOBS[0], link="https://console.otc.t-systems.com/", ref=REF),
    "job-failed": lambda: of_status(11),
    "list": lambda: list_card(JOBS, command=ListJobs(), read_at=NOW, odd_rows=1),
    "trouble": lambda: problem_card(
        SourceUnavailable(say("ModelArts has no job\u00a0{id}.", id=205), code="ModelArts.0010"),
        again=ASKED,
        source=DOWN,
        last_known=JOBS[0],
    ),
    "subscribed": lambda: subscribed_card(
        a_subscription(), command=Subscribe(job=REF), is_new=True, invitation="", naming=named
    ),
    "unsubscribed": lambda: unsubscribed_card(
        [a_subscription()],
        asked=Unsubscribe(job=REF),
        place=HERE,
        naming=named,
        slash_command="/visjob",
    ),
    "bad-word": lambda: bad("subscribe 205 for nonsense"),
    "help": lambda: help_card(Help(), slash_command="/visjob"),
    "welcome-shared": REACH["welcome-shared"],
    "welcome-direct": REACH["welcome-direct"],
    "watch-two": REACH_VIEWS["watch-two"],
    "change-to-running": CARDS["change-to-running"],
    "paused": CARDS["paused-not-in-channel"],
}
_CHECK = Check(
    name=say("cloud"),
    verdict=Verdict.WARNING,
    found=say("not read yet"),
    cure=say("whoever runs me sees why in `visjob doctor`"),
)

# They show what the cloud said, or what was written down.
_QUOTES_OTHERS = re.compile("hostile|refused|unclear|unreadable|audit")

EVERY: dict[str, Callable[[], Card]] = {
    **REVIEWED,
    **{name: card for name, card in ACTING.items() if not _QUOTES_OTHERS.search(name)},
    **CARE,
    **{name: card for name, card in REACH.items() if "hostile" not in name},
    **{name: card for name, card in REACH_VIEWS.items() if name != "watch-three"},
    **{f"status-{code}": partial(of_status, code) for code in STATUSES},
    **{f"change: {name}": card for name, card in CARDS.items() if "hostile" not in name},
    **{
        f"help-{verb.name}": partial(help_card, Help(verb.name), slash_command="/visjob")
        for verb in VERBS
    },
    "status": lambda: status_card([_CHECK], at=NOW),
}

# Names, the vendor's own words, ids and links, and what is typed.
_FOREIGN = re.compile(
    r"Asia/Shanghai|JOBSTAT_\w+|MOUNT_FAILED|ModelArts(\.\d+)?|TensorBoard|Slack|OBS|YAML|HTTP|ID|UTC|VisJob"
    r"|VISJOB_\w+|MODELARTS_\w+|IAM|API( Dialtest)?|status \d+|(s3|obs|https)://\S+|/visjob"
    r"|#channel|U0\w+|C0\w+|<!date\^\S+?\^|flowers-\w+|apiTest-11|vit-satellite|bert-finetune"
    r"|resnet-sweep|`[^`]*`|why \d+|[0-9a-f]{32}|\{\w+\}"
)
_SENTENCES = {verb.overview.sentence for verb in VERBS}
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


def words_of(node: Any) -> list[str]:
    """Everything that a person reads in a message or view, without what stands as code."""
    if isinstance(node, list):
        return [text for item in node for text in words_of(item)]
    if not isinstance(node, dict):
        return []
    if node.get("style", {}) == {"code": True} or node.get("type") in {
        "rich_text_quote",
        "rich_text_preformatted",
    }:
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    # What is typed is not translated, also where it is picked from a list.
    own = [text for text in own if text not in _SENTENCES]
    own += [node["accessibility_label"]] if "accessibility_label" in node else []
    return own + [text for value in node.values() for text in words_of(value)]


def english_in(drawn: Json) -> list[str]:
    return [text for text in words_of(drawn) if _ENGLISH.search(_FOREIGN.sub("", text))]


#: Most of it is the vendor's own fields.
DETAILS = {"details": lambda: details_card(JOBS[0], no_link=None, ref=REF)}
#: The cards of history, cost and the guard stand beside their English ones.
KEPT = {**REVIEWED, **DETAILS, **ACTING, **CARE}


@pytest.mark.parametrize("name", KEPT)
def test_a_chinese_card_is_as_it_was_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    drawn = render(KEPT[name](), CHINESE)
    path = FOLDER / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(drawn, indent=2, ensure_ascii=False) + "\n")

    assert drawn == json.loads(path.read_text())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(KEPT)


@pytest.mark.parametrize("name", EVERY)
def test_no_english_is_left_on_a_chinese_card(name: str) -> None:
    assert english_in(render(EVERY[name](), CHINESE)) == []


def test_no_english_is_left_in_the_chinese_form() -> None:
    assert english_in(form_view(subscribe_form(last_job=JOBS[0]), CHINESE)) == []


def test_the_fields_of_details_say_how_long_in_chinese() -> None:
    drawn = said(render(DETAILS["details"](), CHINESE))

    assert "duration     8040000 (2 小时 14 分钟)" in drawn


def test_raw_status_names_stay_as_the_vendor_writes_them() -> None:
    for code in STATUSES:
        assert JobStatus(code).vendor_name in str(render(of_status(code), CHINESE))
