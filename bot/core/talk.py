"""What is answered when it is not about one job's facts: help, health, and what went wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from bot.core.card import (
    Action,
    Card,
    Code,
    Emphasis,
    Line,
    Moment,
    Span,
    Strong,
    TimeStyle,
)
from bot.core.command import (
    AboutJob,
    Command,
    Find,
    Help,
    LastJob,
    ListJobs,
    Show,
    Status,
    naming,
)
from bot.core.errors import BadCommand, BotError
from bot.core.grammar import parse
from bot.core.health import Check, SourceHealth, Verdict
from bot.core.job import Phase, VisualizationJob
from bot.core.wording import clock_words, job_sentence

_HELP: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("205", "how job 205 is: by id, name, the beginning of a name, or a pasted link"),
        ("list [running|failed|queued|stopped|finished] [text]", "the project's jobs"),
        ("find text", "search while you type"),
        ("last", "the job you last asked for"),
        ("subscribe 205", "tell this channel whenever the job changes; also: text*, project"),
        ("unsubscribe 205", "tell it no more"),
        ("subscriptions [here|mine|all]", "who is told of what"),
        ("why 205", "what was seen of a job, and what was sent of it"),
        ("status [letters]", "is the bot itself well; what was never sent, and why"),
        ("… share", "as the last word: answer in the channel, for everybody"),
    ),
    "list": (
        ("list", "all jobs, newest first"),
        ("list running", "one kind: running, failed, queued, stopped or finished"),
        ("list failed flowers", "of these, the ones with the text in name or description"),
        ("ls", "the same, shorter"),
    ),
    "find": (
        ("find", "a search box that looks while you type"),
        ("find flowers", "the same, with what the text finds"),
    ),
    "subscribe": (
        ("subscribe 205", "every change of one job, until it ends"),
        ("subscribe flowers* for failures", "all jobs whose name matches; project means every job"),
        (
            "subscribe 205 for running,failed",
            "events: started, running, failed, stopped, finished, deleted; or all, failures",
        ),
        ("subscribe 205 in dm until 18:00", "elsewhere: dm or a #channel; an end: 4h, tomorrow"),
        (
            "subscribe 205 as card",
            "thread: below its card; card: no message; channel: for all",
        ),
        ("subscribe project preview", "what the last 7 days would have sent; nothing is kept"),
        ("watch 205", "the same, shorter"),
    ),
    "unsubscribe": (
        ("unsubscribe 205", "one job, pattern or project, told here"),
        ("unsubscribe all in dm", "everything that is told in one place"),
    ),
    "subscriptions": (
        ("subscriptions", "what is told here; mine: what you asked for; all: everywhere"),
        ("subscriptions export", "the same as YAML, in sentences that can be said again"),
    ),
    "copy": (
        ("copy 205 to dm", "one subscription of this place for another: dm or a #channel"),
        ("copy all to #channel", "all of them, with # picked from Slack's list"),
    ),
    "why": (("why 205", "when the job changed, and what this place was told, or why not"),),
    "status": (
        ("status", "last good read of the cloud, database, Slack: is the bot well?"),
        ("status letters", "what was never sent, and why, with buttons that send it again"),
    ),
    "redeliver": (
        ("redeliver all", "send again what was never sent; what may have been is looked for first"),
    ),
    "help": (("help", "everything that can be said"), ("help list", "one verb, with examples")),
}

_VERDICT_SYMBOLS = {Verdict.OK: "✅", Verdict.WARNING: "⚠️", Verdict.FAILED: "❌"}


@lru_cache(maxsize=16)
def help_card(command: Help, *, slash_command: str) -> Card:
    """The grammar, with examples and buttons that say them."""
    rows = _HELP[command.verb]
    lines: list[Line] = [
        (Code(f"{slash_command} {sentence}"), f"  {meaning}") for sentence, meaning in rows
    ]
    if not command.verb:
        lines.insert(0, (Strong("I tell how TensorBoard jobs in ModelArts are doing."),))
    return Card(
        summary="What you can say: "
        + "; ".join(f"{slash_command} {sentence}: {meaning}" for sentence, meaning in rows)
        + ".",
        lines=tuple(lines),
        controls=(
            _say("List running", ListJobs(Phase.RUNNING)),
            _say("List all", ListJobs()),
            _say("Find…", Find()),
            _say("Last job", Show(LastJob())),
            _say("Status", Status()),
        ),
    )


def status_card(checks: Sequence[Check], *, at: datetime) -> Card:
    """Is the bot itself well: one line per check, the cure under what is not ok."""
    bad = [check for check in checks if check.verdict is not Verdict.OK]
    told = "All is well." if not bad else f"Not well: {', '.join(check.name for check in bad)}."
    lines: list[Line] = []
    for check in checks:
        lines.append(
            (f"{_VERDICT_SYMBOLS[check.verdict]} ", Strong(check.name), "  ", *spans(check.found))
        )
        if check.cure and check.verdict is not Verdict.OK:
            lines.append(("      → ", *spans(check.cure)))
    return Card(
        summary=f"{told} "
        + " ".join(f"{check.name}: {check.found.rstrip('.')}." for check in checks),
        lines=tuple(lines),
        notes=(("as of ", Moment(at)),),
        controls=(
            Action(label="Refresh", command=Status(), renews_card=True),
            *(
                Action(label=check.more[0], command=parse(check.more[1]))
                for check in checks
                if check.more
            ),
        ),
    )


def problem_card(
    error: BotError,
    *,
    again: Command | None = None,
    source: SourceHealth | None = None,
    last_known: VisualizationJob | None = None,
) -> Card:
    """What went wrong, in the other side's own words where it spoke, and what to do."""
    if isinstance(error, BadCommand):
        return _bad_command_card(error)
    since = source.failing_since if source else None
    notes: list[Line] = [(error.code,)] if error.code else []
    if error.hint:
        notes.append((error.hint,))
    if since:
        notes.append(("no good answer since ", Moment(since, TimeStyle.DAY_AND_CLOCK)))
    lines: list[Line] = [("⚠️ ", *spans(str(error)))]
    if last_known:
        confirmed = Moment(last_known.read_at, TimeStyle.DAY_AND_CLOCK)
        lines.append(("Last confirmed ", confirmed, f": {job_sentence(last_known)}"))
    said = (str(error), error.vendor_text, error.code and f"({error.code})", error.hint)
    summary = " ".join(part for part in said if part)
    return Card(
        summary=summary + (f" No good answer since {clock_words(since)}." if since else ""),
        lines=tuple(lines),
        quote=error.vendor_text,
        notes=tuple(notes),
        controls=(
            *((_say("Try again", again, renews=True),) if again else ()),
            _say("Help", Help()),
        ),
    )


