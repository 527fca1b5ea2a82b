"""Understand small talk: a greeting, thanks, or a question such as `what is running?`.

Every word must be in the lists of this module or of `politeness`: one unknown word, and the
sentence is no small talk.
"""

from collections.abc import Sequence
from enum import Enum

from bot.core.commands.chinese.chinese import has_acting_verb
from bot.core.commands.chinese.chinese_parts import known_words
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.words.politeness import is_beside_the_point, is_greeting, is_thanks
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare, folded
from bot.core.commands.words.vocabulary import word_set
from bot.core.job import Phase


class Courtesy(Enum):
    """A remark that is only polite."""

    HELLO = "hello"
    THANKS = "thanks"


_PHASES = {
    Phase.RUNNING: word_set("running run runs active live alive"),
    Phase.FAILED: word_set("failed fail fails failing failure failures broken crashed"),
    Phase.QUEUED: word_set("queued waiting pending stuck"),
    Phase.STOPPED: word_set("stopped"),
    Phase.FINISHED: word_set("finished done completed"),
}
_PHASE_OF = {word: phase for phase, words in _PHASES.items() for word in words}
#: The words for states.
STATES = frozenset(_PHASE_OF)
_ASKING = word_set(
    "what what's whats which any anything something is are how show list see who all every"
)
# Words for a time; the answer is about all times.
_WHEN = word_set("last past night week weekend month hour hours")
_SHARE = "share"
# `good morning` is a greeting, although `good` alone is praise.
_TIMES_OF_THE_DAY = ("morning", "afternoon", "evening")

# Chinese has no spaces, so a sentence is split into words by taking the longest known word first.
_CHINESE_PHASES = {
    Phase.RUNNING: word_set("运行 在运行 运行中 在跑 跑着 跑"),
    Phase.FAILED: word_set("失败 出错 报错 挂了 挂掉 崩溃"),
    Phase.QUEUED: word_set("排队 排队中 等待 等待中 卡住 卡死"),
    Phase.STOPPED: word_set("停止 停了 停掉 已停止"),
    Phase.FINISHED: word_set("完成 跑完 结束 已完成"),
}
_JOBS, _HELP, _FILLER = "jobs", "help", "filler"
_Meaning = Phase | Courtesy | str
_SAID: dict[_Meaning, frozenset[str]] = {
    _JOBS: word_set("作业 任务 列表"),
    Courtesy.HELLO: word_set(
        "你好 您好 大家好 嗨 哈喽 哈啰 早 早安 早上好 上午好 中午好 下午好 晚上好 在吗 在么 在不在"
    ),
    Courtesy.THANKS: word_set("谢谢 谢谢你 谢谢您 谢了 谢啦 多谢 感谢 辛苦了 辛苦"),
    _HELP: word_set(
        "帮助 怎么用 怎么使用 如何使用 使用方法 用法 功能 你是谁 您是谁 能做什么 会做什么 "
        "能干什么 会干什么 能干嘛 会什么 会些什么 有什么用"
    ),
    _FILLER: word_set(
        "什么 啥 哪些 哪个 哪几个 谁 有没有 有 没有 没 吗 么 嘛 呢 吧 啊 呀 哦 啦 的 了 过 "
        "着 中 正在 正 在 现在 目前 当前 今天 最近 还 都 已经 已 刚 刚刚 个 几 几个 多少 看 "
        "看看 看下 查 查查 查看 查询 查一下 显示 列出 列一下 一下 请 请问 麻烦 帮我 帮忙 "
        "给我 告诉我 我 我的 我们 我们的 你 您 想 知道 要 能 可以 能不能 所有 全部 项目 里 "
        "是 情况 状态 又 东西 得 训练"
    ),
}
_CHINESE: dict[str, _Meaning] = {
    **{word: meaning for meaning, words in _SAID.items() for word in words},
    **{word: phase for phase, words in _CHINESE_PHASES.items() for word in words},
}


def answer_to(courtesy: Courtesy) -> Help:
    """Return the answer to a courtesy: brief help for a hello, a nod for thanks."""
    is_hello = courtesy is Courtesy.HELLO
    return Help(is_brief=is_hello, is_nod=not is_hello)


def small_talk(said: Sequence[Word]) -> ListJobs | Help | Courtesy | None:
    """Return what words without a job request; None if the words are no small talk."""
    share = len(said) > 1 and said[-1].means(_SHARE)
    words = list(said[:-1] if share else said)
    if any(word.quoted for word in words):
        return None
    content = [word for word in words if not is_beside_the_point(word)]
    if not content:
        if any(_plain(word) in _TIMES_OF_THE_DAY for word in words):
            return Courtesy.HELLO
        if any(map(is_thanks, words)):
            return Courtesy.THANKS
        return Courtesy.HELLO if any(map(is_greeting, words)) else None
    asked = _in_english(words, content) or _in_chinese(content)
    return ListJobs(asked.phase, share=share) if isinstance(asked, ListJobs) else asked


def _in_english(words: Sequence[Word], content: Sequence[Word]) -> ListJobs | None:
    states = (word for word in map(_plain, content) if word not in (*_ASKING, *_WHEN))
    phases = set(map(_PHASE_OF.get, states))
    is_asked = any(_plain(word) in _ASKING or "?" in folded(word.typed) for word in words)
    phase = phases.pop() if len(phases) == 1 else None
    return ListJobs(phase) if phase and is_asked else None


def _in_chinese(content: Sequence[Word]) -> ListJobs | Help | Courtesy | None:
    said = "".join(map(_plain, content))
    if has_acting_verb(said):
        return None
    meant = _meanings(said)
    phases = {one for one in meant if isinstance(one, Phase)}
    if len(phases) == 1:
        return ListJobs(phases.pop())
    if phases or not meant:
        return None
    if _HELP in meant:
        return Help()
    if _JOBS in meant:
        return ListJobs()
    return next((one for one in (Courtesy.THANKS, Courtesy.HELLO) if one in meant), None)


def _meanings(text: str) -> list[_Meaning]:
    """Return the meanings of the words of a Chinese sentence; empty if one word is unknown."""
    words = [word for word in known_words(text, _CHINESE) if word in _CHINESE or word.isalnum()]
    return [_CHINESE[word] for word in words] if _CHINESE.keys() >= set(words) else []


def _plain(word: Word) -> str:
    return bare(folded(word.text.replace("’", "'"))).lower()
