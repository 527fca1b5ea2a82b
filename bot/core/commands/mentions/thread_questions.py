"""Recognize questions that name no job in a card's thread: `is it done?`, `怎么样了`."""

from collections.abc import Sequence

from bot.core.commands.mentions.small_talk import STATES, small_talk
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare, folded
from bot.core.commands.words.vocabulary import word_set

_MARKS = ("?", "？", "吗", "呢", "没有", "怎么", "怎样", "如何", "多久", "情况", "原因")
_ASKING = word_set(
    "how what what's who whose when where which why is are did does do has have was any"
)
_IT = word_set("it it's its this 它 这个")
_SEVERAL = word_set(
    "what what's which any anything something who else jobs list all everything show"
)
_JOBS = word_set("which jobs list all everything anyone everyone else")
# Words that ask or report how a job is.
_OF_A_JOB = word_set(
    "happened happening eta owner owns long slow wrong news progress update updates ready stuck"
    " hangs hung hanging since started created finish finishes looks 链接 日志 进度 打开 地址"
)
_SEVERAL_IN_CHINESE = word_set("什么 啥 哪些 哪几 有没有 所有 全部 列表 怎么用")


def is_question(said: Sequence[Word], text: str) -> bool:
    """Return whether a text is a question, in English or in Chinese."""
    return any(mark in text for mark in _MARKS) or begins_a_question(said)


def begins_a_question(said: Sequence[Word]) -> bool:
    """Return whether the first word asks, in English."""
    return bool(said) and said[0].plain in _ASKING


def asks_of_its_job(said: Sequence[Word], text: str) -> bool:
    """Return whether a text asks or reports how the job of its thread is: with the word `it`, or
    only with a state and without a word for several jobs."""
    if not said or any(word.quoted for word in said):
        return False
    words = {bare(folded(word.typed)).lower().replace("’", "'") for word in said}
    content = {word.plain for word in said if not is_beside_the_point(word)}
    is_asked = is_question(said, text)
    if (is_asked and words & _IT) or (content and content <= _OF_A_JOB):
        return True
    if len(said) > 1 and content and content <= STATES - {"run"} and not words & _SEVERAL:
        return True
    if is_asked and words & _OF_A_JOB and not words & _JOBS:
        return True
    chinese = text.replace("什么情况", "")
    if words & _SEVERAL or any(part in chinese for part in _SEVERAL_IN_CHINESE):
        return False
    is_chinese = not any(map(str.isascii, words))
    asked = small_talk(said)
    is_state = isinstance(asked, ListJobs) and asked.phase is not None
    is_unknown = is_chinese and asked is None
    return (is_state and is_chinese) or (is_asked and (is_state or is_unknown))


def says_it(said: Sequence[Word]) -> bool:
    """Return whether a text has a word for the job of its thread."""
    return any(word.plain in _IT for word in said)
