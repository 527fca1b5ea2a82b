"""Guess the verb that a word means: abbreviated, mistyped, a synonym, or glued to its job."""

import difflib
import re

from bot.core.commands.verbs.registry import VERB_NAMES
from bot.core.commands.verbs.show import FIRST_WORDS
from bot.core.commands.words.typed import bare

#: The command for another language.
LANGUAGE = "settings language"

# What other programs call the same commands, the likelier command of a word first.
_CALLED = {
    "stop": "kill terminate halt abort cancel end shutdown quit close delete rm destroy erase",
    "restart": "rerun re-run reboot start run resume relaunch retry redo revive",
    "subscribe": "follow track monitor notify",
    "unsubscribe": "unfollow untrack unsub remove delete rm",
    "snooze": "silence pause hush",
    "wake": "unmute unsnooze unpause",
    "find": "search grep lookup",
    "help": "hilfe man usage commands menu ayuda aide test testing",
    "details": "info describe desc inspect detail",
    "history": "log logs timeline past",
    "cost": "costs price spend spending bill billing hours",
    "claim": "own mine take",
    "disclaim": "unclaim release disown",
    "keep": "extend prolong renew lease",
    "status": "health ping uptime",
    "status letters": "letters undelivered",
    "settings": "config configure preferences prefs setup",
    "redeliver": "resend retry",
    "quiet": "dnd silent",
    "copy": "move clone",
    "open": "link url tensorboard tb launch view display",
    "subscriptions": "subs following followed",
    "list": "jobs everything all",
    "list running": "running",
    "list queued": "queued",
    "list failed": "failed failures",
    "list stopped": "stopped",
    "list finished": "finished",
    LANGUAGE: "lang language speak",
    f"{LANGUAGE} en": "english englisch",
    f"{LANGUAGE} zh-CN": "chinese chinesisch",
}
_SYNONYMS: dict[str, tuple[str, ...]] = {}
for _command, _said in _CALLED.items():
    for _word in _said.split():
        _SYNONYMS[_word] = (*_SYNONYMS.get(_word, ()), _command)
_SHORTEST_BEGINNING = 3
# A word is a typing slip for a verb if difflib's ratio of the two is at least this.
_SLIP = 0.75
# Characters that people type between a verb and a number instead of a blank.
_JOINTS = "-_:#=."
_NUMBERED = re.compile(r"([A-Za-z]++)[-_:#=.]?([0-9]++)")


def synonym_of(word: str) -> str:
    """Return the likeliest command that other programs call by this word; empty for none."""
    return next(iter(_SYNONYMS.get(word.lower(), ())), "")


def nearest_verbs(word: str) -> tuple[str, ...]:
    """Return the verbs that a word may mean, likeliest first."""
    said = word.lower()
    if said in _SYNONYMS:
        return _SYNONYMS[said]
    is_long = len(said) >= _SHORTEST_BEGINNING
    begun = [name for name in VERB_NAMES if is_long and name.startswith(said)]
    near = begun or difflib.get_close_matches(said, VERB_NAMES, n=3, cutoff=0.6)
    return tuple(dict.fromkeys(VERB_NAMES[name] for name in near))


def resembles_verb(word: str) -> bool:
    """Return whether a word is a verb, or a typing slip for one."""
    return bool(difflib.get_close_matches(word.lower(), VERB_NAMES, n=1, cutoff=_SLIP))


def glued_sentences(word: str) -> tuple[str, ...]:
    """Split a verb that is glued to its job, as in `stop231` or `231stop`, and return the sentences
    that this may mean, likeliest first."""
    said = word.lower()
    ends = [(verb, word[len(verb) :]) for verb in FIRST_WORDS if said.startswith(verb)]
    ends += [(verb, word[: -len(verb)]) for verb in FIRST_WORDS if said.endswith(verb)]
    parted = [(verb, bare(job.strip(_JOINTS))) for verb, job in ends]
    if numbered := _NUMBERED.fullmatch(word):
        near = difflib.get_close_matches(numbered[1].lower(), FIRST_WORDS, n=1, cutoff=_SLIP)
        parted += [(verb, numbered[2]) for verb in near]
    likely = sorted(((verb, job) for verb, job in parted if job), key=lambda one: -len(one[0]))
    return tuple(dict.fromkeys(f"{FIRST_WORDS[verb]} {job}" for verb, job in likely))


def glued_to_number(word: str) -> str:
    """Return the likeliest sentence of a verb that is glued to digits; empty for none."""
    sentences = glued_sentences(word)
    return next((one for one in sentences if one.rpartition(" ")[2].isdecimal()), "")
