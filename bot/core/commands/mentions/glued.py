"""Split words that a person typed without blanks between them: `240的状态`, `stop240`."""

import re
from collections.abc import Callable

from bot.core.commands.chinese.chinese import has_acting_verb
from bot.core.commands.grammar import check_chinese, check_glued, check_verb_behind, words_of
from bot.core.commands.mentions.small_talk import small_talk
from bot.core.commands.near_verbs import glued_to_number
from bot.core.commands.targets.job_links import is_link
from bot.core.commands.targets.job_reference import in_one_word
from bot.core.commands.words.politeness import is_greeting, without_closing
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare, plain_runs

#: Returns whether a job has this name or id.
NamesJob = Callable[[str], bool]

# A number with only letters directly before or after it: `stop240`.
_GLUED = re.compile(r"[^\W\d_]*+([0-9]++)[^\W\d_]*+")


def in_words(words: list[Word], names_job: NamesJob) -> list[Word]:
    """Replace each word that contains an id or a name by that alone: `240的状态` becomes 240."""
    if len(words) == 1 and words[0].quoted and " " in words[0].text.strip():
        words = words_of(words[0].text)
    found: list[Word] = []
    for word in words:
        is_whole = word.quoted or word.verb or is_link(word) or names_job(word.text)
        found += [word] if is_whole else _parts(word, names_job) or [word]
    return found


def check_unblanked(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand, with suggestions, for a verb glued to its job or after it: `停止205`."""
    said = [word for word in words if not is_greeting(word)]
    first = said[0] if said else None
    if first and not first.verb and small_talk(said) is None:
        check_chinese(words)
    if len(said) > 1 and said[1].verb and names_job(said[0].text):
        check_verb_behind(without_closing(said))
    if first and not first.verb and not is_link(first) and not names_job(first.text):
        glued = glued_to_number(bare(first.text))
        if glued and names_job(glued.rpartition(" ")[2]):
            check_glued(said)


def _parts(word: Word, names_job: NamesJob) -> list[Word]:
    several = in_one_word(bare(word.text))
    if several and all(map(names_job, several)):
        return [Word(one, quoted=False) for one in several]
    runs = [] if has_acting_verb(word.text) else plain_runs(word.text)
    if not runs and (glued := _GLUED.fullmatch(bare(word.text))) and names_job(glued[1]):
        runs = [glued[1]]
    return [Word(run, quoted=False) for run in runs]
