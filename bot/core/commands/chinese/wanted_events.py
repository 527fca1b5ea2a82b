"""The events that people name in their own words, and the subscription to them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.core.commands.words.vocabulary import option, sentence
from bot.core.text import say

#: The answer to a request for a reminder at a set time.
NO_TIMERS = say(
    "I can't remind you at a set time, but I can message you when the job is stuck or runs for"
    " long."
)
#: The answer to any other request to be notified.
BY_SUBSCRIPTION = say("A subscription does that.")
#: The answer to a request for no more messages.
MESSAGES_STOP = say("`unsubscribe` ends my messages about a job, and `snooze` holds them back.")
#: The answer to a request to act at a later time.
NOT_LATER = say("I can stop or restart a job now, but not at a later time.")
NOTIFY_HINT = say("For example: `{example}`.", example="subscribe 205 for failed,finished in dm")

# Somebody who waits for the end of a job wants to know of every end.
_ENDED = ("failed", "stopped", "finished")
_MEANT = {
    _ENDED: "finish finishes finished finishing done complete completes completed end ends ended"
    " over through stop stops stopped stopping terminates terminated",
    (
        "failed",
    ): "fail fails failed failing failure failures fault crash crashes crashed die dies died error"
    " errors break breaks broken",
    ("running",): "run runs running up ready live start starts started begins open opens",
    ("started",): "restart restarts restarted",
    ("stuck",): "stuck hang hangs hanging",
    ("deleted",): "deleted removed gone disappears",
    ("changes",): "change changes changed",
}
_EVENTS_OF = {word: events for events, words in _MEANT.items() for word in words.split()}
EVENT_WORDS = frozenset(_EVENTS_OF)
_DENIED = frozenset({"not", "no", "never", "isn't", "doesn't", "hasn't", "without", "unless"})
# The events that Chinese words mean, where that is more than one.
_WIDER = {"finished": _ENDED, "stopped": _ENDED}


def events_of(said: Sequence[str]) -> tuple[str, ...]:
    """Return the events that words name; none if a word negates them."""
    if not _DENIED.isdisjoint(said):
        return ()
    return tuple(
        event
        for before, word in pairwise(["", *said])
        if not (word == "running" and _EVENTS_OF.get(before) == _ENDED)
        for event in _EVENTS_OF.get(word, ())
    )


def widened(events: Iterable[str]) -> tuple[str, ...]:
    """Return the events that a person wants who names these."""
    return tuple(one for event in events for one in _WIDER.get(event, (event,)))


def subscription(job: str, events: Sequence[str], *, where: str = "dm") -> str:
    """Return the sentence that subscribes to these events of a job, or to the default ones."""
    wanted = "changes" if "changes" in events else ",".join(dict.fromkeys(events))
    return sentence("subscribe", job, option("for", wanted), option("in", where))
