"""What a mention asks for: one sentence, or one word that names a job, among polite words."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import chain

from bot.core.commands.command import Command
from bot.core.commands.find import Find
from bot.core.commands.grammar import USUAL_COMMAND, nearest_verbs, parse_words, words_of
from bot.core.commands.help import Help
from bot.core.commands.job_reference import (
    JobByWord,
    JobNumber,
    JobRef,
    ThisJob,
    is_link,
    is_reference,
    parse_job,
    with_labels,
)
from bot.core.commands.list_jobs import ListJobs, phase_of
from bot.core.commands.politeness import (
    is_article,
    is_asking,
    is_beside_the_point,
    is_dispensable,
    is_greeting,
    is_nod,
    is_thanks,
    says_thanks,
    without_closing,
)
from bot.core.commands.show import Show
from bot.core.commands.small_talk import Courtesy, small_talk
from bot.core.commands.tokens import Word, plain_quotes
from bot.core.commands.typed import LONGEST_SENTENCE, bare, plain_runs
from bot.core.errors import BadCommand
from bot.core.text import say

#: True if a job has this name or id.
NamesJob = Callable[[str], bool]

#: Stands where we were mentioned.
SELF = "@visjob"

# docs.slack.dev/messaging/formatting-message-text: an emoji arrives as its name between colons.
_EMOJI = re.compile(r":(?:[a-z][a-z0-9_+'-]{0,99}|[+-]1|100):")
# A number with letters at it, and nothing that names have between their parts.
_GLUED = re.compile(r"[^\W\d_]*+([0-9]++)[^\W\d_]*+")
# A text of so few words that names us is meant for us, wherever in it we are named.
_FEW = 4
# These may be about whoever says them.
_ABOUT_ME = frozenset({"snooze", "wake", "quiet", "digest"})
# Nearer than this, a word is rather a slip of the pen than a word of its own.
_SLIP = 0.75
# `restarted`, `stopping`: who says so tells something, and asks for nothing.
_TELLING = ("ed", "ing")


def hear(
    text: str,
    *,
    names_job: NamesJob,
    in_thread: bool = False,
    is_direct: bool = False,
    slash_command: str = USUAL_COMMAND,
) -> Command | None:
    """What a text with SELF in it asks for; None if it asks for nothing: thanks are answered only
    where nobody else reads along. Raises BadCommand."""
    if len(text) > LONGEST_SENTENCE:
        words_of(text)
    text = _without_quotes_around_us(text)
    said_in_lines = (_words(line, slash_command) for line in _ordered(text.splitlines()))
    lines = [_unglued(words, names_job) for words in said_in_lines]
    for words in map(without_closing, lines):
        if found := _sentence(words, names_job) or _slip(words, names_job):
            return found
        if shown := job_among(words, names_job):
            return shown
    said = list(chain.from_iterable(lines))
    content = [word for word in said if not is_beside_the_point(word)]
    if not content:
        return _nothing_named(said, text, in_thread=in_thread, is_direct=is_direct)
    if not _looks_like_a_try(text, said):
        return None
    asked = small_talk(said)
    return _answered(asked, is_direct=is_direct) if asked else _tried(content)


def _tried(content: list[Word]) -> Command:
    """What the few words that count may mean. Raises BadCommand."""
    if len(content) == 1 or (len(content) == 2 and content[1].means("share")):
        phase = phase_of(content[0])
        return ListJobs(phase, share=len(content) > 1) if phase else parse_words(content)
    raise BadCommand(
        say("I found neither a job nor a command in that."),
        hint=say("Name one job, or type a command such as `list running`."),
    )


def job_among(words: Sequence[Word], names_job: NamesJob) -> Show | None:
    """The card of the one job that is named among words; None if none is. Raises BadCommand if
    several are."""
    words = with_labels(list(words))
    share = bool(words) and words[-1].means("share")
    is_sole = len([word for word in words if not is_greeting(word)]) == 1
    named = [
        word
        for word in words
        if _names(word, names_job) and (is_sole or word.quoted or not is_beside_the_point(word))
    ]
    refs = list(dict.fromkeys(_parsed_all(named)))
    known = [ref for ref in refs if not isinstance(ref, JobNumber) or names_job(ref.text)]
    refs = known or refs
    if len(refs) > 1:
        raise BadCommand(
            say("You named several jobs; I show one at a time."),
            hint=say("Name one of them."),
            suggestions=tuple(Show(ref).text for ref in refs[:3]),
        )
    return Show(refs[0], share) if refs else None


def _ordered(lines: list[str]) -> list[str]:
    """The line with our name first, then what follows it, then what stands above."""
    at = next((number for number, line in enumerate(lines) if SELF in line), 0)
    return lines[at:] + lines[:at]


def _words(line: str, slash_command: str) -> list[Word]:
    line = _EMOJI.sub(" ", line.lstrip("> ").replace(SELF, " "))
    try:
        words = words_of(line, slash_command=slash_command)
    except BadCommand:
        words = words_of(line.replace('"', " "), slash_command=slash_command)
    return [word for word in words if word.quoted or _says_something(word)]


def _without_quotes_around_us(text: str) -> str:
    """The text without a pair of quotes inside which we are named: they quote the whole request."""
    parts = plain_quotes(text).split('"')
    if len(parts) % 2 == 0:
        return text
    is_around_us = [at % 2 == 1 and SELF in part for at, part in enumerate(parts)]
    return "".join(
        part if at == 0 or is_around_us[at] or is_around_us[at - 1] else f'"{part}'
        for at, part in enumerate(parts)
    )


def _unglued(words: list[Word], names_job: NamesJob) -> list[Word]:
    """Words with the id or the name in place of a word that has it in it: 240 for 240的状态."""
    if len(words) == 1 and words[0].quoted and " " in words[0].text.strip():
        words = words_of(words[0].text)
    found: list[Word] = []
    for word in words:
        is_whole = word.quoted or word.verb or is_link(word) or names_job(word.text)
        found += [word] if is_whole else _parts(word, names_job) or [word]
    return found


def _parts(word: Word, names_job: NamesJob) -> list[Word]:
    runs = plain_runs(word.text)
    if not runs and (glued := _GLUED.fullmatch(bare(word.text))) and names_job(glued[1]):
        runs = [glued[1]]
    return [Word(run, quoted=False) for run in runs]


def _says_something(word: Word) -> bool:
    return "*" in word.text or any(char.isalnum() for char in word.text)


def _sentence(words: list[Word], names_job: NamesJob) -> Command | None:
    """The sentence that begins with a verb, if all that stands before it is polite."""
    for at, word in enumerate(words):
        if word.verb and (command := _parsed(words[at:], names_job)):
            return None if _is_of_a_phase(command, names_job) else command
        is_led_to = at > 0 and is_article(word)
        if _names(word, names_job) or not (is_asking(word) or is_led_to):
            return None
    return None


def _is_of_a_phase(command: Command, names_job: NamesJob) -> bool:
    """`show running jobs`: no job is called so."""
    if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
        return False
    word = command.job.word
    return phase_of(Word(word, quoted=False)) is not None and not names_job(word)


def _slip(words: list[Word], names_job: NamesJob) -> Command | None:
    """Raise BadCommand, with what was meant, if the first word that counts is a mistyped verb."""
    content = [word for word in words if not is_beside_the_point(word)]
    if len(content) < 2 or _names(content[0], names_job) or content[0].quoted:
        return None
    word = bare(content[0].text)
    tells = word.lower().endswith(_TELLING)
    is_slip = not content[0].verb and not tells and nearest_verbs(word, nearness=_SLIP)
    return parse_words(content) if is_slip else None


def _parsed(words: list[Word], names_job: NamesJob) -> Command | None:
    """The command of words, or of what is left of them without dispensable ones."""
    rest = [word for word in words[1:] if not _is_dispensable(word, words[0], names_job)]
    brief = [words[0], *rest]
    for said in (brief, words):
        try:
            command = parse_words(said)
        except BadCommand:
            continue
        if _is_whole(command, said):
            return command
    return None


def _is_dispensable(word: Word, verb: Word, names_job: NamesJob) -> bool:
    if verb.verb in _ABOUT_ME and word.means("me"):
        return False
    return is_dispensable(word) and not names_job(word.text)


def _is_whole(command: Command, words: list[Word]) -> bool:
    """False where a verb swallows whatever follows it, and what follows is no text for it."""
    if isinstance(command, Help):
        return len(words) == 1 or bool(command.verb)
    if isinstance(command, ListJobs | Find):
        return len(words) <= _FEW
    return True


def _names(word: Word, names_job: NamesJob) -> bool:
    return is_link(word) or is_reference(word) or names_job(word.text) or names_job(bare(word.text))


def _parsed_all(words: list[Word]) -> list[JobRef]:
    refs = []
    for word in words:
        try:
            refs.append(parse_job(word))
        except BadCommand:
            if len(words) == 1:
                raise
    return refs


def _answered(asked: ListJobs | Help | Courtesy, *, is_direct: bool) -> Command | None:
    if not isinstance(asked, Courtesy):
        return asked
    return Help(is_brief=True) if is_direct or asked is Courtesy.HELLO else None


def _nothing_named(
    said: list[Word], text: str, *, in_thread: bool, is_direct: bool
) -> Command | None:
    if is_nod(said) or (not said and _has_a_picture(text)):
        return None
    if any(map(is_thanks, said)):
        return Help(is_brief=True) if is_direct and says_thanks(said) else None
    asks_of_it = any(not is_greeting(word) for word in said)
    return Show(ThisJob()) if asks_of_it and in_thread else Help(is_brief=bool(said))


def _has_a_picture(text: str) -> bool:
    return bool(_EMOJI.search(text)) or any(unicodedata.category(char) == "So" for char in text)


def _looks_like_a_try(text: str, said: list[Word]) -> bool:
    before = text.partition(SELF)[0].rpartition("\n")[2]
    is_addressed = all(map(is_greeting, _words(before, USUAL_COMMAND)))
    return is_addressed or "?" in text or "？" in text or len(said) <= _FEW
