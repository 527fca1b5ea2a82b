"""The form that asks for a subscription, and the card that stands in for it."""

from bot.core.cards.card import (
    Action,
    Card,
    Code,
    Emphasis,
    Form,
    JobInput,
    MomentInput,
    OneInput,
    Option,
    PlaceInput,
    Question,
    SomeInput,
)
from bot.core.cards.jobs import choices
from bot.core.change import Event
from bot.core.commands.help import Help
from bot.core.commands.subscribe import (
    CHOSEN_EVENTS,
    EVENTS,
    JOB,
    PLACE,
    PRESET,
    TELLING,
    UNTIL,
    SubscribeForm,
)
from bot.core.job import VisualizationJob
from bot.core.subscription import DeliveryMode, Preset

_PRESETS = (
    Option(label="Every change of state", word=Preset.CHANGES.value),
    Option(label="Every change, also within a state", word=Preset.ALL.value),
    Option(label="Failures only", word=Preset.FAILURES.value),
    Option(label="Only the events chosen below", word=CHOSEN_EVENTS),
)
_MODES = (
    Option(label="In the thread of the job's card", word=DeliveryMode.THREAD.value),
    Option(label="On the card alone, without messages", word=DeliveryMode.CARD.value),
    Option(label="In the thread, and in the channel too", word=DeliveryMode.CHANNEL.value),
)
_EVENTS = tuple(Option(label=event.value.capitalize(), word=event.value) for event in Event)


def subscribe_form(*, last_job: VisualizationJob | None) -> Form:
    """The form; `last_job` is the job that the person last asked for, if we know it."""
    initial = choices([last_job])[0] if last_job else None
    job = JobInput(placeholder="Type a name or an id", initial=initial)
    return Form(
        verb="subscribe",
        title="Subscribe",
        submit="Subscribe",
        questions=(
            Question(name=JOB, label="Job", input=job),
            Question(
                name=PLACE,
                label="Where to post",
                input=PlaceInput(placeholder="Choose a channel"),
                hint="A direct message means the one between you and me.",
            ),
            Question(
                name=PRESET,
                label="Which changes",
                input=OneInput(options=_PRESETS, initial=_PRESETS[0]),
            ),
            Question(
                name=EVENTS, label="Events", input=SomeInput(options=_EVENTS), is_optional=True
            ),
            Question(
                name=UNTIL,
                label="Until",
                input=MomentInput(),
                hint="Without an end, it lasts until the job ends.",
                is_optional=True,
            ),
            Question(
                name=TELLING,
                label="How to post",
                input=OneInput(options=_MODES, initial=_MODES[0]),
            ),
        ),
    )


def subscribe_form_card() -> Card:
    """Opens the form by a button, where it cannot be opened at once."""
    asked = "Which job, and where?"
    rest = "Fill in the form, or type for example "
    return Card(
        summary=f"{asked} {rest}subscribe 205.",
        lines=((f"{asked} {rest}", Code("subscribe 205"), "."),),
        controls=(
            Action(label="Open the form", command=SubscribeForm(), emphasis=Emphasis.PRIMARY),
            Action(label="Help", command=Help("subscribe")),
        ),
    )
