"""Find the command in a message that mentions the bot: a sentence or a job among polite words."""

import re
from itertools import chain, dropwhile

from bot.core.commands.chinese.wanted_events import EVENT_WORDS
from bot.core.commands.command import AboutJob, Command
from bot.core.commands.grammar import USUAL_COMMAND, parse_words, words_of
from bot.core.commands.mentions.glued import NamesJob, check_unblanked, in_words
from bot.core.commands.mentions.named_jobs import job_among, names_one
from bot.core.commands.mentions.recognizers import recognized
from bot.core.commands.mentions.sentences import sentence
from bot.core.commands.mentions.small_talk import STATES, Courtesy, answer_to, small_talk
from bot.core.commands.mentions.thread_questions import (
    asks_of_its_job,
    begins_a_question,
    is_question,
    says_it,
)
from bot.core.commands.several import one_at_a_time
from bot.core.commands.targets.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    ThisJob,
    with_labels,
)
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs, phase_of
from bot.core.commands.verbs.show import Show
from bot.core.commands.words.politeness import (
    is_asking,
    is_beside_the_point,
    is_greeting,
    is_negation,
    is_nod,
    is_thanks,
    is_thanks_for_something,
    says_no_need,
    says_thanks,
    without_closing,
)
from bot.core.commands.words.tokens import EMOJI, Word, plain_quotes
from bot.core.commands.words.typed import LONGEST_SENTENCE, has_picture
from bot.core.errors import BadCommand
from bot.core.text import say

#: Replaces each mention of the bot in the text of a message.
SELF = "@visjob"

# A message of at most this many words addresses the bot, wherever it mentions the bot.
_FEW = 4
_CHINESE_PAUSE = re.compile(r"(?<![0-9])[，。！；](?![0-9])")


def parse_mention(
    text: str,
    *,
    names_job: NamesJob,
    in_thread: bool = False,
    is_direct: bool = False,
    slash_command: str = USUAL_COMMAND,
) -> Command | None:
    """Return the command in a text that contains SELF; None if the text requests nothing. Thanks
    get an answer only in a direct message. Raises BadCommand."""
    if len(text) > LONGEST_SENTENCE:
        words_of(text)
    text = _without_quotes_around_us(text)
    typed = _ordered(text.splitlines())
    said_in_lines = [_words(line, slash_command) for line in typed]
    for words in map(without_closing, said_in_lines):
        check_unblanked(words, names_job)
    lines = [in_words(words, names_job) for words in said_in_lines]
    for at, words in enumerate(map(without_closing, lines)):
        if found := recognized(words, names_job):
            own = _own_lines(text.splitlines())
            _check_alone(found, typed[at + 1 : own], lines[at + 1 : own], names_job)
            return found
    said = list(chain.from_iterable(lines))
    content = [word for word in said if not is_beside_the_point(word)]
    if not content or is_nod(said) or is_thanks_for_something(said):
        return _nothing_named(said, text, in_thread=in_thread, is_direct=is_direct)
    if not _looks_like_a_try(text, said):
        return None
    asked = Show(ThisJob()) if in_thread and asks_of_its_job(said, text) else small_talk(said)
    if asked:
        return _answered(asked, is_direct=is_direct)
    return _tried(said, content, in_thread=in_thread)


def _check_alone(
    found: Command, typed: list[str], lines: list[list[Word]], names_job: NamesJob
) -> None:
    """Raise BadCommand if later lines contain commands about other jobs; suggest all of them. A
    remark and a quoted line contain none."""
    own = [words for line, words in zip(typed, lines, strict=True) if not line.startswith(">")]
    others = [other for words in own if (other := _whole(without_closing(words), names_job))]
    asked = list(dict.fromkeys([found, *others]))
    if len(asked) > 1:
        raise one_at_a_time(asked)


def _whole(words: list[Word], names_job: NamesJob) -> Command | None:
    """Return the command of a line that only asks about a job or names one; else None."""
    found = sentence(words, names_job)
    if isinstance(found, AboutJob) and _is_known(found.job, names_job):
        return found
    content = [word for word in words if not is_beside_the_point(word)]
    is_named = bool(content) and all(names_one(word, names_job) for word in with_labels(content))
    return job_among(content, names_job) if is_named else None


