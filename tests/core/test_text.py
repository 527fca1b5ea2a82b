"""Sentences with named values, and what a language makes of them."""

from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from bot.core.cards.card import Card, Channel, Moment, Strong
from bot.core.cards.translation import translated
from bot.core.text import (
    ENGLISH,
    Code,
    Language,
    Words,
    all_of,
    any_of,
    enumeration,
    say,
    say_many,
    sentences,
)
from bot.locale import language_of

NOON = Moment(datetime(2026, 3, 24, 12, tzinfo=UTC))
CHINESE = language_of("zh-CN")


class Backwards(NullTranslations):
    """A language that puts values where English does not."""

    def gettext(self, message: str) -> str:
        return {"{job} runs since {when}.": "Since {when}: {job}, `{job}`."}.get(message, message)


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("foreign words", "foreign words"),
        (say("All is well."), "All is well."),
        (say("{job} runs.", job="flowers-tb"), "flowers-tb runs."),
        # A value is no sentence: what looks like a field or like code in it is neither.
        (say("{job} runs.", job="{count} `x`"), "{count} `x` runs."),
        (say("{job} runs.", job=Strong("flowers")), "flowers runs."),
        (say("Since {when}.", when=NOON), "Since 12:00 UTC."),
        (say("I can't post to {place}.", place=Channel("C1")), "I can't post to the channel."),
        (say("{place} follows it.", place=Channel("C1")), "The channel follows it."),
        (say("Type `copy {id} to dm`.", id=205), "Type `copy 205 to dm`."),
        (say("Type {what}.", what=Code("list")), "Type `list`."),
        (say("{outer} now", outer=say("{n} jobs", n=3)), "3 jobs now"),
        (say("{n}\u00a0min ago", n=5), "5 min ago"),
        (say_many("{count} job", "{count} jobs", 1), "1 job"),
        (say_many("{count} job", "{count} jobs", 0), "0 jobs"),
        (say_many("{count} in {place}", "all {count} in {place}", 2, place="x"), "all 2 in x"),
        (sentences(say("One."), "", say("Two."), "Three."), "One. Two. Three."),
        (sentences("", ""), ""),
        (enumeration(["a", "b", "c"]), "a, b, c"),
        (any_of(["a", "b", "c"]), "a, b or c"),
        (any_of(["a"]), "a"),
        (all_of(["a", "b"]), "a and b"),
        (all_of([]), ""),
    ],
)  # fmt: skip
def test_a_sentence_in_english(words: Words, english: str) -> None:
    assert str(words) == ENGLISH.plain(words) == english


def test_a_translation_may_put_values_elsewhere_and_twice() -> None:
    sentence = say("{job} runs since {when}.", job="flowers", when=NOON)

    assert Language("xx", Backwards()).pieces(sentence) == (
        "Since\u00a0", NOON, ": flowers, ", Code("flowers"), ".",
    )  # fmt: skip


def test_a_span_that_must_not_break_is_kept_for_cards_and_not_for_terminals() -> None:
    span = say("{n}\u00a0min", n=5)

    assert ENGLISH.words(span) == "5\u00a0min"
    assert ENGLISH.plain(span) == str(span) == "5 min"


def test_a_card_in_a_language_holds_words_only() -> None:
    card = Card(
        summary=say("Close"),
        lines=(
            ("⏸️ ", say("shared by {person}", person=Strong(say("somebody")))),
            (Strong(say("Close")),),
        ),
        notes=((NOON, " a\u00a0b"),),
        verbatim=(("Close",),),
    )

    drawn = translated(card, CHINESE)

    assert drawn == Card(
        summary="关闭",
        lines=(("⏸️ ", "由", Strong("某位成员"), "分享"), (Strong("关闭"),)),
        notes=((NOON, " a b"),),
        verbatim=(("Close",),),
    )
    assert translated(drawn, CHINESE) is drawn


@pytest.mark.parametrize("parts", [1, 2, 3, 500])
def test_chinese_sentences_follow_one_another_without_spaces(parts: int) -> None:
    assert CHINESE.words(sentences(*[say("Close")] * parts)) == "关闭" * parts
