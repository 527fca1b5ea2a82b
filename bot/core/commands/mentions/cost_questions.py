"""Recognize questions about money, such as `how much did 205 cost?`, and read them as `cost`."""

from collections.abc import Sequence

from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import job_among, names_one
from bot.core.commands.verbs.cost import PERIODS, USUAL_PERIOD, Cost
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word

_ASKING = frozenset({"how", "what", "what's"})
_MONEY = frozenset(
    {"cost", "costs", "costing", "spend", "spent", "spending", "expensive", "billed", "charged"}
)
_BESIDE = frozenset({"so", "far", "project", "total", "money", "all", "of", "and", "running"})


def asked_cost(words: Sequence[Word], names_job: NamesJob) -> Cost | None:
    """Return the command of a question about money; None for other words, or if one is unknown.
    Raises BadCommand if it names several jobs."""
    said = [word.plain for word in words]
    if _ASKING.isdisjoint(said) or _MONEY.isdisjoint(said):
        return None
    others = [word for word in words if not _is_known(word)]
    if not all(names_one(word, names_job) for word in others):
        return None
    period = next((one for one in PERIODS if one in said), USUAL_PERIOD)
    shown = job_among(others, names_job) if others else None
    return Cost(shown.job, period) if shown else Cost(period=period)


def _is_known(word: Word) -> bool:
    return is_beside_the_point(word) or word.plain in (*_MONEY, *_BESIDE, *PERIODS)
