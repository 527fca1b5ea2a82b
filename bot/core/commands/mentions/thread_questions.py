"""Recognize questions that name no job in a card's thread: `is it done?`, `怎么样了`."""

from collections.abc import Sequence

from bot.core.commands.mentions.small_talk import small_talk
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare, folded

_MARKS = ("?", "？", "吗", "呢", "怎么", "怎样", "如何", "多久")
_IT = frozenset({"it", "it's", "its", "this", "它", "这个"})
_SEVERAL = frozenset({"what", "what's", "which", "any", "anything", "something", "who"})
_SEVERAL |= {"jobs", "list", "all", "everything", "show"}
_JOBS = frozenset({"which", "jobs", "list", "all", "everything", "anyone", "everyone"})
_OF_A_JOB = frozenset(
    {"happened", "happening", "eta", "owner", "owns", "long", "slow", "wrong", "news", "progress"}
)
_SEVERAL_IN_CHINESE = ("什么", "啥", "哪些", "哪几", "有没有", "所有", "全部", "列表", "怎么用")


def is_question(text: str) -> bool:
    """Return whether a text is a question, in English or in Chinese."""
    return any(mark in text for mark in _MARKS)


def asks_of_its_job(said: Sequence[Word], text: str) -> bool:
    """Return whether a text is a question about the job of its thread: with the word `it`, or only
    with a state and without a word for several jobs."""
    if not is_question(text) or any(word.quoted for word in said):
        return False
    words = {bare(folded(word.typed)).lower().replace("’", "'") for word in said}
    if words & _IT:
        return True
    if words & _OF_A_JOB and not words & _JOBS:
        return True
    if words & _SEVERAL or any(part in text for part in _SEVERAL_IN_CHINESE):
        return False
    is_chinese = bool(words) and not any(map(str.isascii, words))
    return isinstance(small_talk(said), ListJobs) or (is_chinese and small_talk(said) is None)
