"""The answers of the subscribe form: what they say together, and what is wrong with each."""

import pytest

from bot.core.cards.form import JobInput, OneInput, SomeInput
from bot.core.cards.subscriptions.subscribe_form import subscribe_form
from bot.core.change import Event
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.answers import Answers
from bot.core.commands.verbs.registry import FORMS
from bot.core.errors import BadAnswers

FORM = FORMS["subscribe"]
FILLED: Answers = {"job": ("id:205",), "place": ("#C0EXP00001",), "preset": ("all",)}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (FILLED, "subscribe id:205 for all in #C0EXP00001"),
        ({**FILLED, "place": ("dm",)}, "subscribe id:205 for all in dm"),
        ({**FILLED, "preset": ("changes",)}, "subscribe id:205 for changes in #C0EXP00001"),
        ({**FILLED, "preset": ("failures",)}, "subscribe id:205 for failures in #C0EXP00001"),
        (
            {**FILLED, "preset": ("events",), "events": ("failed", "running")},
            "subscribe id:205 for running,failed in #C0EXP00001",
        ),
        (
            {**FILLED, "preset": ("events",), "events": ("link", "stuck", "cost")},
            "subscribe id:205 for stuck,cost,link in #C0EXP00001",
        ),
        (
            {**FILLED, "events": ("failed",)},  # counts with the preset `events` alone
            "subscribe id:205 for all in #C0EXP00001",
        ),
        (
            {**FILLED, "until": ("2026-03-25t09:05z",), "telling": ("card",)},
            "subscribe id:205 for all in #C0EXP00001 until 2026-03-25t09:05z as card",
        ),
        ({**FILLED, "job": ("flow*",)}, "subscribe flow* for all in #C0EXP00001"),
        ({**FILLED, "job": ("project",)}, "subscribe project for all in #C0EXP00001"),
        ({**FILLED, "something": ("else",)}, "subscribe id:205 for all in #C0EXP00001"),
    ],
)
def test_the_answers_make_one_sentence_of_the_grammar(answers: Answers, sentence: str) -> None:
    command = FORM.read(answers)

    assert command.text == sentence
    assert parse(sentence) == command


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        ("job", (), "Choose a job."),
        ("job", ("../",), "neither a job id nor a job name"),
        ("job", ("id:-1",), "is not a job id"),
        ("job", ("205 in dm",), "neither a job id nor a job name"),
        ("job", ('" for all',), "neither a job id nor a job name"),
        ("place", (), "Choose a channel."),
        ("place", ("#general",), "I can't reach a channel called"),
        ("place", ("dm as card",), "I can't reach a channel called"),
        ("preset", (), "Choose which changes to post."),
        ("preset", ("nonsense",), "is not an event"),
        ("until", ("25:00",), "as a time"),
        ("until", ("99999999999999",), "as a time"),
        ("telling", ("poem",), "I can't post `as poem`"),
    ],
)
def test_a_wrong_answer_is_named_at_its_question(
    question: str, answer: tuple[str, ...], says: str
) -> None:
    with pytest.raises(BadAnswers) as caught:
        FORM.read({**FILLED, question: answer})

    assert list(caught.value.problems) == [question]
    assert says in str(caught.value.problems[question])


@pytest.mark.parametrize(
    ("events", "says"),
    [((), "Choose at least one event."), (("failed", "poem"), "`poem` is not an event.")],
)
def test_wrong_events_are_named_at_the_events(events: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        FORM.read({**FILLED, "preset": ("events",), "events": events})

    assert list(caught.value.problems) == ["events"]
    assert says in str(caught.value.problems["events"])


def test_all_wrong_answers_are_named_at_once() -> None:
    with pytest.raises(BadAnswers) as caught:
        FORM.read({"preset": ("events",), "until": ("x",), "telling": ("x",)})

    assert list(caught.value.problems) == ["job", "place", "events", "until", "telling"]
    assert str(caught.value).startswith("Choose a job. Choose a channel.")


def test_every_answer_that_the_form_offers_can_be_read() -> None:
    for question in subscribe_form(last_job=None).questions:
        match question.input:
            case OneInput(options=options) | SomeInput(options=options):
                for option in options:
                    answers = {**FILLED, "events": ("failed",), question.name: (option.word,)}
                    assert FORM.read(answers).text.startswith("subscribe id:205 ")
            case JobInput(initial=initial):
                assert initial is None
            case _:
                pass


def test_the_form_offers_the_words_of_the_grammar() -> None:
    asked = {one.name: one.input for one in subscribe_form(last_job=None).questions}

    preset, events = asked["preset"], asked["events"]
    assert isinstance(preset, OneInput)
    assert isinstance(events, SomeInput)
    assert preset.initial.word == "changes"
    assert {one.word for one in preset.options} == {"all", "changes", "failures", "events"}
    assert [one.word for one in events.options] == [event.value for event in Event]


def test_every_option_of_the_sentence_has_its_question() -> None:
    asked = {question.name for question in subscribe_form(last_job=None).questions}

    assert set(FORM.questions.values()) | {"events"} == asked
