"""The question after a snooze or a wake that does not name a job, a place or a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.core.cards.bot.problem import HELP_BUTTON
from bot.core.cards.card import Action, Card, Control
from bot.core.cards.jobs.job_choice import job_picker
from bot.core.cards.words.hold_words import here_or_me, hold_words, snoozed_words
from bot.core.cards.words.subscription_words import Naming, where_span
from bot.core.cards.words.typed_words import typed_words
from bot.core.commands.verbs.registry import AboutSnoozes
from bot.core.hold import Hold
from bot.core.job import VisualizationJob
from bot.core.subscription import Place
from bot.core.text import Words, say, sentences

Held = Mapping[Place, Sequence[Hold]]


def which_snooze_card(
    asked: AboutSnoozes,
    jobs: Sequence[VisualizationJob],
    held: Held,
    naming: Naming,
) -> Card:
    """Ask what the command is about, and show the holds of each place that it may mean."""
    verb = asked.text.split()[0]
    question = say("`{verb}` needs a job, `here` or `me`. Which one?", verb=verb)
    said = list(held_sentences(held, naming))
    return Card(
        subject=say("Which one?"),
        summary=sentences(question, *said),
        lines=((question,), *((one,) for one in said)),
        controls=(*_wholes(asked, held), *job_picker(say("Which job?"), jobs, asked=asked),
                  HELP_BUTTON),
    )  # fmt: skip


def held_sentences(held: Held, naming: Naming) -> Iterable[Words]:
    """Yield a sentence for each hold of each place, and one for a place without holds."""
    for place, holds in held.items():
        if not holds:
            yield _nothing_held(place)
        for hold in holds:
            if hold.scope.job_id:
                yield snoozed_words(hold, naming)
            else:
                yield held_elsewhere(hold, place)


def held_elsewhere(hold: Hold, place: Place) -> Words:
    """Return what holds a whole place, and name the place."""
    if place.is_direct:
        return say("Your direct messages are held: {reason}.", reason=hold_words(hold))
    return say(
        "Messages to {channel} are held: {reason}.",
        channel=where_span(place),
        reason=hold_words(hold),
    )


def _nothing_held(place: Place) -> Words:
    if place.is_direct:
        return say("Nothing holds your direct messages.")
    return say("Nothing is held in {channel}.", channel=where_span(place))


def _wholes(asked: AboutSnoozes, held: Held) -> Iterable[Control]:
    """Yield a button for each place; its label is its command."""
    for place in held:
        command = replace(asked, job=here_or_me(place))
        yield Action(label=typed_words(command.text), command=command)
