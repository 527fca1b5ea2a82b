"""Guess the verb that a word means: abbreviated, mistyped, a synonym, or glued to its job."""

import difflib
import re

from bot.core.commands.verbs.registry import VERB_NAMES
from bot.core.commands.verbs.show import FIRST_WORDS

#: The command for another language.
LANGUAGE = "settings language"

# What other programs call the same commands.
_SYNONYMS = {
    **dict.fromkeys(("kill", "terminate", "halt", "abort", "cancel", "end", "shutdown"), "stop"),
    **dict.fromkeys(("rerun", "reboot", "start", "run", "resume", "relaunch"), "restart"),
    **dict.fromkeys(("follow", "track", "monitor", "notify"), "subscribe"),
    **dict.fromkeys(("unfollow", "untrack", "unsub", "remove"), "unsubscribe"),
    **dict.fromkeys(("silence", "pause", "hush"), "snooze"),
    **dict.fromkeys(("unmute", "unsnooze", "unpause"), "wake"),
    **dict.fromkeys(("search", "grep", "lookup"), "find"),
    **dict.fromkeys(("hilfe", "man", "usage", "commands", "ayuda", "aide"), "help"),
    **dict.fromkeys(("info", "describe", "desc", "inspect", "detail"), "details"),
    **dict.fromkeys(("log", "logs", "timeline", "past"), "history"),
    **dict.fromkeys(("costs", "price", "spend", "spending", "bill", "billing", "hours"), "cost"),
    **dict.fromkeys(("own", "mine", "take"), "claim"),
    **dict.fromkeys(("unclaim", "release", "disown"), "disclaim"),
    **dict.fromkeys(("extend", "prolong", "renew", "lease"), "keep"),
    **dict.fromkeys(("health", "ping", "uptime"), "status"),
    **dict.fromkeys(("config", "configure", "preferences", "prefs", "setup"), "settings"),
    **dict.fromkeys(("resend", "retry"), "redeliver"),
    **dict.fromkeys(("dnd", "silent"), "quiet"),
    **dict.fromkeys(("link", "url", "tensorboard", "tb", "launch", "view", "display"), "open"),
    **dict.fromkeys(("subs", "following", "followed"), "subscriptions"),
    **dict.fromkeys(("jobs", "everything", "all"), "list"),
    "running": "list running",
    "queued": "list queued",
    "failed": "list failed",
    "failures": "list failed",
    "stopped": "list stopped",
    "finished": "list finished",
    **dict.fromkeys(("lang", "language", "speak"), LANGUAGE),
}
_SHORTEST_BEGINNING = 3
# A word is a typing slip for a verb if difflib's ratio of the two is at least this.
_SLIP = 0.75
# Characters that people type between a verb and a number instead of a blank.
_JOINTS = "-_:#=."
_NUMBERED = re.compile(r"([A-Za-z]++)[-_:#=.]?([0-9]++)")


def synonym_of(word: str) -> str:
    """Return the command that other programs call by this word; empty for any other word."""
    return _SYNONYMS.get(word.lower(), "")


def nearest_verbs(word: str) -> tuple[str, ...]:
    """Return the verbs that a word may mean, likeliest first."""
    said = word.lower()
    if said in _SYNONYMS:
        return (_SYNONYMS[said],)
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
    parted = [(verb, job.strip(_JOINTS)) for verb, job in ends]
    if numbered := _NUMBERED.fullmatch(word):
        near = difflib.get_close_matches(numbered[1].lower(), FIRST_WORDS, n=1, cutoff=_SLIP)
        parted += [(verb, numbered[2]) for verb in near]
    likely = sorted(((verb, job) for verb, job in parted if job), key=lambda one: -len(one[0]))
    return tuple(dict.fromkeys(f"{FIRST_WORDS[verb]} {job}" for verb, job in likely))


def glued_to_number(word: str) -> str:
    """Return the likeliest sentence of a verb that is glued to digits; empty for none."""
    sentences = glued_sentences(word)
    return next((one for one in sentences if one.rpartition(" ")[2].isdecimal()), "")
