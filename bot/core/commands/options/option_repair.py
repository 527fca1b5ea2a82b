"""Correct typing slips in options and their values, such as `untill` and `faild`, and leave all
other words unchanged."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bot.core.change import Event
from bot.core.commands.chinese.chinese_words import WORDS
from bot.core.commands.options.option_guess import option_of, target_of
from bot.core.commands.times.day_phrases import DAYS
from bot.core.commands.times.days import TODAY, TOMORROW
from bot.core.commands.times.until import is_end
from bot.core.commands.words.tokens import Word
from bot.core.subscription import DeliveryMode, Preset

#: The options of each verb that takes any.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "subscribe": ("for", "in", "until", "as", "preview", "form"),
    "unsubscribe": ("in",),
    "copy": ("in", "to"),
    "keep": ("until",),
    "snooze": ("until",),
}
_PLACES = ("in", "to")
_FLAGS = ("preview", "form")
_SLIP = 0.75
_SHORTEST_SLIP = 4

# Other words and slips that people type for an option, also in German and Chinese.
_SPELLINGS = {
    "until": "til till 'til upto bis 直到 到 至",
    "for": "fro fur für bei when whenever once on upon if",
    "in": "im into inside via per with by",
    "as": "als",
    "preview": "vorschau dry-run dryrun 预览",
    "form": "formular 表单",
}
_OPTION_OF = {word: option for option, words in _SPELLINGS.items() for word in words.split()}

_MODES = tuple(mode.value for mode in DeliveryMode)
_PRESETS = tuple(preset.value for preset in Preset)
_EVENTS = tuple(event.value for event in Event)
_MEANT_EVENTS = {
    "failed": "fail fails failure error errors crash crashed fehler fehlgeschlagen failures",
    "finished": "finish done complete completed end ended ends fertig beendet",
    "started": "start starts begin gestartet",
    "running": "run runs ready up läuft",
    "stopped": "stop stops stopping gestoppt",
    "deleted": "delete deletes removed gone gelöscht",
    "stuck": "hang hanging hangs hung",
    "cost": "costs price money kosten",
    "link": "links url",
    "all": "everything any anything alle alles 全部 所有",
    "changes": "change",
}
_EVENT_OF = {word: event for event, words in _MEANT_EVENTS.items() for word in words.split()}
_SEPARATORS = str.maketrans(dict.fromkeys(";/+&、，；|", ","))
_JOINING = frozenset(
    {"and", "or", "und", "oder", "和", "或", "it", "it's", "is", "job", "only", "just"}
)
_JOINING |= {"the", "its", "gets", "has", "my", "jobs"}

_MY_OWN = frozenset(
    {"me", "dms", "dm me", "pm", "myself", "direct message", "direct messages", "my dm"}
)
_HERE = frozenset({"here", "this channel", "this", "channel", "hier", "这里"})
_TO = ("2", "4", "to")
_BEFORE_A_TARGET = ("to", "from", "the", "of")
_DAYS = (TODAY, TOMORROW, *DAYS)
_BEFORE_AN_END = frozenset({"at", "in", "for", "um", "ca", "ca.", "about", "around", "until", "~"})


def with_verb_first(words: list[Word]) -> list[Word]:
    """Return the words of `in dm subscribe 205` with the options behind the job; empty for other
    words."""
    at = next((at for at, word in enumerate(words) if word.verb), 0)
    takes_options = at > 0 and words[0].keyword in ALLOWED.get(words[at].verb, ())
    return [*words[at:], *words[:at]] if takes_options else []


def repaired(verb: str, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the corrected sentence, with every option that was typed, for words that the grammar
    of the verb refuses; empty if one option cannot be guessed."""
    allowed = ALLOWED.get(verb, ())
    if not allowed or any(word.quoted for word in words):
        return ()
    parts = _spelled_out([part for word in words for part in _apart(word, allowed)], allowed)
    target, options = _sorted(parts, allowed)
    found = [(target, options)] if target else [*_with_the_target_behind(options)]
    sentences = []
    for job, rest in found:
        said = [verb, job, *_said(_in_their_places(rest, allowed))]
        sentences += [" ".join(said)] if all(said) else []
    return tuple(sentences[:1])


def _apart(word: Word, allowed: Sequence[str]) -> list[str]:
    """Split `--for=failed` into `for` and `failed`; leave every other word whole."""
    text = word.text.lstrip("-") if word.text.startswith("--") else word.text
    for mark in "=:":
        name, _, value = text.partition(mark)
        if value and _option(name, allowed):
            return [name, value]
    return [text] if text else []


def _spelled_out(parts: list[str], allowed: Sequence[str]) -> list[str]:
    """Return the words with `for` in place of `4` before an event, and with `in` in place of `2`
    and of an unknown `to` before `dm`."""
    said = list(parts)
    for at, (part, following) in enumerate(pairwise(parts)):
        if part == "4" and _event(following.lower()):
            said[at] = "for"
        elif part in _TO and part not in allowed and following.lower() in ("dm", *_MY_OWN):
            said[at] = "in"
    return said


