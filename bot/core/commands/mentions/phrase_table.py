"""The requests in people's own words that the bot understands: which words each takes, and which
sentences do what it asks."""

from dataclasses import dataclass

from bot.core.commands.chinese.wanted_events import MESSAGES_STOP
from bot.core.commands.targets.stop_messages import MESSAGES
from bot.core.text import Words, say


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT = _words("not no don't dont never isn't")
_NEVER_CAME = _words("didn't wasn't haven't weren't didnt wasnt")
_OFF = _words("off disable delete remove cancel drop end quit stop enough fewer less without")
_AROUND = _words(
    "about of for to from on in at the this that these those here channel thread me us any more"
    " anymore longer all every turn switch too please with by sending send posting post back up"
)
_TELLING = _words("notify message ping tell remind post alert dm mention bother follow watch track")
_QUESTIONS = _words("what which why who whose when where how")
_WHOLE_PLACES = _words("channel here everyone everybody us team")
_REPORTS = _words("digest summary report reports overview")
_UNWANTED = ("unsubscribe {job}", "snooze {place} 4h")
_SNOOZES = say("`snooze` holds my messages back for a while.")
_RULES = say("Quiet hours and a digest are for this channel, or for your direct messages.")
_KEEPS = say("`keep` lets a job run on without reminders of its cost.")
_SHARES = say("`share` after a job posts its card in the channel.")
_OWNS = say("`claim` makes you the owner of a job, and `disclaim` ends that.")
_ACTS = say("`stop` ends a job, and `restart` runs it again; I ask before I do it.")
_ONLY_A_TIME = say("That is only a time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One kind of request."""

    #: Of each of these sets, the request has a word. Without any, only the end is said.
    needs: tuple[frozenset[str], ...]
    #: The sentences, with `{job}`, `{place}` (the job or `here`), `{card}` (the job or `show`),
    #: `{verb}`, `{time}` (of the day, or 09:00) and `{end}`, which the request must have.
    says: tuple[str, ...]
    #: Why the bot only suggests the sentences; empty if the first one is the command itself.
    problem: Words = ""
    #: Further words that the request may have.
    beside: frozenset[str] = _AROUND
    #: Words that it never has.
    without: frozenset[str] = _QUESTIONS


#: The kinds of requests; the first that fits counts.
PHRASES = (
    # I got no message about 205.
    Phrase(
        needs=(_NEVER_CAME, MESSAGES | _TELLING | _words("notified told informed get receive")),
        says=("why {job}",),
    ),
    Phrase(
        needs=(_NOT, MESSAGES | _words("notified told informed"), _words("got received did was")),
        says=("why {job}",),
        without=_QUESTIONS | {"more", "want"},
    ),
    # Turn off the digest. No quiet hours.
    Phrase(
        needs=(_NOT | _OFF, _REPORTS),
        says=("digest here off", "digest me off"),
        problem=_RULES,
        beside=_AROUND | {"daily"},
    ),
    Phrase(
        needs=(_NOT | _OFF, _words("quiet")),
        says=("quiet here off", "quiet me off"),
        problem=_RULES,
        beside=_AROUND | _words("hours time"),
    ),
    # Turn off notifications for 205. Delete my subscription to 205. Don't ping me about 205.
    Phrase(
        needs=(_OFF, MESSAGES),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        without=_QUESTIONS | _NOT - {"no"},
    ),
    Phrase(
        needs=(_NOT, MESSAGES | _TELLING),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        beside=_AROUND | {"want"},
    ),
    Phrase(needs=(_words("many much"), MESSAGES), says=_UNWANTED, problem=MESSAGES_STOP),
    Phrase(
        needs=(_words("shut hush silence silent noisy enough loud"),),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        without=_QUESTIONS | {"down"},
    ),
    # Don't disturb me until 9:00. Be quiet for 2h.
    Phrase(
        needs=(_words("disturb interrupt dnd"),),
        says=("snooze me {end}", "snooze here {end}"),
        problem=_SNOOZES,
        beside=_AROUND | _NOT,
    ),
    Phrase(
        needs=(_words("disturb interrupt"),),
        says=("snooze me 4h", "quiet me 22:00-08:00"),
        problem=_SNOOZES,
        beside=_AROUND | _NOT,
    ),
    Phrase(
        needs=(_words("quiet"), _words("be keep stay")),
        says=("snooze {place} {end}", "snooze me {end}"),
        problem=_SNOOZES,
    ),
    # Send a daily summary at 9.
    Phrase(
        needs=(_REPORTS, _words("daily morning every each at")),
        says=("digest here at {time}", "digest me at {time}"),
        problem=_RULES,
        beside=_AROUND | {"day"},
    ),
    Phrase(
        needs=(_REPORTS - {"digest"},),
        says=("digest here at 09:00", "digest me at 09:00"),
        problem=_RULES,
    ),
    # Let 205 run until 18:00. Give 205 two more hours. Leave it on.
    Phrase(
        needs=(_words("let leave give extend prolong more another"),),
        says=("keep {job} {end}",),
        problem=_KEEPS,
        beside=_AROUND | _words("run running on alive another longer go"),
    ),
    *(
        Phrase(needs=needs, says=("keep {job} 4h", "keep {job} until 18:00"), problem=_KEEPS)
        for needs in (
            (_words("let"), _words("run live go")),
            (_words("leave"), _words("running on alive up")),
        )
    ),
    Phrase(needs=(), says=("keep {end}", "snooze {end}"), problem=_ONLY_A_TIME),
    # 205 is mine.
    Phrase(needs=(_words("mine"), _NOT), says=("disclaim {job}",), problem=_OWNS),
    Phrase(needs=(_words("mine"),), says=("claim {job}",), problem=_OWNS),
    Phrase(needs=(_words("assign transfer"), _words("me")), says=("claim {job}",), problem=_OWNS),
    # Turn 205 off. Bring it back.
    Phrase(
        needs=(_words("turn switch power shut"), _words("off down")),
        says=("stop {job}",),
        problem=_ACTS,
    ),
    Phrase(
        needs=(_words("bring turn switch"), _words("back on")),
        says=("restart {job}",),
        problem=_ACTS,
    ),
    # Post 205 to the channel.
    Phrase(
        needs=(_words("share post publish send"), _WHOLE_PLACES),
        says=("{card} share",),
        problem=_SHARES,
    ),
    Phrase(needs=(_words("post publish"),), says=("{card} share",), problem=_SHARES),
    # What am I following? What does this channel follow?
    *(
        Phrase(
            needs=(
                *mine,
                _words("what which"),
                _words("follow following followed subscribed subscriptions watched watching"),
            ),
            says=(f"subscriptions {scope}",),
            beside=_AROUND | {"am"},
            without=_NOT,
        )
        for mine, scope in (((_words("i i'm my"),), "mine"), ((), "here"))
    ),
    # Are you ok?
    Phrase(
        needs=(
            _words("are r is"),
            _words("you u bot visjob"),
            _words("alive up ok okay fine working broken down dead healthy awake online asleep"),
        ),
        says=("status",),
        without=_QUESTIONS | _words("it it's thanks thank"),
    ),
    Phrase(
        needs=(_words("dead undelivered unsent"), _words("letters messages notifications")),
        says=("status letters",),
    ),
    # How do I snooze a job?
    *(
        Phrase(needs=needs, says=("help {verb}",), beside=_AROUND | {"use"}, without=frozenset())
        for needs in (
            (_words("explain usage man manual syntax example examples hilfe"),),
            (_words("how"), _words("do does can to")),
            (_words("what"), _words("does"), _words("do mean")),
        )
    ),
)
