"""Cards for what went wrong, each with a way on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.cards.card import (
    Card,
    Code,
    Emphasis,
    Line,
    Moment,
    Span,
    TimeStyle,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.help import say_button
from bot.core.cards.wording import clock_words, job_sentence
from bot.core.commands.command import AboutJob, Command, naming
from bot.core.commands.find import Find
from bot.core.commands.grammar import parse
from bot.core.commands.help import Help
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import Show
from bot.core.errors import BadCommand, BotError
from bot.core.health import SourceHealth
from bot.core.job import VisualizationJob
from bot.core.text import say

_LONGEST_SENTENCE = 100


def problem_card(
    error: BotError,
    *,
    again: Command | None = None,
    source: SourceHealth | None = None,
    last_known: VisualizationJob | None = None,
) -> Card:
    """What went wrong, with the vendor's own words if there are any, and what to do."""
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
    parts = (str(error), error.vendor_text, error.code and f"({error.code})", str(error.hint))
    summary = " ".join(part for part in parts if part)
    return Card(
        summary=summary + (f" No good answer since {clock_words(since)}." if since else ""),
        lines=tuple(lines),
        quote=error.vendor_text,
        notes=tuple(notes),
        controls=(
            *((say_button("Try again", again, renews=True),) if again else ()),
            say_button("Help", Help()),
        ),
    )


def unknown_card(typed: str, suggestions: Sequence[Command]) -> Card:
    """The word is neither a verb nor a job: suggest near ones."""
    card = suggestion_card((f"I know no job and no verb `{typed}`.",), suggestions)
    if suggestions:
        return card
    elsewhere = (say_button("Find…", Find()), say_button("List all", ListJobs()))
    return replace(card, controls=(*elsewhere, *card.controls))


def suggestion_card(sentences: Iterable[str], suggestions: Sequence[Command]) -> Card:
    """Sentences for the asker, and a button for each suggestion."""
    text = " ".join(sentence for sentence in sentences if sentence)
    question: tuple[Span, ...] = ()
    if suggestions:
        question = (" Did you mean ", *_alternatives(suggestions), "?")
    say = [
        say_button(
            _label(command, is_only=len(suggestions) == 1),
            command,
            Emphasis.PRIMARY if number == 0 else Emphasis.PLAIN,
        )
        for number, command in enumerate(suggestions)
    ]
    asked = f" Did you mean {' or '.join(c.text for c in suggestions)}?" if suggestions else ""
    return Card(
        summary=text + asked,
        lines=((*spans(text), *question),),
        controls=(*say, say_button("Help", Help())),
    )


def _label(command: Command, *, is_only: bool) -> str:
    if isinstance(command, Show) and not command.share:
        return f"Show {command.text.removeprefix('id:')}"
    return "Do that" if is_only else command.text


def lost_answer_card(sentence: str) -> Card:
    """The answer that everybody should see may be there or not."""
    lost = say(
        "I was interrupted while I posted the answer to {sentence}. Please look whether it is "
        "there, and ask again if it is not.",
        sentence=Code(shown(sentence, _LONGEST_SENTENCE)),
    )
    return Card(summary=lost, lines=(("⚠️ ", lost),))


def gone_card(error: BotError, near: Sequence[VisualizationJob], *, asked: AboutJob) -> Card:
    """The cloud knows no such job: its own words, and jobs of similar names."""
    card = problem_card(error)
    say = tuple(say_button(f"{job.name} · {job.id}", naming(asked, job.id)) for job in near)
    return replace(
        card, controls=(*say, say_button("List all", ListJobs()), say_button("Help", Help()))
    )


def spans(sentence: str) -> Line:
    """A sentence as spans; text between backticks becomes code."""
    parts = sentence.split("`")
    return tuple(Code(part) if number % 2 else part for number, part in enumerate(parts) if part)


def _bad_command_card(error: BadCommand) -> Card:
    suggestions = [parse(text) for text in error.suggestions]
    return suggestion_card((str(error), "" if suggestions else str(error.hint)), suggestions)


def _alternatives(suggestions: Sequence[Command]) -> Line:
    parts: list[Span] = []
    for command in suggestions:
        parts += [" or ", Code(command.text)]
    return tuple(parts[1:])