def _is_known(job: object, names_job: NamesJob) -> bool:
    if isinstance(job, JobByWord):
        return names_job(job.word)
    return isinstance(job, JobNumber | JobById | JobByName)


def _tried(said: list[Word], content: list[Word], *, in_thread: bool) -> Command:
    """Parse the words that are left without polite and filler words; in a thread, other words
    with `it` are about its job. Raises BadCommand, for a sentence with a verb as the grammar
    does."""
    is_single = len(content) == 1 and not is_negation(content[0]) and not says_no_need(said)
    if is_single or (len(content) == 2 and content[1].means("share")):
        phase = phase_of(content[0])
        return ListJobs(phase, share=len(content) > 1) if phase else parse_words(content)
    named = [word for word in content if word.plain not in STATES | EVENT_WORDS]
    is_of_a_verb = any(word.verb or is_negation(word) for word in content)
    if len(named) == 1 and begins_a_question(said) and not is_of_a_verb:
        return parse_words(named)  # the beginning of a name: `is resnet still running?`
    asked = list(dropwhile(is_asking, said))
    if asked[0].verb:
        parse_words(without_closing(asked))
    if in_thread and says_it(said):
        return Show(ThisJob())
    raise BadCommand(
        say("I found neither a job nor a command in that."),
        hint=say("Name one job, or type a command such as `list running`."),
    )


def _ordered(lines: list[str]) -> list[str]:
    """Return the line that mentions the bot, then the lines after it, then the lines before it."""
    at = len(lines) - _own_lines(lines)
    return lines[at:] + lines[:at]


def _own_lines(lines: list[str]) -> int:
    """Return the number of lines from the one that mentions the bot on."""
    return len(lines) - next((number for number, line in enumerate(lines) if SELF in line), 0)


def _words(line: str, slash_command: str) -> list[Word]:
    line = _CHINESE_PAUSE.sub(" ", EMOJI.sub(" ", line.lstrip("> ").replace(SELF, " ")))
    try:
        words = words_of(line, slash_command=slash_command)
    except BadCommand:
        words = words_of(plain_quotes(line).replace('"', " "), slash_command=slash_command)
    return [word for word in words if word.quoted or _says_something(word)]


def _without_quotes_around_us(text: str) -> str:
    """Remove a pair of quotes around a mention of the bot, because they quote the whole request."""
    parts = plain_quotes(text).split('"')
    if len(parts) % 2 == 0:
        return text
    is_around_us = [at % 2 == 1 and SELF in part for at, part in enumerate(parts)]
    return "".join(
        part if at == 0 or is_around_us[at] or is_around_us[at - 1] else f'"{part}'
        for at, part in enumerate(parts)
    )


def _says_something(word: Word) -> bool:
    return "*" in word.text or any(char.isalnum() for char in word.text)


def _answered(asked: Show | ListJobs | Help | Courtesy, *, is_direct: bool) -> Command | None:
    if not isinstance(asked, Courtesy):
        return asked
    return answer_to(asked) if is_direct or asked is Courtesy.HELLO else None


def _nothing_named(
    said: list[Word], text: str, *, in_thread: bool, is_direct: bool
) -> Command | None:
    if is_nod(said) or (not said and _has_a_picture(text)):
        return None
    if small_talk(said) is Courtesy.HELLO:
        return Help(is_brief=True)
    if any(map(is_thanks, said)) and not is_question(said, text):
        return answer_to(Courtesy.THANKS) if is_direct and says_thanks(said) else None
    asks_of_it = any(not is_greeting(word) for word in said)
    return Show(ThisJob()) if asks_of_it and in_thread else Help(is_brief=bool(said))


def _has_a_picture(text: str) -> bool:
    return bool(EMOJI.search(text)) or has_picture(text)


def _looks_like_a_try(text: str, said: list[Word]) -> bool:
    before = text.partition(SELF)[0].rpartition("\n")[2]
    is_addressed = all(map(is_greeting, _words(before, USUAL_COMMAND)))
    return is_addressed or "?" in text or "？" in text or len(said) <= _FEW
