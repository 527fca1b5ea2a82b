"""The grammar: reads a sentence. One parser for what is typed and what is clicked."""

import difflib
from functools import lru_cache

from bot.core.commands.command import Command
from bot.core.commands.details import DETAILS
from bot.core.commands.help import Help
from bot.core.commands.job_reference import (
    ThisJob,
    has_name_only,
    is_link,
    parse_job,
    with_labels,
)
from bot.core.commands.show import FIRST_WORDS, Show
from bot.core.commands.tokens import Word, shown, split
from bot.core.commands.verbs import VERB_NAMES, VERBS
from bot.core.errors import BadCommand
from bot.core.text import say

_PARSERS = {verb.name: verb.parse for verb in VERBS}

#: The slash command unless an installation chose another.
USUAL_COMMAND = "/visjob"


# Many people say the same few sentences: every button says one.
@lru_cache(maxsize=512)
def parse(text: str, *, slash_command: str = USUAL_COMMAND) -> Command:
    """Read a sentence. `parse(command.text) == command`. Raises BadCommand and nothing else."""
    return parse_words(words_of(text, slash_command=slash_command))


def words_of(text: str, *, slash_command: str = USUAL_COMMAND) -> list[Word]:
    """The words of a sentence, without the command or name by which we are called. Raises
    BadCommand."""
    words = split(text, FIRST_WORDS)
    while words and _calls_us(words, slash_command):
        words = words[1:]
    return words


def parse_words(words: list[Word]) -> Command:
    """Read the words of a sentence. Raises BadCommand."""
    share = len(words) > 1 and words[-1].means("share")
    if share:
        words = words[:-1]
    if not words:
        return Help()
    if len(words) == 1 and words[0].means("share"):
        return Show(ThisJob(), share=True)
    if words[0].verb and not (len(words) == 1 and has_name_only(words[0])):
        return _parse_verb(words[0].verb, words[1:], share=share)
    if details := _details_behind(words):
        return details
    jobs = with_labels(words, is_alone=True)
    if len(jobs) == 1:
        return Show(parse_job(jobs[0]), share)
    links = [word for word in words if is_link(word)]
    if len(links) == 1:
        return Show(parse_job(links[0]), share)
    raise _unknown_verb(words, share=share)


def nearest_verbs(word: str, *, nearness: float = 0.6) -> tuple[str, ...]:
    """The verbs that a mistyped word may have meant, likeliest first."""
    near = difflib.get_close_matches(word.lower(), VERB_NAMES, n=3, cutoff=nearness)
    return tuple(dict.fromkeys(VERB_NAMES[word] for word in near))


def _calls_us(words: list[Word], slash_command: str) -> bool:
    first = words[0]
    said = first.typed.lower().rstrip(":,")
    if first.quoted:
        return False
    if said in (slash_command, USUAL_COMMAND):
        return True
    is_name = said.startswith("@") or said in (slash_command[1:], USUAL_COMMAND[1:])
    return is_name and len(words) > 1 and not words[1].means("share")


def _parse_verb(verb: str, words: list[Word], *, share: bool) -> Command:
    if verb == "show":
        return _parse_show(words, share=share)
    return _PARSERS[verb](words, share)


def _parse_show(words: list[Word], *, share: bool) -> Command:
    if words and words[0].means("me"):
        words = words[1:]
    if words and words[0].verb:
        return _parse_verb(words[0].verb, words[1:], share=share)
    if details := _details_behind(words):
        return details
    words = with_labels(words, is_alone=True)
    if len(words) > 1:
        raise BadCommand(say("`show` takes one job."), hint=say("For example: `show 205`."))
    return Show(parse_job(words[0]) if words else ThisJob(), share)


def _details_behind(words: list[Word]) -> Command | None:
    """`205 details`: the verb after its job."""
    jobs = with_labels(words[:-1], is_alone=True)
    is_behind = len(jobs) == 1 and words[-1].means(DETAILS.name)
    return DETAILS.parse(jobs, False) if is_behind else None


def _unknown_verb(words: list[Word], *, share: bool) -> BadCommand:
    first, *rest = words
    if first.text.isdecimal() and not rest[0].verb:
        return BadCommand(
            say(
                "`{word}` is one word too many after `{job}`.",
                word=shown(rest[0].text),
                job=shown(first.text),
            ),
            hint=say("Only `share` can follow a job."),
            suggestions=(first.sentence,) if _parses(first.sentence) else (),
        )
    said = " ".join([*(word.sentence for word in rest), *(["share"] if share else [])])
    guesses = [f"{verb} {said}" for verb in nearest_verbs(first.text)]
    # Only these can be sentences; parsing others would recurse through their words one by one.
    if not guesses and (len(rest) == 1 or rest[0].verb):
        guesses = [f"{said} share" if first.means("share") else said]
    return BadCommand(
        say("I don't know a command called `{word}`.", word=shown(first.text)),
        hint=say("Type a job, or a command and what it is about."),
        suggestions=tuple(guess for guess in guesses if _parses(guess))[:2],
    )


def _parses(sentence: str) -> bool:
    try:
        parse(sentence)
    except BadCommand:
        return False
    return True
