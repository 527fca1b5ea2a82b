"""The sentences of subscribing: a target, then options in any order."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.command import (
    AllTargets,
    Copy,
    JobRef,
    ListSubscriptions,
    NamePattern,
    Scope,
    Subscribe,
    Unsubscribe,
    WholeProject,
    Why,
)
from bot.core.errors import BadCommand
from bot.core.job_reference import parse_job
from bot.core.until import checked_until
from bot.core.vocabulary import OPTIONS
from bot.core.watch import Event, Telling
from bot.core.words import Word, joined, shown

_PATTERN = re.compile(r"[A-Za-z0-9_*-]{1,64}")
# An id is written in capitals, and no name is: `#general` is a name. One that somebody typed anew
# is known by its 0.
_CHANNEL = re.compile(r"#[CGD][A-Z0-9]{2,20}|#[cgd]0[a-z0-9]{6,20}")
_OF_SUBSCRIBE = ("for", "in", "until", "as", "preview")
_PRESETS = ("all", "failures")
_EXAMPLES = {
    "subscribe": "subscribe 205, subscribe flowers* for failed in dm until 18:00 as card",
    "unsubscribe": "unsubscribe 205, unsubscribe flowers* in dm, unsubscribe all",
    "copy": "copy 205 to dm, copy all to #channel",
}
# What comes after an option that takes one word.
_EXPECTED = {
    "in": "a channel or dm",
    "to": "a channel or dm",
    "until": "a time or a span",
    "as": "thread, card or channel",
}


@dataclass(frozen=True, slots=True)
class _Options:
    """The words after a target, by the option before them, and an example for who erred."""

    words: dict[str, list[Word]]
    example: str


def parse_subscribe(words: list[Word], share: bool) -> Subscribe:
    """What comes after `subscribe`. Raises BadCommand."""
    del share  # what a place is told is its own
    target, options = _target_and_options("subscribe", words, _OF_SUBSCRIBE)
    until = _value(options, "until", checked_until)
    telling = _value(options, "as", _telling)
    return Subscribe(
        job=_target(target),
        wanted=_wanted(options.words["for"]) if "for" in options.words else "",
        where=_place(options, "in"),
        until=until,
        telling=Telling(telling) if telling else None,
        preview=_is_said(options, "preview"),
    )


def parse_unsubscribe(words: list[Word], share: bool) -> Unsubscribe:
    """What comes after `unsubscribe`. Raises BadCommand."""
    del share
    target, options = _target_and_options("unsubscribe", words, ("in",))
    everything = target.keyword == "all"
    return Unsubscribe(
        job=AllTargets() if everything else _target(target),
        where=_place(options, "in"),
    )


def parse_copy(words: list[Word], share: bool) -> Copy:
    """What comes after `copy`. Raises BadCommand."""
    del share
    target, options = _target_and_options("copy", words, ("in", "to"))
    if "to" not in options.words:
        raise BadCommand("`copy` needs a place to copy to.", hint=options.example)
    return Copy(
        job=AllTargets() if target.keyword == "all" else _target(target),
        to=_place(options, "to"),
        where=_place(options, "in"),
    )


def parse_subscriptions(words: list[Word], share: bool) -> ListSubscriptions:
    """What comes after `subscriptions`. Raises BadCommand."""
    del share
    export = bool(words) and words[-1].keyword == "export"
    scopes = words[:-1] if export else words
    said = scopes[0].keyword if scopes else Scope.HERE.value
    if len(scopes) > 1 or said not in {scope.value for scope in Scope}:
        raise BadCommand(
            f"`subscriptions {shown(joined(scopes))}` says nothing to me.",
            hint="Say subscriptions here, mine or all.",
            suggestions=("subscriptions here", "subscriptions mine"),
        )
    return ListSubscriptions(Scope(said), export)


def parse_why(words: list[Word], share: bool) -> Why:
    """What comes after `why`. Raises BadCommand."""
    del share
    if len(words) != 1:
        raise BadCommand("`why` takes one job.", hint="For example: why 205.")
    return Why(parse_job(words[0]))


def _target_and_options(
    verb: str, words: list[Word], allowed: tuple[str, ...]
) -> tuple[Word, _Options]:
    example = f"For example: {_EXAMPLES[verb]}."
    if not words or words[0].keyword in OPTIONS:
        raise BadCommand(f"`{verb}` needs a job, a pattern or `project`.", hint=example)
    options: dict[str, list[Word]] = {}
    values: list[Word] | None = None
    for word in words[1:]:
        if word.keyword in allowed:
            values = _opened(options, word.keyword)
        elif values is None:
            raise BadCommand(
                f"`{shown(word.text)}` is one word too many after `{shown(words[0].text)}`.",
                hint=f"After the job come, in any order: {', '.join(allowed)}. {example}",
            )
        else:
            values.append(word)
    return words[0], _Options(options, example)


def _opened(options: dict[str, list[Word]], name: str) -> list[Word]:
    if name in options:
        raise BadCommand(f"`{name}` is said twice.", hint="Say it once.")
    options[name] = []
    return options[name]


def _value(options: _Options, name: str, read: Callable[[str], str]) -> str:
    words = options.words.get(name)
    if words is None:
        return ""
    if not words:
        raise BadCommand(f"`{name}` needs {_EXPECTED[name]} after it.", hint=options.example)
    if len(words) > 1:
        raise BadCommand(
            f"`{name}` takes one word, {_EXPECTED[name]}, and you wrote `{shown(joined(words))}`.",
            hint=options.example,
        )
    return read(words[0].text)


def _place(options: _Options, name: str) -> str:
    said = _value(options, name, str)
    if said.lower() in ("", "dm"):
        return said.lower()
    if _CHANNEL.fullmatch(said):
        return said.upper()
    raise BadCommand(
        f"`{shown(said)}` is no channel that I can reach.",
        hint="Pick the channel from the list that Slack shows after you type #, or say dm. "
        + options.example,
    )


def _is_said(options: _Options, name: str) -> bool:
    words = options.words.get(name)
    if words:
        raise BadCommand(
            f"`{name}` takes no word, and you wrote `{shown(joined(words))}`.",
            hint="Leave the word out.",
        )
    return words is not None


def _target(word: Word) -> JobRef | NamePattern | WholeProject:
    if word.keyword == "project":
        return WholeProject()
    if "*" in word.text and _PATTERN.fullmatch(word.text):
        return NamePattern(word.text)
    return parse_job(word)


def _wanted(words: list[Word]) -> str:
    said = [part for word in words for part in word.text.lower().split(",") if part]
    if len(said) == 1 and said[0] in _PRESETS:
        return said[0]
    known = [event.value for event in Event]
    strange = [part for part in said if part not in known]
    if strange or not said:
        raise BadCommand(
            f"`{shown(strange[0])}` is no event." if strange else "`for` needs an event.",
            hint=f"Say all, failures, or some of {', '.join(known)} with commas.",
        )
    return ",".join(event for event in known if event in said)


def _telling(text: str) -> str:
    if text.lower() in {telling.value for telling in Telling}:
        return text.lower()
    raise BadCommand(
        f"`as {shown(text)}` is no way of telling.", hint="Say as thread, as card or as channel."
    )