def _option(word: str, allowed: Sequence[str]) -> str:
    """Return the allowed option that a word is or means; empty if there is none."""
    said = word.lower().rstrip(":,=")
    meant = said if said in allowed else _OPTION_OF.get(said, "")
    if not meant and len(said) >= _SHORTEST_SLIP:
        meant = next(iter(difflib.get_close_matches(said, allowed, n=1, cutoff=_SLIP)), "")
    return meant if meant in allowed else ""


def _sorted(parts: Sequence[str], allowed: Sequence[str]) -> tuple[str, dict[str, list[str]]]:
    """Return the target, and the values of each option; an option typed twice gets both values."""
    target, options, last = "", dict[str, list[str]](), ""
    for part in parts:
        is_value = last in _PLACES and not options[last]
        option = "" if is_value else _option(part, allowed)
        if option:
            last = option
            options.setdefault(option, [])
        elif last:
            options[last] += [part] if part != "-" else []
        elif "in" in allowed and (part.lower() in _HERE or part in _BEFORE_A_TARGET):
            continue
        elif not target:
            target = target_of(part, allowed)
        else:
            last = option_of(Word(part, quoted=False)) or ("for" if _event(part.lower()) else "?")
            options.setdefault(last, []).append(part)
    return target, options


def _with_the_target_behind(
    options: dict[str, list[str]],
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each last value of an option as the target, if no target came first: `as card 205 for
    failed`. The last option comes first."""
    for option, said in reversed([*options.items()]):
        is_whole = option == "until" and bool(_end(said))
        if len(said) > 1 and not is_whole:
            yield said[-1], {**options, option: said[:-1]}


def _in_their_places(options: dict[str, list[str]], allowed: Sequence[str]) -> dict[str, list[str]]:
    """Return the options with `until 4h` for `in 4h` and `for 4h`, and `in dm` for `as dm`."""
    placed: dict[str, list[str]] = {}
    for option, values in options.items():
        end = _end_among(values) if option in ("for", *_PLACES) and "until" in allowed else []
        rest = values[: len(values) - len(end)]
        is_place = option == "as" and " ".join(values).lower() in ("dm", *_MY_OWN)
        if end and "until" not in options:
            placed |= {option: rest} if rest else {}
            placed["until"] = end
        elif is_place and "in" in allowed and "in" not in options:
            placed["in"] = values
        else:
            placed[option] = values
    return placed


def _end_among(values: list[str]) -> list[str]:
    """Return the last values that together are an end, as in `failed 2 days`."""
    ends = (values[at:] for at in range(len(values)))
    return next((end for end in ends if is_end(" ".join(end))), [])


def _said(options: Mapping[str, list[str]]) -> list[str]:
    """Return each option with its value as the grammar accepts it; an empty string if the value
    cannot be guessed."""
    said = []
    for option, values in options.items():
        if option in _PLACES and " ".join(values).lower() in _HERE:
            continue
        value = _value(option, values)
        said.append(option if option in _FLAGS and not values else value and f"{option} {value}")
    return said


def _value(option: str, values: Sequence[str]) -> str:
    text = " ".join(values)
    if option == "for":
        return _events(text)
    if option == "as":
        return next(iter(difflib.get_close_matches(text.lower(), _MODES, n=1, cutoff=0.6)), "")
    if option == "until":
        return _end(values)
    if option in _PLACES:
        return "dm" if text.lower() in _MY_OWN else text
    return ""


def _events(text: str) -> str:
    words = text.translate(_SEPARATORS).replace(" ", ",").split(",")
    parts = [word.lower() for word in words if word and word.lower() not in _JOINING]
    if len(parts) == 1 and parts[0] in _PRESETS:
        return parts[0]
    meant = list(dict.fromkeys(map(_event, parts)))
    if not all(meant):
        return ""
    return next((one for one in meant if one in _PRESETS), ",".join(meant))


def _event(word: str) -> str:
    if word in _EVENTS:
        return word
    if meant := _EVENT_OF.get(word) or WORDS.get(word, ""):
        return meant if meant in _EVENTS + _PRESETS else ""
    return next(iter(difflib.get_close_matches(word, _EVENTS + _PRESETS, n=1, cutoff=_SLIP)), "")


def _end(values: Sequence[str]) -> str:
    said = list(values)
    while said and said[0].lower() in _BEFORE_AN_END:
        said = said[1:]
    text = " ".join(map(_day, said))
    return text if is_end(text) else ""


def _day(word: str) -> str:
    """Return `tomorrow` for `tomorow`; every other word as typed."""
    said = word.lower()
    if said in _DAYS or not said.isalpha() or len(said) < _SHORTEST_SLIP:
        return word
    return next(iter(difflib.get_close_matches(said, _DAYS, n=1, cutoff=_SLIP)), word)
