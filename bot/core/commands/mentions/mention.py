"""Find the command in a message that mentions the bot: a sentence or a job among polite words."""

from itertools import chain

from bot.core.commands.command import AboutJob, Command
from bot.core.commands.grammar import USUAL_COMMAND, is_sentence, parse_words, words_of
from bot.core.commands.mentions.cost_questions import asked_cost
from bot.core.commands.mentions.failed_requests import ABOUT_ME, check_request, is_beside
from bot.core.commands.mentions.glued import NamesJob, check_unblanked, in_words
from bot.core.commands.mentions.named_jobs import check_several, job_among, names_one
from bot.core.commands.mentions.notifying import check_notify_request
from bot.core.commands.mentions.small_talk import Courtesy, answer_to, small_talk
from bot.core.commands.mentions.thread_questions import asks_of_its_job, is_question
from bot.core.commands.near_verbs import LANGUAGE, resembles_verb, synonym_of
from bot.core.commands.several import one_at_a_time
from bot.core.commands.targets.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    ThisJob,
    with_labels,
)
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs, phase_of
from bot.core.commands.verbs.show import Show
from bot.core.commands.words.politeness import (
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
from bot.core.commands.words.tokens import EMOJI, Word, plain_quotes
from bot.core.commands.words.typed import LONGEST_SENTENCE, bare, has_picture
from bot.core.errors import BadCommand
from bot.core.text import say

#: Replaces each mention of the bot in the text of a message.
SELF = "@visjob"

# A message of at most this many words addresses the bot, wherever it mentions the bot.
_FEW = 4
# Verbs whose target may be the person who asks.
_KEEPS_ME = ABOUT_ME | {"subscribe", "unsubscribe"}
# The endings of `restarted` and `stopping`: such a word reports something, and requests nothing.
_REPORT_ENDINGS = ("ed", "ing")


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
        if found := _asked_in(words, names_job):
            own = _own_lines(text.splitlines())
            _check_alone(found, typed[at + 1 : own], lines[at + 1 : own], names_job)
            return found
    said = list(chain.from_iterable(lines))
    content = [word for word in said if not is_beside_the_point(word)]
    if not content:
        return _nothing_named(said, text, in_thread=in_thread, is_direct=is_direct)
    if not _looks_like_a_try(text, said):
        return None
    asked = Show(ThisJob()) if in_thread and asks_of_its_job(said, text) else small_talk(said)
    return _answered(asked, is_direct=is_direct) if asked else _tried(content)


def _asked_in(words: list[Word], names_job: NamesJob) -> Command | None:
    """Return the command of a line; None if it has none. Raises BadCommand."""
    if found := _sentence(words, names_job) or _slip(words, names_job):
        return found
    check_request(words, names_job)
    check_notify_request(words, names_job)
    check_several(words, names_job)
    _check_synonym(words, names_job)
    return asked_cost(words, names_job) or job_among(words, names_job)


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
    found = _sentence(words, names_job)
    if isinstance(found, AboutJob) and _is_known(found.job, names_job):
        return found
    content = [word for word in words if not is_beside_the_point(word)]
    is_named = bool(content) and all(names_one(word, names_job) for word in with_labels(content))
    return job_among(content, names_job) if is_named else None


def _is_known(job: object, names_job: NamesJob) -> bool:
    if isinstance(job, JobByWord):
        return names_job(job.word)
    return isinstance(job, JobNumber | JobById | JobByName)


def _tried(content: list[Word]) -> Command:
    """Parse the words that are left without polite and filler words. Raises BadCommand."""
    if len(content) == 1 or (len(content) == 2 and content[1].means("share")):
        phase = phase_of(content[0])
        return ListJobs(phase, share=len(content) > 1) if phase else parse_words(content)
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
    line = EMOJI.sub(" ", line.lstrip("> ").replace(SELF, " "))
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


def _sentence(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the sentence from its verb on; None if words that are not polite precede the verb."""
    for at, word in enumerate(words):
        if word.verb and (command := _parsed(words[at:], names_job)):
            return None if _is_of_a_phase(command, names_job) else command
        is_led_to = at > 0 and is_article(word)
        if names_one(word, names_job) or not (is_asking(word) or is_led_to):
            return None
    return None


def _is_of_a_phase(command: Command, names_job: NamesJob) -> bool:
    """Return whether `show running jobs` was read as a job `running` that does not exist."""
    if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
        return False
    word = command.job.word
    return phase_of(Word(word, quoted=False)) is not None and not names_job(word)


def _slip(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the words if the first one that is not polite is a mistyped verb, so that BadCommand
    suggests the verb; else return None."""
    content = [word for word in words if not is_beside_the_point(word)]
    if len(content) < 2 or names_one(content[0], names_job) or content[0].quoted:
        return None
    word = bare(content[0].text)
    is_report = word.lower().endswith(_REPORT_ENDINGS)
    is_slip = not content[0].verb and not is_report and resembles_verb(word)
    return parse_words(content) if is_slip else None


def _check_synonym(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a job after a word that other programs call a command by: `kill 205`."""
    content = [word for word in words if not is_beside_the_point(word)]
    if len(content) < 2 or names_one(content[0], names_job) or content[0].verb:
        return
    meant = synonym_of(bare(content[0].text))
    is_of_a_job = names_one(content[1], names_job) and phase_of(content[0]) is None
    said = " ".join([meant, *(word.sentence for word in content[1:])])
    if meant and (is_of_a_job or meant == LANGUAGE) and is_sentence(said):
        parse_words(content)


def _parsed(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the words without the dispensable ones, or else all words; None if neither parses."""
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
    if verb.verb == "why" or (verb.verb in _KEEPS_ME and word.means("me")):
        return False  # `why` reads the words around its job itself
    return (is_dispensable(word) or is_beside(word, verb)) and not names_job(word.text)


def _is_whole(command: Command, words: list[Word]) -> bool:
    """Return False if `help`, `list` or `find`, which take any text, got more words than usual."""
    if isinstance(command, Help):
        return len(words) == 1 or bool(command.verb)
    if isinstance(command, ListJobs | Find):
        return len(words) <= _FEW
    return True


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
    if any(map(is_thanks, said)) and not is_question(text):
        return answer_to(Courtesy.THANKS) if is_direct and says_thanks(said) else None
    asks_of_it = any(not is_greeting(word) for word in said)
    return Show(ThisJob()) if asks_of_it and in_thread else Help(is_brief=bool(said))


def _has_a_picture(text: str) -> bool:
    return bool(EMOJI.search(text)) or has_picture(text)


def _looks_like_a_try(text: str, said: list[Word]) -> bool:
    before = text.partition(SELF)[0].rpartition("\n")[2]
    is_addressed = all(map(is_greeting, _words(before, USUAL_COMMAND)))
    return is_addressed or "?" in text or "？" in text or len(said) <= _FEW
