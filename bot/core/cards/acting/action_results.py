"""The cards with the result of a stop or a restart."""

from collections.abc import Callable

from bot.core.acting import ActionRecord, ActionResult, Decision, JobAction
from bot.core.cards.acting.acting import (
    act_subject,
    ask_card,
    console_button,
    show_button,
    state_sentence,
)
from bot.core.cards.card import Action, Card, Control, Line, Moment, TimeStyle
from bot.core.cards.jobs.asked import person_of
from bot.core.cards.jobs.job_lines import listed_line
from bot.core.cards.wording import full_words, named_words
from bot.core.foreign_words import foreign_sentence
from bot.core.text import Text, Words, say, sentences


def action_result_card(result: ActionResult, button: Action | None, *, console: str = "") -> Card:
    """Return the result of a press. `button` is the action that is legal now, or None; `console` is
    the URL of the vendor's console, empty if unknown."""
    job, decision = result.job, result.decision
    if decision is Decision.NOT_LEGAL and job is not None:
        return ask_card(job, result.attempt.action, button)
    words = action_result_sentence(result)
    show = show_button(result.attempt.job_id)
    if decision in _NOTHING_MORE_TO_DO:
        return _card(result, words, (show,))
    refused = decision is Decision.REFUSED
    ways_out = console_button(console, result.attempt.job_id) if refused else ()
    return _card(result, words, (*((button,) if button else ()), *ways_out, show))


def action_result_sentence(result: ActionResult) -> Words:
    """Return the result of a press in words alone."""
    name, other = _name(result), result.other
    if result.decision in (Decision.USED_ID, Decision.BUSY):
        return sentences(_of_other(other, name) if other else _BUSY, _NOTHING_DONE)
    if result.decision is Decision.ACCEPTED:
        return sentences(_accepted(result, name), _FOLLOWS)
    stop, restart = _SENTENCES.get(result.decision, _UNREADABLE)
    said = stop(name) if result.attempt.action is JobAction.STOP else restart(name)
    return sentences(said, _found(result))


_NOTHING_MORE_TO_DO = (Decision.ACCEPTED, Decision.USED_ID, Decision.BUSY)
_FOLLOWS = say(
    "ModelArts has accepted it. I'll post when it is done, wherever the job is followed."
)
_BUSY = say("Somebody asked for it a moment ago.")
_NOTHING_DONE = say("I did nothing this time.")

_Sentence = Callable[[Words], Text]
_UNREADABLE: tuple[_Sentence, _Sentence] = (
    lambda name: say("I could not see how {name} is, so I did not stop it.", name=name),
    lambda name: say("I could not see how {name} is, so I did not restart it.", name=name),
)
# The sentence for a stop, and the one for a restart.
_SENTENCES: dict[Decision, tuple[_Sentence, _Sentence]] = {
    Decision.REFUSED: (
        lambda name: say("ModelArts refused to stop {name}.", name=name),
        lambda name: say("ModelArts refused to restart {name}.", name=name),
    ),
    Decision.UNCLEAR: (
        lambda name: say(
            "I asked ModelArts once to stop {name}, and its answer was not clear.", name=name
        ),
        lambda name: say(
            "I asked ModelArts once to restart {name}, and its answer was not clear.", name=name
        ),
    ),
    Decision.ABANDONED: (
        lambda name: say(
            "I was interrupted when you had me stop {name}, and do not know whether ModelArts was"
            " asked.",
            name=name,
        ),
        lambda name: say(
            "I was interrupted when you had me restart {name}, and do not know whether ModelArts"
            " was asked.",
            name=name,
        ),
    ),
    Decision.NOT_CALLED: (
        lambda name: say(
            "My database took too long, so I did not ask ModelArts to stop {name}.", name=name
        ),
        lambda name: say(
            "My database took too long, so I did not ask ModelArts to restart {name}.", name=name
        ),
    ),
    Decision.GONE: (
        lambda name: say("{name} does not exist any more: there is nothing to stop.", name=name),
        lambda name: say("{name} does not exist any more: there is nothing to restart.", name=name),
    ),
}


def _accepted(result: ActionResult, name: Words) -> Text:
    person, time = person_of(result.attempt.who), Moment(result.at)
    if result.attempt.action is JobAction.STOP:
        return say(
            "Stopping {name}, asked by {person} at {time}.", name=name, person=person, time=time
        )
    return say(
        "Restarting {name}, asked by {person} at {time}.", name=name, person=person, time=time
    )


def _of_other(other: ActionRecord, name: Words) -> Words:
    person, time = person_of(other.attempt.who), Moment(other.at, TimeStyle.DAY_AND_CLOCK)
    if other.attempt.action is JobAction.STOP:
        asked = say("{person} asked to stop {name}: {time}.", person=person, name=name, time=time)
    else:
        asked = say(
            "{person} asked to restart {name}: {time}.", person=person, name=name, time=time
        )
    return sentences(asked, _CAME_OF_IT[other.outcome])


_CAME_OF_IT: dict[Decision | None, Text] = {
    None: say("ModelArts has not answered yet."),
    Decision.ACCEPTED: say("ModelArts accepted it."),
    Decision.REFUSED: say("ModelArts refused it."),
    Decision.UNCLEAR: say("ModelArts gave no clear answer."),
    Decision.ABANDONED: say("I was interrupted, and do not know what ModelArts answered."),
    Decision.NOT_CALLED: say("It was not passed on to ModelArts."),
}


def _found(result: ActionResult) -> Words:
    """Return the job's present state; that it is unknown, if the call may have changed it."""
    if result.job is not None:
        return state_sentence(result.job)
    is_unknown = result.decision in (Decision.UNCLEAR, Decision.ABANDONED)
    return say("I could not see how it is now.") if is_unknown else ""


def _card(result: ActionResult, words: Words, controls: tuple[Control, ...]) -> Card:
    error, subject = result.error, act_subject(result.attempt.action)
    # The job was read before the request: what ModelArts accepted has changed its state since.
    job = None if result.decision is Decision.ACCEPTED else result.job
    lines: list[Line] = [listed_line(job)] if job else []
    lines.append((words,))
    if error is None:
        return Card(subject=subject, summary=words, lines=tuple(lines), controls=controls)
    # The card shows the job's state, so nobody has to try again to learn the result.
    is_seen = result.decision is Decision.UNCLEAR and result.job is not None
    hint = "" if is_seen else error.hint
    said = foreign_sentence(error.vendor_text, error.code)
    return Card(
        subject=subject,
        summary=sentences(words, error.sentence, said, hint),
        lines=(*lines, (error.sentence,)),
        quote=error.vendor_text,
        notes=tuple((note,) for note in (error.code, hint) if note),
        controls=controls,
    )


def _name(result: ActionResult) -> Words:
    if result.job is not None:
        return full_words(result.job)
    return named_words(result.attempt.job_name, result.attempt.job_id)
