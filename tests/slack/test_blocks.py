"""The renderer, fed with any card: within Slack's limits, calling nobody, linking nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackblocks import _limits as limits

from bot.core.cards.card import (
    Action,
    Bullet,
    Card,
    Channel,
    Choice,
    Code,
    Emphasis,
    Line,
    Menu,
    Moment,
    Person,
    Picker,
    SearchBox,
    Span,
    Strong,
    TimeStyle,
)
from bot.core.cards.jobs.job_answer import job_card
from bot.core.cards.jobs.job_choice import choices
from bot.core.cards.jobs.job_list import list_card
from bot.core.commands.targets.job_reference import JobById, JobByName, JobNumber
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.show import Show
from bot.core.job import JobId
from bot.core.link import live_link
from bot.core.text import say
from bot.slack import blocks, controls
from bot.slack.blocks import LONGEST_TEXT, render, render_text
from bot.slack.controls import render_options
from bot.slack.text_objects import escaped
from bot.slack.views import home_view, modal_view
from tests.make import ANA, HOSTILE_TEXTS, LINK_HOSTS, NOW, a_card, a_job
from tests.slack.oracles import hold_message, hold_options, hold_view, texts

ME = frozenset({ANA})


def any_text() -> st.SearchStrategy[str]:
    return st.text(max_size=12) | st.sampled_from(HOSTILE_TEXTS)


def any_moment() -> st.SearchStrategy[Moment]:
    times = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
    return st.builds(Moment, times, st.sampled_from(TimeStyle))


def any_span() -> st.SearchStrategy[Span]:
    return st.one_of(
        any_text(),
        any_text().map(Strong),
        any_text().map(Code),
        any_moment(),
        st.just(Person(ANA)),
    )


def any_line() -> st.SearchStrategy[Line]:
    return st.lists(any_span(), max_size=5).map(tuple)


def any_action() -> st.SearchStrategy[Action]:
    return st.builds(
        Action,
        label=any_text(),
        command=any_text().map(lambda text: ListJobs(containing=text[:1000])),
        emphasis=st.sampled_from(Emphasis),
        url=st.sampled_from(["", f"https://{LINK_HOSTS[0]}/205/"]),
        renews_card=st.booleans(),
    )


def any_choice() -> st.SearchStrategy[Choice]:
    return st.builds(
        Choice,
        label=any_text(),
        command=st.integers(1).map(lambda number: Show(JobById(JobId(number % 2**63)))),
        detail=any_text(),
    )


def any_menu() -> st.SearchStrategy[Menu]:
    return st.builds(Menu, actions=st.lists(any_action(), max_size=8).map(tuple))


def test_items_are_a_list_with_true_indents_between_the_lines() -> None:
    card = a_card(lines=(("Two",), (Bullet(), "a"), (Bullet(), "b"), ("End",)))

    parts = render(card)["blocks"][0]["elements"]

    assert [part["type"] for part in parts] == [
        "rich_text_section",
        "rich_text_list",
        "rich_text_section",
    ]
    items = [item["elements"][0]["text"] for item in parts[1]["elements"]]
    assert (parts[1]["style"], items) == ("bullet", ["a", "b"])


def any_control() -> st.SearchStrategy[Action | Menu | Picker | SearchBox]:
    some = st.lists(any_choice(), min_size=1, max_size=3)
    many = any_choice().map(lambda choice: [choice] * 130)
    pickers = st.builds(Picker, placeholder=any_text(), choices=(some | many).map(tuple))
    return any_action() | any_menu() | pickers | st.builds(SearchBox, placeholder=any_text())


def any_card() -> st.SearchStrategy[Card]:
    return st.builds(
        Card,
        summary=any_text(),
        lines=st.lists(any_line(), max_size=6).map(tuple),
        quote=any_text(),
        notes=st.lists(any_line(), max_size=12).map(tuple),
        controls=st.lists(any_control(), max_size=6).map(tuple)
        | any_action().map(lambda action: (action,) * 30),
    )


@given(any_card())
@pytest.mark.slow
def test_any_card_is_a_message_that_slack_takes(card: Card) -> None:
    hold_message(render(card), mentions=ME)


@settings(max_examples=40)
@given(st.lists(any_card(), min_size=1, max_size=4))
def test_any_cards_are_views_that_slack_takes(cards: list[Card]) -> None:
    nobody = [_without_people(card) for card in cards]

    hold_view(home_view([nobody]))
    hold_view(modal_view(nobody[0]))


def _without_people(card: Card) -> Card:
    lines = tuple(tuple(s for s in line if not isinstance(s, Person)) for line in card.lines)
    notes = tuple(tuple(s for s in line if not isinstance(s, Person)) for line in card.notes)
    return a_card(
        summary=card.summary, lines=lines, notes=notes, quote=card.quote, controls=card.controls
    )


@given(st.lists(any_choice(), min_size=1, max_size=4) | any_choice().map(lambda c: [c] * 200))
def test_any_choices_are_options_that_slack_takes(found: list[Choice]) -> None:
    hold_options(render_options(found)["options"])


@given(any_text(), any_text(), any_text(), any_text(), any_text(), st.integers(0, 40))
@pytest.mark.slow
def test_no_word_of_a_job_is_read_as_markup(
    name: str, description: str, path: str, resource: str, url: str, status: int
) -> None:
    job = a_job(
        status=status, name=name, description=description, train_url=path, resource_id=resource,
        service_url=url,
    )  # fmt: skip
    command = ListJobs(containing=name)
    found = list_card([job] * 20, command=command, read_at=NOW)
    code = job.status.vendor_name
    dot = "  ·\u00a0\u00a0"
    as_of = "as\u00a0of\u00a0"
    own = {as_of, f"{code}{dot}{as_of}", f"{code}{dot}link not offered, see Details{dot}{as_of}"}

    for card in (job_card(job, link=live_link(job, LINK_HOSTS), ref=JobNumber("205")), found):
        message = render(card)
        hold_message(message)
        marked = [
            e["text"].partition("<!date^")[0] for e in texts(message) if e["type"] == "mrkdwn"
        ]
        assert set(marked) <= own
    hold_options(render_options(choices([job]))["options"])


@given(any_text())
def test_a_button_says_its_whole_sentence_and_not_more(text: str) -> None:
    command = Show(JobByName(text[:1000]))
    card = a_card(controls=(Action(label="Go", command=command),))
    (button,) = [e for e in texts(render(card)) if e["type"] == "button"]

    assert button["value"] == command.text


def test_sizes_are_slacks_own() -> None:
    assert controls.LONGEST_BUTTON_TEXT == limits.BUTTON_TEXT_MAX_LENGTH
    assert controls.LONGEST_BUTTON_VALUE == limits.BUTTON_VALUE_MAX_LENGTH
    assert controls.LONGEST_ACCESSIBILITY_LABEL == limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH
    assert controls.LONGEST_OPTION_TEXT == limits.OPTION_TEXT_MAX_LENGTH
    assert controls.LONGEST_OPTION_VALUE == limits.OPTION_VALUE_MAX_LENGTH
    assert controls.LONGEST_PLACEHOLDER == limits.SELECT_PLACEHOLDER_MAX_LENGTH
    assert blocks.MOST_CONTEXT_ELEMENTS == limits.CONTEXT_ELEMENTS_MAX_ITEMS
    assert blocks.MOST_ACTIONS == limits.ACTIONS_ELEMENTS_MAX_ITEMS
    assert controls.MOST_OPTIONS == limits.SELECT_OPTIONS_MAX_ITEMS
    assert controls.MOST_MENU_OPTIONS == limits.OVERFLOW_OPTIONS_MAX_ITEMS
    assert blocks.LONGEST_HEADER == limits.HEADER_TEXT_MAX_LENGTH


def test_long_facts_are_cut_where_a_reader_would_stop() -> None:
    long = "x" * 5000
    message = render(a_card(summary=long, lines=((long,),), quote=long, notes=((long,),)))
    facts, note = message["blocks"]

    assert len(message["text"]) == 3000
    assert [len(e["elements"][0]["text"]) for e in facts["elements"]] == [300, 1000]
    assert len(note["elements"][0]["text"]) == 300


@pytest.mark.parametrize(
    ("text", "safe"),
    [("<!channel>", "&lt;!channel&gt;"), ("&lt;", "&amp;lt;"), ("a & b", "a &amp; b"), ("x", "x")],
)
def test_the_three_characters_that_begin_markup_are_escaped(text: str, safe: str) -> None:
    assert escaped(text) == safe


def test_a_card_is_one_block_of_facts_one_of_small_print_and_one_of_buttons() -> None:
    message = render(
        a_card(
            lines=(("205",),), quote="verbatim", notes=(("small",), (Moment(NOW),)),
            controls=(SearchBox(placeholder="Which?"),),
        )
    )  # fmt: skip

    assert [block["type"] for block in message["blocks"]] == ["rich_text", "context", "actions"]
    assert [e["type"] for e in message["blocks"][0]["elements"]] == [
        "rich_text_section",
        "rich_text_quote",
    ]


def test_a_bare_card_is_one_block() -> None:
    assert len(render(a_card())["blocks"]) == 1


def test_a_moment_is_a_date_token_with_utc_behind_it() -> None:
    (drawn,) = render(a_card(notes=((Moment(NOW, TimeStyle.DAY_AND_CLOCK),),)))["blocks"][1][
        "elements"
    ]

    assert drawn["text"] == ("<!date^1774361825^{date_short_pretty} {time}|2026-03-24 14:17 UTC>")


@pytest.mark.parametrize(
    ("action", "begins"),
    [
        (Action(label="a", command=ListJobs()), "visjob:say:"),
        (Action(label="a", command=ListJobs(), renews_card=True), "visjob:renew:"),
        (Action(label="a", command=ListJobs(), url="https://x.example/"), "visjob:link:"),
    ],
)
def test_an_action_id_tells_how_a_click_is_answered(action: Action, begins: str) -> None:
    (button,) = render(a_card(controls=(action,)))["blocks"][-1]["elements"]

    assert button["action_id"].startswith(begins)
    assert ("url" in button) is bool(action.url)


def test_what_stands_where_no_blocks_are_shown_draws_dates_people_and_channels() -> None:
    at = datetime(2026, 3, 24, 14, 17, 5, tzinfo=UTC)
    summary = say(
        "{job} is followed in {channel} by {person} until {time}.",
        job="<!channel>\n& co",
        channel=Channel("C0EXP00001"),
        person=Person("U024BE7LH"),
        time=Moment(at, TimeStyle.DAY_AND_CLOCK),
    )

    assert render_text(summary) == (
        "&lt;!channel&gt; &amp; co is followed in <#C0EXP00001> by <@U024BE7LH> until"
        " <!date^1774361825^{date_short_pretty} {time}|2026-03-24 14:17 UTC>."
    )


@pytest.mark.parametrize("before", [0, 2900, 2990, 3000, 9000])
def test_no_token_is_ever_cut(before: int) -> None:
    words = say("{name} {person} {name}", name="x" * before, person=Person("U024BE7LH"))

    text = render_text(words)

    assert text.count("<") == text.count(">") == text.count("<@U024BE7LH>")
    assert len(text) <= LONGEST_TEXT + len("<@U024BE7LH>")
