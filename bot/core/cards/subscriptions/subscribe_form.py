"""The form that asks for a subscription, and the card that replaces it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.core.cards.card import Action, Card, Code, Emphasis, SearchBox
from bot.core.cards.form import (
    Form,
    JobInput,
    MomentInput,
    OneInput,
    Option,
    PlaceInput,
    Question,
    SomeInput,
)
from bot.core.cards.jobs.job_choice import choices
from bot.core.cards.wording import full_words
from bot.core.change import Event
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.targets.targets import WholeProject, parse_target
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.subscribe import (
    CHOSEN_EVENTS,
    DELIVERY_MODE,
    EVENTS,
    JOB,
    PLACE,
    PRESET,
    UNTIL,
    Subscribe,
    SubscribeForm,
)
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand
from bot.core.job import VisualizationJob
from bot.core.subscription import DeliveryMode, Preset
from bot.core.text import enumeration, say

_CHOSEN = Option(label=say("Only the events chosen below"), word=CHOSEN_EVENTS)
_PRESETS = (
    Option(label=say("Every change of state"), word=Preset.CHANGES.value),
    Option(label=say("Every change, also within a state"), word=Preset.ALL.value),
    Option(label=say("Failures only"), word=Preset.FAILURES.value),
    _CHOSEN,
)
_USUAL = Preset.CHANGES.value
_MODES = (
    Option(
        label=say("In the card's thread; the end and reminders also in the channel"),
        word=DeliveryMode.THREAD.value,
    ),
    Option(label=say("On the card alone, without messages"), word=DeliveryMode.CARD.value),
    Option(
        label=say("In the card's thread, and all of it in the channel, too"),
        word=DeliveryMode.CHANNEL.value,
    ),
)
_EVENT_LABELS = {
    Event.STARTED: say("Started"),
    Event.RUNNING: say("Running"),
    Event.FAILED: say("Failed"),
    Event.STOPPED: say("Stopped"),
    Event.FINISHED: say("Finished"),
    Event.DELETED: say("Deleted"),
    Event.STUCK: say("Stuck"),
    Event.COST: say("Cost"),
    Event.LINK: say("Link"),
}
_EVENTS = tuple(Option(label=_EVENT_LABELS[event], word=event.value) for event in Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """The initial answers of a form."""

    job: Option | None = None
    #: Empty for the channel in view.
    channel_id: str = ""
    event_filter: str = ""
    until: datetime | None = None
    delivery_mode: DeliveryMode = DeliveryMode.THREAD
    #: True if the form changes a present subscription.
    is_change: bool = False


_NOTHING = FilledIn()
_BLANK = SubscribeForm()


def subscribe_form(*, last_job: VisualizationJob | None, filled_in: FilledIn = _NOTHING) -> Form:
    """Return the form; `last_job` is the job that the person last asked for, if known."""
    last = choices([last_job])[0] if last_job else None
    job = JobInput(placeholder=say("Type a name or an id"), initial=filled_in.job or last)
    place = PlaceInput(placeholder=say("Choose a channel"), initial=filled_in.channel_id)
    preset, events = _begun(filled_in.event_filter)
    mode = next(one for one in _MODES if one.word == filled_in.delivery_mode.value)
    return Form(
        verb="subscribe",
        title=say("Change subscription") if filled_in.is_change else say("Subscribe"),
        submit=say("Save") if filled_in.is_change else say("Subscribe"),
        questions=(
            Question(name=JOB, label=say("Job"), input=job),
            Question(
                name=PLACE,
                label=say("Where to post"),
                input=place,
                hint=say("A direct message means the one between you and me."),
            ),
            Question(
                name=PRESET,
                label=say("Which changes"),
                input=OneInput(options=_PRESETS, initial=preset),
            ),
            Question(
                name=EVENTS,
                label=say("Events"),
                input=SomeInput(options=_EVENTS, initial=events),
                hint=say("They count only with “Only the events chosen below”."),
                is_optional=True,
            ),
            Question(
                name=UNTIL,
                label=say("Until"),
                input=MomentInput(initial=filled_in.until),
                hint=say("If empty, until the job ends."),
                is_optional=True,
            ),
            Question(
                name=DELIVERY_MODE,
                label=say("How to post"),
                input=OneInput(options=_MODES, initial=mode),
            ),
        ),
    )


def wide_targets(typed: str) -> tuple[Option, ...]:
    """Return what else than one job the typed words may mean: a name pattern, or the project."""
    words = typed.strip()
    found: list[Option] = []
    if "*" in words:
        with suppress(BadCommand):
            target = parse_target(Word(words, quoted=False))
            label = say("Every job named `{pattern}`", pattern=target.text)
            found.append(Option(label=label, word=target.text))
    said = words.lower()
    is_begun = len(said) >= _SHORTEST_BEGINNING and any(one.startswith(said) for one in _WHOLE)
    if said in _WHOLE or is_begun:
        found.append(Option(label=say("Every job of the project"), word=WholeProject().text))
    return tuple(found)


_WHOLE = ("project", "all", "every", "everything", "*")
# Slack asks at every letter; fewer letters begin too many names.
_SHORTEST_BEGINNING = 3


def _begun(event_filter: str) -> tuple[Option, tuple[Option, ...]]:
    """Return the preset and the events with which the form shows an event filter."""
    preset = next((one for one in _PRESETS if one.word == (event_filter or _USUAL)), None)
    if preset:
        return preset, ()
    named = event_filter.split(",")
    return _CHOSEN, tuple(one for one in _EVENTS if one.word in named)


def subscribe_form_card(
    *, last_job: VisualizationJob | None = None, form: SubscribeForm = _BLANK
) -> Card:
    """Return the card that replaces the form if it cannot be opened at once: a search box, and the
    job that the person last asked for."""
    if form.said:
        return _late_card(form)
    asked = say(
        "Which job do you want to subscribe to here? Search for it, or type a command such as:"
    )
    examples = enumeration([Code(example) for example in _EXAMPLES])
    return Card(
        subject=say("Subscribe"),
        summary=say("{question} {examples}.", question=asked, examples=examples),
        lines=((asked,), *((Code(example),) for example in _EXAMPLES)),
        controls=(
            SearchBox(placeholder=say("Type a name or an id"), verb="subscribe"),
            *((_subscribe_to(last_job),) if last_job else ()),
            Action(label=say("Open the form"), command=form),
            Action(label=say("Help"), command=Help("subscribe")),
        ),
    )


def _late_card(form: SubscribeForm) -> Card:
    words = say("The form could not be opened here.")
    button = Action(label=say("Open the form"), command=form, emphasis=Emphasis.PRIMARY)
    return Card(summary=words, lines=((words,),), controls=(button,))


_EXAMPLES = ("subscribe 205", "subscribe flowers* for failed in dm until 18:00 as card")


def _subscribe_to(job: VisualizationJob) -> Action:
    return Action(
        label=say("Subscribe to {name}", name=full_words(job)),
        command=Subscribe(job=JobById(job.id)),
        emphasis=Emphasis.PRIMARY,
    )
