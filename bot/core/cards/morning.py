"""The morning line of a project: what runs, what failed, and yesterday's hours."""

from bot.core.cards.card import Action, Card
from bot.core.cards.span_words import hours_words
from bot.core.commands.cost import Cost
from bot.core.commands.list_jobs import ListJobs
from bot.core.job import Phase
from bot.core.morning import Morning
from bot.core.spending import hours
from bot.core.text import Text, enumeration, say, say_many


def morning_card(morning: Morning) -> Card:
    """One line, and where to read more."""
    line = morning_line(morning)
    return Card(
        summary=line,
        lines=((line,),),
        controls=(
            Action(label=say("List running"), command=ListJobs(Phase.RUNNING)),
            Action(label=say("Cost"), command=Cost()),
        ),
    )


def morning_line(morning: Morning) -> Text:
    """`3 running (oldest 26 h), 1 failed, 41 TensorBoard hours yesterday, up 30 %.`"""
    facts = enumeration([_running(morning), _failed(morning.failed), *_yesterday(morning)])
    return say("{facts}.", facts=facts)


def _running(morning: Morning) -> Text:
    count = say("{count} running", count=morning.running)
    if not morning.running or morning.oldest is None:
        return count
    return say("{running} (oldest {span})", running=count, span=hours_words(morning.oldest))


def _failed(count: int) -> Text:
    return say("{count} failed", count=count)


def _yesterday(morning: Morning) -> list[Text]:
    counted = round(hours(morning.yesterday))
    words = say_many(
        "{count} TensorBoard hour yesterday", "{count} TensorBoard hours yesterday", counted
    )
    return [words, *_trend(morning)]


def _trend(morning: Morning) -> list[Text]:
    """Against the day before; nothing where there is nothing to compare with."""
    if not morning.day_before:
        return []
    percent = round((morning.yesterday / morning.day_before - 1) * 100)
    if percent > 0:
        return [say("up {percent}\u00a0%", percent=percent)]
    if percent < 0:
        return [say("down {percent}\u00a0%", percent=-percent)]
    return [say("as the day before")]
