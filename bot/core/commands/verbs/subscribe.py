"""`subscribe`: let a place follow a job, a name pattern or the project."""

import re
from dataclasses import dataclass, replace

from bot.core.change import Event
from bot.core.commands.options.options import (
    OptionRules,
    checked_place,
    option_is_set,
    option_place,
    option_value,
    option_words,
    split_options,
)
from bot.core.commands.targets.job_reference import JobRef, ThisJob
from bot.core.commands.targets.targets import NamePattern, WholeProject, parse_target
from bot.core.commands.targets.whom import check_whom
from bot.core.commands.times.ends import check_end
from bot.core.commands.times.until import after_until, checked_until
from bot.core.commands.verbs.answers import AnswerGrammar, AnswerReader, Answers
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.subscription import DeliveryMode, Preset
from bot.core.text import Code, enumeration, say

_RULES = OptionRules(
    verb="subscribe",
    allowed=("for", "in", "until", "as", "preview", "form"),
    examples=("subscribe 205", "subscribe flowers* for failed in dm until 18:00 as card"),
)


#: The names of the questions of the form.
JOB, PLACE, PRESET, EVENTS, UNTIL, DELIVERY_MODE = (
    "job",
    "place",
    "preset",
    "events",
    "until",
    "telling",
)
#: The answer to PRESET that makes the answer to EVENTS count.
CHOSEN_EVENTS = "events"
PRESETS = tuple(preset.value for preset in Preset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Let a place follow a target. An empty field means the default for this target."""

    job: JobRef | NamePattern | WholeProject
    #: A preset, or events with commas between them.
    event_filter: str = ""
    #: `dm`, `#` and a channel's id, or empty for the place where the sentence was sent.
    where: str = ""
    until: str = ""
    delivery_mode: DeliveryMode | None = None
    preview: bool = False

    @property
    def text(self) -> str:
        return sentence(
            "subscribe",
            self.job.text,
            option("for", self.event_filter),
            option("in", self.where),
            option("until", after_until(self.until)),
            option("as", self.delivery_mode.value if self.delivery_mode else ""),
            "preview" if self.preview else "",
        )


@dataclass(frozen=True, slots=True)
class SubscribeForm:
    """Open a form for all parts of a subscription. The form is filled in with the sentence so far,
    and with the place's existing subscription to the target."""

    said: Subscribe | None = None

    @property
    def text(self) -> str:
        return f"{self.said.text} form" if self.said else "subscribe"


@dataclass(frozen=True, slots=True)
class SubscribeSeveral:
    """Let one place follow several targets at once: `subscribe 205 in dm; subscribe flow*`."""

    #: All have the same `where`, which only the first sentence in `text` names.
    each: tuple[Subscribe, ...]

    @property
    def text(self) -> str:
        first, *others = self.each
        return "; ".join([first.text, *(replace(one, where="").text for one in others)])


def _parse(words: list[Word], share: bool) -> Subscribe | SubscribeForm | SubscribeSeveral:
    del share  # the answer is for the asker alone
    if not words:
        return SubscribeForm()
    said = list(map(_parse_one, _apart(words)))
    return said[0] if len(said) == 1 else _several(said)


def _apart(words: list[Word]) -> list[list[Word]]:
    """Split the words at each `; subscribe` into those of several sentences, without the verbs."""
    sentences: list[list[Word]] = [[]]
    for at, word in enumerate(words):
        is_next = at > 0 and word.verb == "subscribe" and words[at - 1].typed.endswith(";")
        if is_next:
            sentences.append([])
        else:
            sentences[-1].append(word)
    return sentences


def _several(said: list[Subscribe | SubscribeForm]) -> SubscribeSeveral:
    each = [one for one in said if isinstance(one, Subscribe)]
    where = each[0].where if each else ""
    is_whole = len(each) == len(said) and not any(one.preview for one in each)
    is_named = not any(isinstance(one.job, ThisJob) for one in each)
    if not is_whole or not is_named or any(one.where not in ("", where) for one in each):
        raise BadCommand(
            say("I can't read that as several subscriptions of one channel."),
            hint=say("For example: `{example}`.", example="subscribe 205 in dm; subscribe flow*"),
        )
    return SubscribeSeveral(tuple(replace(one, where=where) for one in each))


def _parse_one(words: list[Word]) -> Subscribe | SubscribeForm:
    check_whom("subscribe", words)
    check_end("subscribe", words)
    target, options = split_options(words, _RULES)
    delivery_mode = option_value(options, "as", _delivery_mode)
    said = Subscribe(
        job=parse_target(target) if target else ThisJob(),
        event_filter=_event_filter(options.words["for"]) if "for" in options.words else "",
        where=option_place(options, "in"),
        until=option_words(options, "until", checked_until),
        delivery_mode=DeliveryMode(delivery_mode) if delivery_mode else None,
        preview=option_is_set(options, "preview"),
    )
    return SubscribeForm(said) if option_is_set(options, "form") else said


# What people type between events: `failed and deleted`, `failed/deleted`, `failed、deleted`.
_SEPARATORS = re.compile(r"[,;/+&、，；]")
_JOINING = ("and", "or", "plus", "the", "also", "和", "或", "以及")


def _event_filter(words: list[Word]) -> str:
    parts = [part for word in words for part in _SEPARATORS.split(word.text)]
    typed = [part for part in parts if part and part.lower() not in _JOINING]
    said = [part.lower() for part in typed]
    if len(said) == 1 and said[0] in PRESETS:
        return said[0]
    known = [event.value for event in Event]
    strange = [part for part in typed if part.lower() not in known]
    if strange or not said:
        raise BadCommand(
            say("`{word}` is not an event.", word=shown(strange[0]))
            if strange
            else say("`for` needs an event."),
            hint=say(
                "Use {presets}, or some of `{events}`, with commas.",
                presets=enumeration([Code(preset) for preset in PRESETS]),
                events=",".join(known),
            ),
            option="for",
        )
    return ",".join(event for event in known if event in said)


def _delivery_mode(text: str) -> str:
    if text.lower() in {delivery_mode.value for delivery_mode in DeliveryMode}:
        return text.lower()
    raise BadCommand(
        say("I can't post `as {word}`.", word=shown(text)),
        hint=say("Use `as thread`, `as card` or `as channel`."),
        option="as",
    )


def _read(answers: Answers) -> Subscribe:
    reader = AnswerReader(answers)
    job = reader.read(JOB, _chosen_job)
    where = reader.read(PLACE, _chosen_place)
    if answers.get(PRESET) == (CHOSEN_EVENTS,):
        event_filter = reader.read(EVENTS, _chosen_events)
    else:
        event_filter = reader.read(PRESET, _chosen_preset)
    until = reader.read(UNTIL, lambda chosen: checked_until(chosen[0]) if chosen else "")
    delivery_mode = reader.read(
        DELIVERY_MODE, lambda chosen: _delivery_mode(chosen[0]) if chosen else ""
    )
    reader.check()
    return Subscribe(
        job=job or WholeProject(),
        event_filter=event_filter or "",
        where=where or "",
        until=until or "",
        delivery_mode=DeliveryMode(delivery_mode) if delivery_mode else None,
    )


def _chosen_job(chosen: tuple[str, ...]) -> JobRef | NamePattern | WholeProject:
    if not chosen:
        raise BadCommand(say("Choose a job."))
    return parse_target(Word(chosen[0], quoted=False))


def _chosen_place(chosen: tuple[str, ...]) -> str:
    if not chosen:
        raise BadCommand(say("Choose a channel."))
    return checked_place(chosen[0], option="in", example="")


def _chosen_preset(chosen: tuple[str, ...]) -> str:
    if not chosen:
        raise BadCommand(say("Choose which changes to post."))
    return _event_filter([Word(chosen[0], quoted=False)])


def _chosen_events(chosen: tuple[str, ...]) -> str:
    if not chosen:
        raise BadCommand(say("Choose at least one event."))
    return _event_filter([Word(event, quoted=False) for event in chosen])


SUBSCRIBE: Verb[Subscribe | SubscribeForm | SubscribeSeveral] = Verb(
    name="subscribe",
    aliases=("watch",),
    parse=_parse,
    group=HelpGroup.FOLLOW,
    overview=HelpRow("subscribe 205", say("post here whenever the job changes")),
    help=(
        HelpRow("subscribe", say("open a form for the job, the channel, the events and the end")),
        HelpRow("subscribe 205", say("post every change of state of one job, until it ends")),
        HelpRow(
            "subscribe flowers* for failures",
            say("post failures of all jobs whose name matches; `project` means every job"),
        ),
        HelpRow(
            "subscribe 205 for running,failed",
            say(
                "post these events only; there are `{events}`",
                events=",".join(event.value for event in Event),
            ),
        ),
        HelpRow(
            "subscribe 205 for all",
            say(
                "post every change of ModelArts' status number; `changes`: every change of state;"
                " `failures`: what goes wrong"
            ),
        ),
        HelpRow(
            "subscribe 205 in dm until 18:00",
            say("post elsewhere, `dm` or a #channel; stop then: `18:00`, `4h`, `monday 9:00`"),
        ),
        HelpRow(
            "subscribe 205 as card",
            say(
                "only edit the job's card; `thread`: post under the card, too; `channel`: post in"
                " the channel as well"
            ),
        ),
        HelpRow("subscribe 205 form", say("open the form to change the subscription here")),
        HelpRow(
            "subscribe project preview", say("count what I would have posted in the last 7 days")
        ),
        HelpRow("watch 205", say("do the same as `subscribe 205`")),
    ),
    answers=AnswerGrammar(
        read=_read,
        questions={"": JOB, "for": PRESET, "in": PLACE, "until": UNTIL, "as": DELIVERY_MODE},
    ),
)