def unknown_card(typed: str, suggestions: Sequence[Command]) -> Card:
    """Neither a verb nor a job: offer what may have been meant."""
    card = suggestion_card((f"I know no job and no verb `{typed}`.",), suggestions)
    if suggestions:
        return card
    elsewhere = (_say("Find…", Find()), _say("List all", ListJobs()))
    return replace(card, controls=(*elsewhere, *card.controls))


def suggestion_card(sentences: Iterable[str], suggestions: Sequence[Command]) -> Card:
    """Sentences for the asker, and buttons that say what may have been meant."""
    told = " ".join(sentence for sentence in sentences if sentence)
    meant: tuple[Span, ...] = ()
    if suggestions:
        meant = (" Did you mean ", *_alternatives(suggestions), "?")
    say = [
        _say(
            "Do that" if len(suggestions) == 1 else command.text,
            command,
            Emphasis.PRIMARY if number == 0 else Emphasis.PLAIN,
        )
        for number, command in enumerate(suggestions)
    ]
    asked = f" Did you mean {' or '.join(c.text for c in suggestions)}?" if suggestions else ""
    return Card(
        summary=told + asked,
        lines=((*spans(told), *meant),),
        controls=(*say, _say("Help", Help())),
    )


def gone_card(error: BotError, near: Sequence[VisualizationJob], *, asked: AboutJob) -> Card:
    """The cloud knows no such job: its own words, and jobs that may have been meant."""
    card = problem_card(error)
    say = tuple(_say(f"{job.name} · {job.id}", naming(asked, job.id)) for job in near)
    return replace(card, controls=(*say, _say("List all", ListJobs()), _say("Help", Help())))


def spans(sentence: str) -> Line:
    """A sentence in which what stands between backticks is code."""
    parts = sentence.split("`")
    return tuple(Code(part) if number % 2 else part for number, part in enumerate(parts) if part)


def _bad_command_card(error: BadCommand) -> Card:
    suggestions = [parse(text) for text in error.suggestions]
    return suggestion_card((str(error), "" if suggestions else error.hint), suggestions)


def _alternatives(suggestions: Sequence[Command]) -> Line:
    said: list[Span] = []
    for command in suggestions:
        said += [" or ", Code(command.text)]
    return tuple(said[1:])


def _say(
    label: str,
    command: Command,
    emphasis: Emphasis = Emphasis.PLAIN,
    *,
    renews: bool = False,
) -> Action:
    return Action(label=label, command=command, emphasis=emphasis, renews_card=renews)
