"""The cards of problems, most with a button for the next step."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.button_row import button_row
from bot.core.cards.card import Action, Card, Code, Emphasis, Line, day_and_clock
from bot.core.cards.cleaning import shown
from bot.core.cards.jobs.job_lines import unconfirmed_line, unconfirmed_sentence
from bot.core.cards.wording import full_words, job_words
from bot.core.cards.words.typed_words import typed_words
from bot.core.commands.command import AboutJob, Command, naming
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.show import Show
from bot.core.commands.words.numbers import is_odd_number, unknown_job_words
from bot.core.errors import BadCommand, BotError
from bot.core.health import SourceHealth
from bot.core.job import VisualizationJob
from bot.core.text import Words, any_of, say, sentences

# The cloud's most frequent message, which is translated; the cloud's code beside it is not.
_KNOWN_WORDS: dict[str, Words] = {"The job does not exist.": say("The job does not exist.")}
_LONGEST_SENTENCE = 100
_ID_AT_THE_END = re.compile(r"[^\w]{0,3}\bjob id\W{1,3}\d{1,19}\W{0,2}\Z", re.IGNORECASE)


def problem_card(
    error: BotError,
    *,
    again: Command | None = None,
    source: SourceHealth | None = None,
    last_known: VisualizationJob | None = None,
) -> Card:
    """Return what went wrong, the vendor's own words if any, and what to do. `last_known` is the
    job as last read, which the card shows first."""
    if isinstance(error, BadCommand):
        return _bad_command_card(error)
    known: Words = ""
    failing: Words = ""
    lines: tuple[Line, ...]
    if last_known:
        # The job that people asked for comes first, with the warning, which has the time.
        known = unconfirmed_sentence(last_known, job_words(last_known), last_known.read_at)
        lines = (unconfirmed_line(last_known, last_known.read_at), (error.sentence,))
    else:
        failing = _failing(source)
        lines = (("⚠️ ", sentences(error.sentence, failing)),)
    code = say("({code})", code=error.code) if error.code else ""
    quote = _KNOWN_WORDS.get(error.vendor_text, error.vendor_text)
    return Card(
        subject=say("Problem"),
        summary=sentences(known, error.sentence, quote, code, error.hint, failing),
        lines=lines,
        quote=quote,
        notes=tuple((note,) for note in (error.code, error.hint) if note),
        controls=(
            *((Action(label=say("Try again"), command=again, renews_card=True),) if again else ()),
            HELP_BUTTON,
        ),
    )


def _failing(source: SourceHealth | None) -> Words:
    """Return since when reads of the cloud have failed; empty if they have not."""
    if source is None or source.failing_since is None:
        return ""
    return say("No good answer since {when}.", when=day_and_clock(source.failing_since))


def unknown_card(typed: str, suggestions: Sequence[Command]) -> Card:
    """Answer a word that is neither a verb nor a job, with similar commands."""
    sentence = say("I don't know a job or command called `{word}`.", word=typed)
    card = suggestion_card(
        unknown_job_words(typed) if is_odd_number(typed) else sentence, suggestions
    )
    if suggestions:
        return card
    return replace(card, controls=(_FIND, _LIST_ALL, *card.controls))


def suggestion_card(sentence: Words, suggestions: Sequence[Command]) -> Card:
    """Return a sentence for the asker, and a button for each suggestion."""
    question: Words = ""
    if suggestions:
        meant = any_of([Code(command.text) for command in suggestions])
        question = say("Did you mean {suggestion}?", suggestion=meant)
    words = sentences(sentence, question)
    buttons = [
        Action(
            label=_label(command),
            command=command,
            emphasis=Emphasis.PLAIN if number else Emphasis.PRIMARY,
        )
        for number, command in enumerate(suggestions)
    ]
    return Card(
        subject=say("Problem"),
        summary=words,
        lines=((words,),),
        controls=button_row(*buttons, *(() if Help() in suggestions else (HELP_BUTTON,))),
    )


def lost_answer_card(sentence: str) -> Card:
    """Tell the asker that the answer for everybody may or may not have been posted."""
    lost = say(
        "I was interrupted while I posted the answer to {sentence}. Please look whether it is "
        "there, and ask again if it is not.",
        sentence=Code(shown(sentence, _LONGEST_SENTENCE)),
    )
    return Card(subject=say("Problem"), summary=lost, lines=(("⚠️ ", lost),))


def gone_card(error: BotError, near: Sequence[VisualizationJob], *, asked: AboutJob) -> Card:
    """Answer for a job that the cloud does not know: its own words if they say more, and jobs with
    similar names."""
    card = problem_card(_once(error))
    jobs = tuple(Action(label=full_words(job), command=naming(asked, job.id)) for job in near)
    return replace(
        card,
        lines=(("⚠️ ", sentences(error.sentence, error.hint)),),
        notes=((error.code,),) if error.code else (),
        controls=button_row(*jobs, _LIST_ALL, HELP_BUTTON),
    )


def _once(error: BotError) -> BotError:
    """Return the error without what our sentence says as well: the id at the end of the cloud's
    words, and the cloud's most frequent words."""
    words = _ID_AT_THE_END.sub(".", error.vendor_text)
    words = "" if words in _KNOWN_WORDS else words
    return BotError(error.sentence, hint=error.hint, code=error.code, vendor_text=words)


HELP_BUTTON = Action(label=say("Help"), command=Help())
_FIND = Action(label=say("Find…"), command=Find())
_LIST_ALL = Action(label=say("List all"), command=ListJobs())


def _label(command: Command) -> Words:
    """Return the label of a suggested command: `Show 205` for a job, `Help`, or the command in the
    reader's language."""
    if command == Help():
        return say("Help")
    is_job = isinstance(command, Show) and not command.share
    if is_job:
        return say("Show {job}", job=command.text.removeprefix("id:"))
    return typed_words(command.text)


def _bad_command_card(error: BadCommand) -> Card:
    suggestions = [parse(text) for text in error.suggestions]
    hint = "" if suggestions else error.hint
    card = suggestion_card(sentences(error.sentence, hint), suggestions)
    offers = [
        Action(label=_OFFERS.get(text) or typed_words(text), command=parse(text))
        for text in error.offers
    ]
    return replace(card, controls=(*offers, *card.controls)) if offers else card


_OFFERS = {
    "list": say("List all"),
    "subscriptions": say("Subscriptions"),
    "status letters": say("Undelivered messages"),
}
