"""Cards that answer `stop` and `restart` before anything is done: the question, the refusal."""

from collections.abc import Sequence

from bot.core.acting import JobAction, Standing
from bot.core.cards.act_button import restart_question, stop_question
from bot.core.cards.card import Action, Card, Control, PeopleGroup, Person
from bot.core.cards.help import say_button
from bot.core.cards.job_lines import listed_line
from bot.core.cards.wording import full_words, job_sentence, status_code_words
from bot.core.commands.act import Act
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import Show
from bot.core.job import JobId, VisualizationJob
from bot.core.text import Text, Value, Words, any_of, say, sentences


def ask_card(
    job: VisualizationJob,
    wanted: JobAction,
    button: Action | None,
    *,
    before: Words = "",
    may_not: Words = "",
) -> Card:
    """What would happen, and the one button that does it. Where the state does not allow what is
    wanted it says so; `button` is then what is legal, if anything is. `before` says why it is
    asked (again), `may_not` why whoever asks would be refused."""
    if not _offers(button, wanted):
        words = sentences(before, _not_legal(job, wanted, can_other=button is not None))
    elif wanted is JobAction.STOP:
        words = sentences(before, stop_question(job))
    else:
        words = sentences(before, restart_question(job))
    return Card(
        subject=act_subject(wanted),
        summary=sentences(words, may_not),
        lines=(listed_line(job), (words,), *((("✋ ", may_not),) if may_not else ())),
        controls=(button or show_button(job.id),),
    )


def not_allowed_words(refused: Text, standing: Standing, named: Sequence[str]) -> Words:
    """Who may not, why, and whom to ask; empty for an operator."""
    if standing is Standing.OPERATOR:
        return ""
    return sentences(refused, _WHY_NOT.get(standing, ""), _whom_to_ask(named))


def no_operator_card(words: Words, *, console: str = "") -> Card:
    """Those words to who tried; `console` is where people do it without us."""
    return Card(
        subject=say("Not allowed"),
        summary=words,
        lines=(("✋ ", words),),
        controls=console_button(console),
    )


def act_subject(action: JobAction) -> Text:
    """What a dialog about it is called."""
    return say("Stop a job") if action is JobAction.STOP else say("Restart a job")


def only_operators(action: JobAction) -> Text:
    """Who may do it."""
    if action is JobAction.STOP:
        return say("Only operators may stop jobs.")
    return say("Only operators may restart jobs.")


#: Who may read the audit.
ONLY_OPERATORS_READ = say("Only operators may read the audit.")

_WHY_NOT: dict[Standing, Text] = {
    Standing.GUEST: say("Guests may not, whatever a list says."),
    Standing.DEACTIVATED: say("This account is deactivated."),
    Standing.STRANGER: say("Nobody of another workspace may."),
    Standing.UNREADABLE: say(
        "Slack does not tell me whether you are one. Try again; if that does not help, somebody"
        " must check that the app has the permissions `usergroups:read` and `users:read`."
    ),
}


def console_button(url: str, job_id: JobId | None = None) -> tuple[Action, ...]:
    """Where people do it without us; none where no console is known."""
    if not url:
        return ()
    about = ListJobs() if job_id is None else Show(JobNumber(str(job_id)))
    return (Action(label=say("Open console"), command=about, url=url),)


def show_button(job_id: JobId) -> Control:
    """A look at the job."""
    return say_button(say("Show job"), Show(JobNumber(str(job_id))))


def state_sentence(job: VisualizationJob) -> Text:
    """How it is, with the vendor's name for it."""
    return say(
        "{sentence} Status: {code}.",
        sentence=job_sentence(job),
        code=status_code_words(job.status),
    )


def _whom_to_ask(named: Sequence[str]) -> Text:
    if not named:
        return say("Nobody is one yet: whoever runs me names them in VISJOB_OPERATORS.")
    people: list[Value] = [PeopleGroup(id) if id.startswith("S") else Person(id) for id in named]
    return say("Ask {people}.", people=any_of(people))


def _not_legal(job: VisualizationJob, wanted: JobAction, *, can_other: bool) -> Words:
    name = full_words(job)
    if wanted is JobAction.STOP:
        refused = say("{name} cannot be stopped as it is now.", name=name)
        other = say("It can be restarted.")
    else:
        refused = say("{name} cannot be restarted as it is now.", name=name)
        other = say("It can be stopped.")
    return sentences(refused, state_sentence(job), other if can_other else "")


def _offers(button: Action | None, wanted: JobAction) -> bool:
    offered = button.command if button else None
    return isinstance(offered, Act) and offered.action is wanted
