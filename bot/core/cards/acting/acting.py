"""Cards that answer `stop` and `restart` before the bot acts: the question or the refusal."""

from collections.abc import Callable, Sequence

from bot.core.acting import Authorization, JobAction
from bot.core.cards.acting.act_button import (
    RESTART_EFFECT,
    restart_question,
    stop_effect,
    stop_question,
)
from bot.core.cards.card import Action, Card, Control, Line, PeopleGroup, Person
from bot.core.cards.jobs.job_lines import listed_line
from bot.core.cards.wording import full_words, job_sentence, status_code_words
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.show import Show
from bot.core.job import JobId, Phase, VisualizationJob
from bot.core.text import Text, Value, Words, any_of, say, sentences


def ask_card(
    job: VisualizationJob,
    wanted: JobAction,
    button: Action | None,
    *,
    before: Words = "",
    may_not: Words = "",
) -> Card:
    """Ask before a stop or restart, with the one button that does it. If the job's state forbids
    the `wanted` action, the card says so, and `button` is the legal action, or None. `before` says
    why the bot asks (again), `may_not` why it would refuse this person."""
    controls: tuple[Control, ...] = (button or show_button(job.id),)
    notes: tuple[Line, ...] = ()
    if not _offers(button, wanted):
        notes = ((status_code_words(job.status),),)
        asked, line = _not_legal(job, wanted, can_other=button is not None)
        if button is None and (wanted, job.status.phase) in _NOT_YET:
            controls = (_try_again(job.id, wanted), *controls)
    elif wanted is JobAction.STOP:
        asked, line = stop_question(job), say("Stop it? {effect}", effect=stop_effect(job))
    else:
        asked, line = restart_question(job), say("Restart it? {effect}", effect=RESTART_EFFECT)
    return Card(
        subject=act_subject(wanted),
        summary=sentences(before, asked, may_not),
        lines=(
            listed_line(job),
            (sentences(before, line),),
            *((("✋ ", may_not),) if may_not else ()),
        ),
        notes=notes,
        controls=controls,
    )


def not_allowed_words(refused: Text, authorization: Authorization, named: Sequence[str]) -> Words:
    """Return `refused`, the reason, and whom to ask; empty for an operator."""
    if authorization is Authorization.OPERATOR:
        return ""
    return sentences(refused, _WHY_NOT.get(authorization, ""), _whom_to_ask(named))


def no_operator_card(words: Words, *, console: str = "") -> Card:
    """Return the card of a refusal; `console` is the URL of the vendor's console, empty if
    unknown."""
    return Card(
        subject=say("Not allowed"),
        summary=words,
        lines=(("✋ ", words),),
        controls=console_button(console),
    )


def act_subject(action: JobAction) -> Text:
    """Return the title of a dialog about the action."""
    return say("Stop a job") if action is JobAction.STOP else say("Restart a job")


def only_operators(action: JobAction) -> Text:
    """Return the sentence that only operators may do this."""
    if action is JobAction.STOP:
        return say("Only operators may stop jobs.")
    return say("Only operators may restart jobs.")


#: The refusal for people who may not read the audit.
ONLY_OPERATORS_READ = say("Only operators may read the audit.")

_WHY_NOT: dict[Authorization, Text] = {
    Authorization.GUEST: say("Guests may not, even if they are on the list."),
    Authorization.DEACTIVATED: say("This account is deactivated."),
    Authorization.STRANGER: say("People of other workspaces may not."),
    Authorization.UNREADABLE: say(
        "Slack does not tell me whether you are one. Try again; if that does not help, somebody"
        " must check that the app has the permissions `usergroups:read` and `users:read`."
    ),
}


def console_button(url: str, job_id: JobId | None = None) -> tuple[Action, ...]:
    """Return a button that opens the console, where people act without the bot; none without a
    `url`."""
    if not url:
        return ()
    about = ListJobs() if job_id is None else Show(JobNumber(str(job_id)))
    return (Action(label=say("Open console"), command=about, url=url),)


def show_button(job_id: JobId) -> Control:
    return Action(label=say("Show job"), command=Show(JobNumber(str(job_id))))


def state_sentence(job: VisualizationJob) -> Text:
    """Return the job's state, and the vendor's name of its status if the vendor documents one."""
    if not job.status.is_listed:
        return job_sentence(job)
    return say(
        "{sentence} Status: {code}.",
        sentence=job_sentence(job),
        code=status_code_words(job.status),
    )


def _whom_to_ask(named: Sequence[str]) -> Text:
    if not named:
        return say("There are no operators yet: whoever runs me can name some in VISJOB_OPERATORS.")
    people: list[Value] = [PeopleGroup(id) if id.startswith("S") else Person(id) for id in named]
    return say("Ask {people}.", people=any_of(people))


def _not_legal(job: VisualizationJob, wanted: JobAction, *, can_other: bool) -> tuple[Words, Words]:
    """Return the refusal twice: in whole sentences, and in short for a card that shows the job
    above."""
    name, code = full_words(job), status_code_words(job.status)
    passing = None if can_other else _PASSING.get((wanted, job.status.phase))
    if passing:
        named, line = passing(name)
        return sentences(named, say("Status: {code}.", code=code)), line
    if wanted is JobAction.STOP:
        refused = say("{name} cannot be stopped as it is now.", name=name)
        line = say("In this state it cannot be stopped.")
        other = say("You can restart it.")
    else:
        refused = say("{name} cannot be restarted as it is now.", name=name)
        line = say("In this state it cannot be restarted.")
        other = say("You can stop it.")
    then = other if can_other else ""
    return sentences(refused, state_sentence(job), then), sentences(line, then)


#: The action becomes legal in these states once the job moves on by itself.
_NOT_YET = {(JobAction.RESTART, Phase.STOPPING), (JobAction.STOP, Phase.QUEUED)}

# Refusals in states that a job soon leaves: with the name of the job, and without it.
_PASSING: dict[tuple[JobAction, Phase], Callable[[Words], tuple[Text, Text]]] = {
    (JobAction.RESTART, Phase.STOPPING): lambda name: (
        say("{name} is still stopping; try again in a moment.", name=name),
        say("It is still stopping; try again in a moment."),
    ),
    (JobAction.STOP, Phase.QUEUED): lambda name: (
        say("{name} is still starting; try again in a moment.", name=name),
        say("It is still starting; try again in a moment."),
    ),
    (JobAction.STOP, Phase.STOPPING): lambda name: (
        say("{name} is already stopping.", name=name),
        say("It is already stopping."),
    ),
    (JobAction.RESTART, Phase.QUEUED): lambda name: (
        say("{name} is already starting.", name=name),
        say("It is already starting."),
    ),
}


def _try_again(job_id: JobId, wanted: JobAction) -> Control:
    return Action(
        label=say("Try again"),
        command=Act(action=wanted, job=JobNumber(str(job_id))),
        renews_card=True,
    )


def _offers(button: Action | None, wanted: JobAction) -> bool:
    offered = button.command if button else None
    return isinstance(offered, Act) and offered.action is wanted
