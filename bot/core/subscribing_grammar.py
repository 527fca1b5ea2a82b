"""The sentences of subscribing: a target, then options in any order."""

import re
from collections.abc import Callable

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
_CHANNEL = re.compile(r"#([CGD][A-Z0-9]{2,20})", re.IGNORECASE)
_OF_SUBSCRIBE = ("for", "in", "until", "as", "preview")
_PRESETS = ("all", "failures")

_Options = dict[str, list[Word]]


def parse_subscribe(words: list[Word], share: bool) -> Subscribe:
    """What comes after `subscribe`. Raises BadCommand."""
    del share  # what a place is told is its own
    target, options = _target_and_options("subscribe", words, _OF_SUBSCRIBE)
    until = _value(options, "until", checked_until)
    telling = _value(options, "as", _telling)
    return Subscribe(
        job=_target(target),
        wanted=_wanted(options["for"]) if "for" in options else "",
        where=_value(options, "in", _where),
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
        where=_value(options, "in", _where),
    )


def parse_copy(words: list[Word], share: bool) -> Copy:
    """What comes after `copy`. Raises BadCommand."""
    del share
    target, options = _target_and_options("copy", words, ("in", "to"))
    if "to" not in options:
        raise BadCommand(
            "`copy` needs a place to copy to.", hint="For example: copy 205 to dm, copy all to #ch."
        )
    return Copy(
        job=AllTargets() if target.keyword == "all" else _target(target),
        to=_value(options, "to", _where),
        where=_value(options, "in", _where),
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
    if not words or words[0].keyword in OPTIONS:
        raise BadCommand(
            f"`{verb}` needs a job, a pattern or `project`.",
            hint=f"For example: {verb} 205, {verb} flowers*, {verb} project.",
        )
    options: _Options = {}
    values: list[Word] | None = None
    for word in words[1:]:
        if word.keyword in allowed:
            values = _opened(options, word.keyword)
        elif values is None:
            raise BadCommand(
                f"`{shown(word.text)}` is one word too many after `{shown(words[0].text)}`.",
                hint=f"After the job come, in any order: {', '.join(allowed)}.",
            )
        else:
            values.append(word)
    return words[0], options


def _opened(options: _Options, name: str) -> list[Word]:
    if name in options:
        raise BadCommand(f"`{name}` is said twice.", hint="Say it once.")
    options[name] = []
    return options[name]


def _value(options: _Options, name: str, read: Callable[[str], str]) -> str:
    if name not in options:
        return ""
    if len(options[name]) != 1:
        raise BadCommand(
            f"`{name}` takes one word, and you wrote `{shown(joined(options[name]))}`.",
            hint="For example: subscribe 205 for failed in dm until 18:00 as card.",
        )
    return read(options[name][0].text)


def _is_said(options: _Options, name: str) -> bool:
    if options.get(name):
        raise BadCommand(
            f"`{name}` takes no word, and you wrote `{shown(joined(options[name]))}`.",
            hint="Leave the word out.",
        )
    return name in options


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


def _where(text: str) -> str:
    if text.lower() == "dm":
        return "dm"
    if _CHANNEL.fullmatch(text):
        return text.upper()
    raise BadCommand(
        f"`{shown(text)}` is no channel that I can reach.",
        hint="Pick the channel from the list that Slack shows after you type #, or say dm.",
    )


def _telling(text: str) -> str:
    if text.lower() in {telling.value for telling in Telling}:
        return text.lower()
    raise BadCommand(
        f"`as {shown(text)}` is no way of telling.", hint="Say as thread, as card or as channel."
    )
