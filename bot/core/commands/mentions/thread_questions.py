"""Recognize questions that name no job in a card's thread: `is it done?`, `怎么样了`."""

from collections.abc import Sequence

from bot.core.commands.mentions.small_talk import STATES, small_talk
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare, folded

_MARKS = ("?", "？", "吗", "呢", "没有", "怎么", "怎样", "如何", "多久", "情况", "原因")
_ASKING = frozenset(
    {"how", "what", "what's", "who", "whose", "when", "where", "which", "why", "is", "are", "did"}
)
_ASKING |= {"does", "do", "has", "have", "was", "any"}
_IT = frozenset({"it", "it's", "its", "this", "它", "这个"})
_SEVERAL = frozenset({"what", "what's", "which", "any", "anything", "something", "who", "else"})
_SEVERAL |= {"jobs", "list", "all", "everything", "show"}
_JOBS = frozenset({"which", "jobs", "list", "all", "everything", "anyone", "everyone", "else"})
# Words that ask or report how a job is.
_OF_A_JOB = frozenset(
    {"happened", "happening", "eta", "owner", "owns", "long", "slow", "wrong", "news", "progress"}
)
_OF_A_JOB |= {"update", "updates", "ready", "stuck", "hangs", "hung", "hanging", "since", "started"}
_OF_A_JOB |= {"created", "finish", "finishes", "looks", "链接", "日志", "进度", "打开", "地址"}
_SEVERAL_IN_CHINESE = (
    "什么",
    "啥",
    "哪些",
    "哪几",
    "有没有",
    "所有",
    "全部",
    "列表",
    "怎么用",
)


def is_question(said: Sequence[Word], text: str) -> bool:
    """Return whether a text is a question, in English or in Chinese."""
    return any(mark in text for mark in _MARKS) or (bool(said) and said[0].plain in _ASKING)


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
