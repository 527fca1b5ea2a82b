"""`settings`: the rules of a place, shown and changed in one form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.core.commands.options.options import checked_place
from bot.core.commands.times.day_times import (
    clock_text,
    digest_of,
    digest_text,
    one_time,
    quiet_hours_of,
    quiet_text,
)
from bot.core.commands.verbs.answers import HIDDEN_FIELD, AnswerGrammar, AnswerReader, Answers
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, joined, shown, split
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.errors import BadAnswers, BadCommand
from bot.core.place_rules import Digest, QuietHours
from bot.core.text import Text, Words, say

_T = TypeVar("_T")

OFF = "off"
#: The word for no language of its own: the installation's language applies to the place.
USUAL = "usual"
ENGLISH_TAG, CHINESE_TAG = "en", "zh-CN"

# The last word of the sentence of a form that was saved without a change. Without this word, the
# sentence would open the form again.
_UNCHANGED = "unchanged"

#: The names of the questions of the form.
LANGUAGE, QUIET_FROM, QUIET_TO, QUIET_ON = "language", "quiet_from", "quiet_to", "quiet_on"
DIGEST_AT, DIGEST_ON = "digest_at", "digest_on"
#: The names of the checkboxes.
WEEKDAYS, EXCEPT_FAILURES = "weekdays", "except_failures"


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """Show the rules of a place in a form. `where` is `dm`, `#` and an id, or empty for here."""

    where: str = ""

    @property
    def text(self) -> str:
        return sentence("settings", option("in", self.where))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRules:
    """Change rules of a place; an empty field leaves its rule unchanged."""

    where: str = ""
    #: The tag of a language, or USUAL.
    language: str = ""
    #: Quiet hours as `quiet_text` spells them, or OFF.
    quiet: str = ""
    #: A digest as `digest_text` spells it, or OFF.
    digest: str = ""

    @property
    def text(self) -> str:
        return sentence(
            "settings",
            option("in", self.where),
            option("language", self.language),
            option("quiet", self.quiet),
            option("digest", self.digest),
            "" if self.language or self.quiet or self.digest else _UNCHANGED,
        )


_LANGUAGES = {
    ENGLISH_TAG: ENGLISH_TAG,
    "english": ENGLISH_TAG,
    "en-us": ENGLISH_TAG,
    "en-gb": ENGLISH_TAG,
    "英文": ENGLISH_TAG,
    "英语": ENGLISH_TAG,
    "zh": CHINESE_TAG,
    "zh-cn": CHINESE_TAG,
    "zh-hans": CHINESE_TAG,
    "chinese": CHINESE_TAG,
    "中文": CHINESE_TAG,
    "简体中文": CHINESE_TAG,
    USUAL: USUAL,
}
_PARTS = ("in", LANGUAGE, "quiet", "digest")
_PLACES = {"here": "", "me": "dm"}
_EXAMPLE = say("For example: `settings`, `settings language zh-CN`.")
_STALE = BadCommand(
    say("I can't tell what this form is about any more."),
    hint=say("Close it, and open it again with `settings`."),
)


def _parse(words: list[Word], share: bool) -> SettingsForm | SetRules:
    del share  # the answer is for the asker alone
    is_saved = bool(words) and words[-1].keyword == _UNCHANGED
    words = words[:-1] if is_saved else words
    where = _PLACES.get(words[0].keyword) if words else None
    parts = _split(words if where is None else words[1:])
    if where is not None and "in" in parts:
        raise BadCommand(say("`settings` takes one channel."), hint=_EXAMPLE)
    place = checked_place(parts["in"], option="in", example=_EXAMPLE) if "in" in parts else where
    rules = SetRules(
        where=place or "",
        language=_language(parts[LANGUAGE]) if LANGUAGE in parts else "",
        quiet=_quiet(parts["quiet"]) if "quiet" in parts else "",
        digest=_digest(parts["digest"]) if "digest" in parts else "",
    )
    return rules if is_saved or parts.keys() - {"in"} else SettingsForm(rules.where)


def _split(words: list[Word]) -> dict[str, str]:
    """Return the text after each keyword. Raises BadCommand."""
    parts: dict[str, list[Word]] = {}
    values: list[Word] | None = None
    for word in words:
        if word.keyword in _PARTS:
            if word.keyword in parts:
                raise BadCommand(
                    say("`{option}` is there twice.", option=word.keyword), hint=say("Use it once.")
                )
            values = parts.setdefault(word.keyword, [])
        elif values is None:
            raise BadCommand(
                say("`settings` does not know `{word}`.", word=shown(word.text)), hint=_EXAMPLE
            )
        else:
            values.append(word)
    return {name: joined(values) for name, values in parts.items()}


def _language(text: str) -> str:
    tag = _LANGUAGES.get(text.lower().replace("_", "-"))
    if tag:
        return tag
    raise BadCommand(
        say("I don't speak `{word}`.", word=shown(text)) if text else say("Which language?"),
        hint=say("Use `settings language en` or `settings language zh-CN`."),
        suggestions=("settings language en", "settings language zh-CN"),
        option=LANGUAGE,
    )


def _quiet(text: str) -> str:
    return OFF if text.lower() == OFF else quiet_text(_read_as(quiet_hours_of, text, "quiet"))


def _digest(text: str) -> str:
    return OFF if text.lower() == OFF else digest_text(_read_as(digest_of, text, "digest"))


def _read_as(read: Callable[[str], _T], text: str, name: str) -> _T:
    try:
        return read(text)
    except BadCommand as error:
        raise BadCommand(error.sentence, hint=error.hint, option=name) from error


def _read(answers: Answers) -> SetRules:
    """Return only the rules that differ from those in the opened form, so that changes by other
    people meanwhile stay. Raises BadAnswers."""
    opened_with = _opened_with(answers)
    reader = AnswerReader(answers)
    language = reader.read(LANGUAGE, lambda chosen: _language(chosen[0] if chosen else ""))
    quiet = _quiet_answers(answers, reader)
    digest = _digest_answers(answers, reader)
    reader.check()
    return SetRules(
        where=opened_with.where,
        language="" if language == opened_with.language else language or "",
        quiet="" if quiet == opened_with.quiet else quiet or "",
        digest="" if digest == opened_with.digest else digest or "",
    )


def _opened_with(answers: Answers) -> SetRules:
    """Return the rules that the form showed when it was opened. Raises BadAnswers."""
    hidden = "".join(answers.get(HIDDEN_FIELD, ()))
    try:
        words = split(hidden, {})
        rules = _parse(words[1:], share=False)
    except BadCommand as error:
        raise BadAnswers({LANGUAGE: _problem(_STALE)}) from error
    if not isinstance(rules, SetRules) or not rules.where:
        raise BadAnswers({LANGUAGE: _problem(_STALE)})
    return rules


def _quiet_answers(answers: Answers, reader: AnswerReader) -> str | None:
    begins, ends = (_typed(answers, name) for name in (QUIET_FROM, QUIET_TO))
    if not begins and not ends:
        return OFF
    begins_at = reader.read(QUIET_FROM, lambda _: _time(begins, say("Type when they begin.")))
    ends_at = reader.read(QUIET_TO, lambda _: _time(ends, say("Type when they end.")))
    if begins_at is None or ends_at is None:
        return None
    ticked = answers.get(QUIET_ON, ())
    quiet = QuietHours(
        begins_at=begins_at,
        ends_at=ends_at,
        is_weekdays_only=WEEKDAYS in ticked,
        lets_failures_pass=EXCEPT_FAILURES in ticked,
    )
    return reader.read(QUIET_TO, lambda _: quiet_text(_lasting(quiet)))


def _lasting(quiet: QuietHours) -> QuietHours:
    if quiet.begins_at != quiet.ends_at:
        return quiet
    raise BadCommand(
        say("They would begin and end at {time}.", time=clock_text(quiet.ends_at)),
        hint=say("Type another time, or leave both fields empty for no quiet hours."),
    )


def _digest_answers(answers: Answers, reader: AnswerReader) -> str | None:
    typed = _typed(answers, DIGEST_AT)
    if not typed:
        return OFF
    at = reader.read(DIGEST_AT, lambda _: one_time(typed))
    if at is None:
        return None
    return digest_text(Digest(at=at, is_weekdays_only=WEEKDAYS in answers.get(DIGEST_ON, ())))


def _typed(answers: Answers, name: str) -> str:
    return "".join(answers.get(name, ())[:1]).strip()


def _time(text: str, missing: Text) -> int:
    """Return the minute of a begin or an end; an empty field raises BadCommand with `missing`."""
    if not text:
        raise BadCommand(missing, hint=say("Type a time such as `22:00`."))
    return one_time(text)


def _problem(error: BadCommand) -> Words:
    return say("{first} {next}", first=error.sentence, next=error.hint)


SETTINGS: Verb[SettingsForm | SetRules] = Verb(
    name="settings",
    parse=_parse,
    group=HelpGroup.CHANNEL,
    overview=HelpRow(
        "settings", say("set the language, the quiet hours and the digest of this channel")
    ),
    help=(
        HelpRow("settings", say("open a form for the language, the quiet hours and the digest")),
        HelpRow(
            "settings language zh-CN", say("set the language of what I post here: `en` or `zh-CN`")
        ),
        HelpRow("settings me", say("do the same for your direct messages")),
    ),
    answers=AnswerGrammar(
        read=_read,
        questions={
            "": LANGUAGE,
            LANGUAGE: LANGUAGE,
            "in": LANGUAGE,
            "quiet": QUIET_TO,
            "digest": DIGEST_AT,
        },
    ),
)
