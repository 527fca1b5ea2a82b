"""The requests in people's own words that the bot understands: which words each takes, and which
sentences do what it asks."""

from collections.abc import Set
from dataclasses import dataclass

from bot.core.commands.chinese.wanted_events import MESSAGES_STOP
from bot.core.commands.targets.acting_targets import MESSAGES
from bot.core.commands.verbs.cost import PERIODS
from bot.core.commands.words.vocabulary import word_set
from bot.core.text import Words, say

_NOT = word_set("not no don't dont never isn't")
_NEVER_CAME = word_set("didn't wasn't haven't weren't didnt wasnt")
_OFF = word_set("off disable delete remove cancel drop end quit stop enough fewer less without")
_AROUND = word_set(
    "about of for to from on in at the this that these those here channel thread me us any more"
    " anymore longer all every turn switch too please with by sending send posting post back up"
)
_TELLING = word_set(
    "notify message ping tell remind post alert dm mention bother follow watch track"
)
_INFORMED = word_set("notified told informed")
_QUESTIONS = word_set("what which why who whose when where how")
_WHOLE_PLACES = word_set("channel here everyone everybody us team")
_REPORTS = word_set("digest summary report reports overview")
_UNWANTED = ("unsubscribe {job}", "snooze {place} 4h")
_SNOOZES = say("`snooze` holds my messages back for a while.")
_RULES = say("Quiet hours and a digest are for this channel, or for your direct messages.")
_KEEPS = say("`keep` lets a job run on without reminders of its cost.")
_SHARES = say("`share` after a job posts its card in the channel.")
_OWNS = say("`claim` makes you the owner of a job, and `disclaim` ends that.")
_OTHERS_CLAIM = say("The new owner types that: nobody can claim a job for another person.")
_ACTS = say("`stop` ends a job, and `restart` runs it again; I ask before I do it.")
_ONLY_A_TIME = say("That is only a time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One kind of request."""

    #: Of each of these sets, the request has a word. Without any, only the end is said.
    needs: tuple[Set[str], ...]
    #: The sentences, with `{job}`, `{place}` (the job or `here`), `{card}` (the job or `show`),
    #: `{verb}`, `{period}`, `{time}` (of the day, or 09:00) and `{end}`, which the request must
    #: have.
    says: tuple[str, ...]
    #: Why the bot only suggests the sentences; empty if the first one is the command itself.
    problem: Words = ""
    #: Further words that the request may have.
    beside: Set[str] = _AROUND
    #: Words that it never has.
    without: Set[str] = _QUESTIONS


#: The kinds of requests; the first that fits counts.
PHRASES = (
    # I got no message about 205.
    Phrase(
        needs=(_NEVER_CAME, MESSAGES | _TELLING | _INFORMED | {"get", "receive"}),
        says=("why {job}",),
    ),
    Phrase(
        needs=(
            _NOT,
            MESSAGES | _INFORMED,
            word_set("got received did was"),
        ),
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
        needs=(_NOT | _OFF, {"quiet"}),
        says=("quiet here off", "quiet me off"),
        problem=_RULES,
        beside=_AROUND | word_set("hours time"),
    ),
    # Turn off notifications for 205. Delete my subscription to 205. Don't ping me about 205.
    Phrase(
        needs=(_OFF, MESSAGES),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        without=(_QUESTIONS | _NOT) - {"no", "how"},
    ),
    Phrase(
        needs=(_NOT, MESSAGES | _TELLING),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        beside=_AROUND | {"want"},
    ),
    Phrase(needs=(word_set("many much"), MESSAGES), says=_UNWANTED, problem=MESSAGES_STOP),
    Phrase(
        needs=(word_set("shut hush silence silent noisy enough loud"),),
        says=_UNWANTED,
        problem=MESSAGES_STOP,
        without=_QUESTIONS | {"down"},
    ),
    # Don't disturb me until 9:00. Be quiet for 2h.
    Phrase(
        needs=(word_set("disturb interrupt dnd"),),
        says=("snooze me {end}", "snooze here {end}"),
        problem=_SNOOZES,
        beside=_AROUND | _NOT,
    ),
    Phrase(
        needs=(word_set("disturb interrupt"),),
        says=("snooze me 4h", "quiet me 22:00-08:00"),
        problem=_SNOOZES,
        beside=_AROUND | _NOT,
    ),
    Phrase(
        needs=({"quiet"}, word_set("be keep stay")),
        says=("snooze {place} {end}", "snooze me {end}"),
        problem=_SNOOZES,
    ),
    # Send a daily summary at 9.
    Phrase(
        needs=(_REPORTS, word_set("daily morning every each at")),
        says=("digest here at {time}", "digest me at {time}"),
        problem=_RULES,
        beside=_AROUND | {"day"},
    ),
    Phrase(
        needs=(_REPORTS - {"digest"},),
        says=("digest here at 09:00", "digest me at 09:00"),
        problem=_RULES,
    ),
    Phrase(needs=({"leave"}, {"alone"}), says=_UNWANTED, problem=MESSAGES_STOP),
    # Let 205 run until 18:00. Give 205 two more hours. Leave it on.
    Phrase(
        needs=(word_set("let leave extend prolong more another"),),
        says=("keep {job} {end}",),
        problem=_KEEPS,
        beside=_AROUND | word_set("run running on alive another longer go give"),
    ),
    *(
        Phrase(needs=needs, says=("keep {job} 4h", "keep {job} until 18:00"), problem=_KEEPS)
        for needs in (
            ({"let"}, word_set("run live go")),
            ({"leave"}, word_set("running on alive up")),
        )
    ),
    Phrase(needs=(), says=("keep {end}", "snooze {end}"), problem=_ONLY_A_TIME),
    Phrase(needs=({"unkeep"},), says=("keep {job} off",), problem=_KEEPS),
    # 205 is mine.
    Phrase(needs=({"mine"}, _NOT), says=("disclaim {job}",), problem=_OWNS),
    Phrase(needs=({"mine"},), says=("claim {job}",), problem=_OWNS),
    Phrase(needs=(word_set("assign transfer"), {"me"}), says=("claim {job}",), problem=_OWNS),
    # Assign 205 to @bob.
    Phrase(
        needs=(word_set("assign transfer give hand"), {"to"}),
        says=("claim {job}",),
        problem=_OTHERS_CLAIM,
        without=_QUESTIONS | word_set("me us more"),
    ),
    # Turn 205 off. Bring it back.
    Phrase(
        needs=(word_set("turn switch power shut"), word_set("off down")),
        says=("stop {job}",),
        problem=_ACTS,
    ),
    Phrase(
        needs=(word_set("bring turn switch"), word_set("back on")),
        says=("restart {job}",),
        problem=_ACTS,
    ),
    # Post 205 to the channel.
    Phrase(
        needs=(word_set("share post publish send"), _WHOLE_PLACES),
        says=("{card} share",),
        problem=_SHARES,
    ),
    Phrase(needs=(word_set("post publish"),), says=("{card} share",), problem=_SHARES),
    # What am I following? What does this channel follow?
    *(
        Phrase(
            needs=(
                *mine,
                word_set("what which"),
                word_set("follow following followed subscribed subscriptions watched watching"),
            ),
            says=(f"subscriptions {scope}",),
            beside=_AROUND | {"am"},
            without=_NOT,
        )
        for mine, scope in (((word_set("i i'm my"),), "mine"), ((), "here"))
    ),
    # My subscriptions. My jobs. Who follows 205?
    Phrase(
        needs=({"my"}, word_set("subscriptions subscription subs")),
        says=("subscriptions mine",),
        beside=_AROUND | word_set("show list see"),
        without=_NOT | _OFF,
    ),
    Phrase(
        needs=(word_set("my our"), {"jobs"}),
        says=("list",),
        beside=word_set("show list see all me"),
        without=_NOT | _OFF,
    ),
    Phrase(
        needs=({"who"}, word_set("follows following watches watching subscribed subscribes gets")),
        says=("why {job}",),
        beside=_AROUND | {"else"},
        without=_NOT,
    ),
    # How much did 205 cost this month?
    Phrase(
        needs=(
            word_set("how what what's"),
            word_set("cost costs costing spend spent spending expensive billed charged"),
        ),
        says=("cost {job} {period}",),
        beside=word_set("so far project total money all of and running") | frozenset(PERIODS),
        without=frozenset(),
    ),
    # Are you ok? Is @visjob down?
    Phrase(
        needs=(
            word_set("are r is"),
            word_set("alive up ok okay fine working broken down dead healthy awake online asleep"),
        ),
        says=("status",),
        beside=word_set("you u bot visjob still there"),
        without=_QUESTIONS | word_set("it it's this that thanks thank any anything jobs job"),
    ),
    Phrase(
        needs=(word_set("dead undelivered unsent"), word_set("letters messages notifications")),
        says=("status letters",),
    ),
    # How do I snooze a job?
    *(
        Phrase(needs=needs, says=("help {verb}",), beside=_AROUND | {"use"}, without=frozenset())
        for needs in (
            (word_set("explain usage man manual syntax example examples hilfe"),),
            ({"how"}, word_set("do does can to")),
            ({"what"}, {"does"}, word_set("do mean")),
        )
    ),
)
