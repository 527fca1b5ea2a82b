"""The golden cards: what people see, kept as files that Block Kit Builder takes as they are.

`pytest --rewrite-golden` writes them anew; the difference is the review.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.cards.words.status_meaning import job_meaning, meaning
from bot.core.commands.grammar import parse
from bot.core.job import JobStatus
from bot.core.text import NO_BREAK
from bot.core.timeline import Span
from bot.slack.controls import PLACE, RENEWING
from bot.slack.incoming.reading import clicked_sentence
from tests.make import ANA, NOW, a_job
from tests.reference import needs_reference
from tests.slack.acting_cases import BEN, GROUP
from tests.slack.form_cases import RULES
from tests.slack.golden_cases import (
    MESSAGES,
    STATUSES,
    VIEWS,
    job_message,
    options_answer,
    status_file,
)
from tests.slack.oracles import (
    DATE_TOKEN,
    hold_message,
    hold_options,
    hold_to_schema,
    hold_view,
    menu,
    texts,
)
from tests.watch_fakes import CHANNEL
from tests.world import said

Json = dict[str, Any]

OF_JOBS = ("job-", "details", "list", "find", "why", "preview", "home", "ambiguous")
FOLDER = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_a_card_is_as_it_was_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    drawn = (MESSAGES.get(name) or VIEWS[name])()
    path = FOLDER / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(json.dumps(drawn, indent=2, ensure_ascii=False) + "\n")

    assert drawn == json.loads(path.read_text())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {*MESSAGES, *VIEWS}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_within_all_limits_and_calls_nobody(name: str) -> None:
    message = MESSAGES[name]()

    hold_message(message, mentions=frozenset({"C0EXP00001", "C0SECRET01", ANA, BEN, GROUP}))
    assert len(message["blocks"]) <= 3
    for block in message["blocks"]:
        assert sum(one["type"] == "button" for one in block.get("elements", ())) <= 3
    assert message["text"].endswith((".", "?"))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_within_all_limits_and_calls_nobody(name: str) -> None:
    hold_view(VIEWS[name](), mentions=frozenset({CHANNEL, RULES.set_by}))


def test_the_options_of_a_search_box_are_within_all_limits() -> None:
    hold_options(options_answer()["options"])


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_whatever_can_be_pressed_says_a_sentence_of_the_grammar(name: str) -> None:
    drawn = (MESSAGES.get(name) or VIEWS[name])()
    buttons = [e["value"] for e in texts(drawn) if e["type"] == "button"]
    selects = [e for e in texts(drawn) if e["type"] in ("static_select", "overflow")]
    sentences = buttons + [option["value"] for e in selects for option in e["options"]]
    picked = [e for e in texts(drawn) if str(e.get("action_id")).startswith(PLACE)]
    sentences += [clicked_sentence({**e, "selected_conversation": CHANNEL}) for e in picked]

    for sentence in sentences:
        said = sentence.removeprefix(RENEWING)
        assert parse(sentence).text == parse(said).text == said


@needs_reference
@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_has_the_shape_of_slacks_own_types(name: str) -> None:
    hold_to_schema("message", MESSAGES[name]())


@needs_reference
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_the_shape_of_slacks_own_types(name: str) -> None:
    hold_to_schema("view", VIEWS[name]())


@pytest.mark.parametrize("code", STATUSES)
def test_a_card_says_our_word_the_vendors_name_and_when(code: int) -> None:
    message = job_message(a_job(status=code))
    status = JobStatus(code)
    facts, small_print = message["blocks"][:2]
    status_line = "".join(e.get("text", "") for e in facts["elements"][0]["elements"])
    dates = [e["fallback"] for e in texts(facts) if e["type"] == "date"]
    [small] = [e["text"] for e in small_print["elements"]]

    assert f"(205)  ·  {status.word}" in status_line.replace(NO_BREAK, " ").partition("\n")[0]
    assert dates == ["2026-03-24 12:03 UTC"]
    assert small.startswith(f"{status.vendor_name}  ·{NO_BREAK * 2}")
    assert DATE_TOKEN.search(small)
    assert small.endswith("|14:17 UTC>")
    assert f"Job 205, {status.vendor_name}, as of <!date^" in message["text"]
    assert message["text"].endswith("|14:17 UTC>.")


@pytest.mark.parametrize("has_run", [False, True])
@pytest.mark.parametrize("code", STATUSES)
def test_a_card_says_the_cause_and_the_next_step_where_something_went_wrong(
    code: int, has_run: bool
) -> None:
    ran = timedelta(minutes=41) if has_run else timedelta(seconds=33)
    message = job_message(a_job(status=code, duration=ran))
    explained = {0, 3, 5, 6, 11, 14, 16, 17, 21, 22, 37}
    cause = str(meaning(JobStatus(code), has_run=has_run))

    assert (cause in message["text"]) is (code in explained)
    assert (cause in said(message["blocks"])) is (code in explained)


#: What would have kept a job from starting, is no cause for one that ran.
FAILED_AT_START = (3, 5, 11, 16, 17, 21, 22)


@pytest.mark.parametrize("code", FAILED_AT_START)
def test_the_cause_for_a_job_that_ran_does_not_say_that_it_never_started(code: int) -> None:
    before, after = (str(meaning(JobStatus(code), has_run=ran)) for ran in (False, True))

    assert before != after
    assert "ran" in after
    assert "OBS path is wrong" not in after


@pytest.mark.parametrize(
    ("duration", "seen", "has_run"),
    [
        (timedelta(minutes=41), timedelta(0), True),
        (timedelta(minutes=1), timedelta(0), True),
        (timedelta(seconds=33), timedelta(0), False),  # the cloud counts a wait, too
        (None, timedelta(0), False),
        (None, timedelta(seconds=40), True),  # it was seen running
    ],
)
def test_whether_a_job_had_run_is_counted_by_the_cloud_or_was_seen(
    duration: timedelta | None, seen: timedelta, has_run: bool
) -> None:
    run = (Span(begin=NOW - seen, end=NOW, status=8),)

    told = job_meaning(a_job(status=11, duration=duration), run)

    assert str(told) == str(meaning(JobStatus.FAILED, has_run=has_run))


@pytest.mark.parametrize("has_run", [False, True])
def test_every_status_has_a_sentence_of_its_own(has_run: bool) -> None:
    sentences = [str(meaning(JobStatus(code), has_run=has_run)) for code in STATUSES]

    assert len(set(sentences)) == len(STATUSES)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert "37" in sentences[-1]


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_a_card_has_three_buttons_and_a_menu_at_the_most(name: str) -> None:
    drawn = (MESSAGES.get(name) or VIEWS[name])()
    for block in drawn["blocks"]:
        if block["type"] == "actions" and name.startswith(OF_JOBS):
            kinds = [element["type"] for element in block["elements"]]
            assert kinds.count("button") <= 3, kinds
            assert kinds.count("overflow") <= 1


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_a_screen_reader_hears_words_and_no_grammar(name: str) -> None:
    drawn = (MESSAGES.get(name) or VIEWS[name])()
    for button in (e for e in texts(drawn) if e["type"] == "button"):
        label = button["accessibility_label"]
        assert f": {button['value']}" not in label


def test_numbers_stay_with_their_units_and_names_with_their_ids() -> None:
    drawn = said(job_message(a_job())["blocks"])

    assert "flowers-tb" in drawn
    assert f"{NO_BREAK}(205)" in json.dumps(job_message(a_job())["blocks"], ensure_ascii=False)
    assert "2 h 14 min".replace(" ", NO_BREAK) in json.dumps(
        job_message(a_job())["blocks"], ensure_ascii=False
    )
    assert NO_BREAK not in job_message(a_job())["text"]


@pytest.mark.parametrize("code", STATUSES)
def test_a_link_stands_on_a_running_job_only(code: int) -> None:
    message = job_message(a_job(status=code))
    links = [e for e in texts(message) if e["type"] == "button" and "url" in e]

    assert len(links) == (code == 8)
    assert ("TensorBoard is open" in message["text"]) is (code == 8)
    assert ("https" in json.dumps(message)) is (code == 8)


def test_the_link_is_the_only_loud_button() -> None:
    buttons = [e for e in texts(job_message(a_job())) if e["type"] == "button"]

    assert [(b["text"]["text"], b.get("style")) for b in buttons] == [
        ("Open TensorBoard", "primary"),
        ("Refresh", None),
        ("Subscribe", None),
    ]
    assert menu(job_message(a_job())) == {
        "Share here": "205 share",
        "Show what was posted": "why 205",
        "History": "history 205",
        "Details": "details 205",
    }


def test_status_files_stand_in_the_vendors_order() -> None:
    names = [status_file(status) for status in STATUSES]

    assert names == sorted(names)
    assert names[8] == "job-08-running"
    assert names[-1] == "job-37-status-37"
