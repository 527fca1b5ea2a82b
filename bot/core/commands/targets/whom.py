"""Recognize a person or a channel where `subscribe` takes a job: `subscribe me to 205`."""

from collections.abc import Sequence

from bot.core.commands.chinese.wanted_events import events_of
from bot.core.commands.targets.job_reference import with_labels
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.commands.words.vocabulary import OPTIONS, option
from bot.core.errors import BadCommand
from bot.core.place_ids import channel_id_in
from bot.core.text import say

_VERBS = ("subscribe", "unsubscribe")
_ME = ("me", "myself", "dm")
_OTHERS = ("us", "everyone", "everybody")
_BEFORE_A_JOB = ("to", "from", "for", "about", "on", "of")
_CONDITIONS = ("when", "whenever", "once", "if", "as", "after")


def check_whom(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for a sentence whose words after the verb begin or end with whom to notify;
    suggest the sentences for this channel and for direct messages."""
    if verb not in _VERBS:
        return
    whom, rest = _parted(list(words))
    if whom is None:
        return
    is_me = whom.keyword in _ME
    channel = channel_id_in(whom.text.removeprefix("#"))
    where = ["dm", ""] if is_me else [f"#{channel}" if channel else ""]
    suggestions = tuple(_sentence(verb, rest, one) for one in where)
    if whom.text.startswith("@"):
        raise BadCommand(
            say("I can't subscribe other people."),
            hint=say("They can type the command themselves."),
            suggestions=suggestions,
        )
    raise BadCommand(
        say("`{verb}` is about this channel; with `in dm`, about your direct messages.", verb=verb),
        hint=say("For example: `{example}`.", example=f"{verb} 205 in dm"),
        suggestions=suggestions,
        # Without a place, the sentence is about these direct messages, too.
        in_dm=suggestions[0] if is_me else "",
    )


def _parted(words: list[Word]) -> tuple[Word | None, list[Word]]:
    """Split off the person or channel, and the preposition after it; None if none is named."""
    if len(words) > 1 and (words[-2].keyword, bare(words[-1].keyword)) in _FOR_ME:
        return words[-1], words[:-2]
    if len(words) > 2 and words[-2].keyword == "for" and words[-1].text.startswith("@"):
        return words[-1], words[:-2]
    first = words[0] if words else None
    if first is None or not _names_somebody(first, is_alone=len(words) == 1):
        return None, words
    rest = words[1:]
    is_led = len(rest) > 1 and rest[0].keyword in _BEFORE_A_JOB
    return first, rest[1:] if is_led else rest


_FOR_ME = {("for", whom) for whom in (*_ME, *_OTHERS)}


def _names_somebody(word: Word, *, is_alone: bool) -> bool:
    if word.keyword in _ME:
        return True
    is_channel = word.text.startswith("#") and bool(channel_id_in(word.text[1:]))
    return not is_alone and (is_channel or word.text.startswith("@") or word.keyword in _OTHERS)


def _sentence(verb: str, words: list[Word], where: str) -> str:
    """Return the sentence about a place; a condition such as `when it fails` becomes events."""
    said = with_labels(words)
    at = next((at for at, word in enumerate(said) if word.keyword in _CONDITIONS), len(said))
    events = events_of([bare(word.keyword) for word in said[at:]])
    kept = said[:at] if events else said
    job = [word.sentence for word in kept[:1] if word.keyword not in OPTIONS]
    more = [word.sentence for word in kept[len(job) :]]
    wanted = option("for", ",".join(dict.fromkeys(events)))
    parts = [verb, *job, *more, wanted, option("in", where)]
    return " ".join(part for part in parts if part)
