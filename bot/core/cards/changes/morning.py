"""The morning line of a project: running jobs, failures, and yesterday's hours."""

from datetime import timedelta

from bot.core.cards.card import Action, Card, Moment, TimeStyle
from bot.core.cards.wording import duration_words
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import Phase
from bot.core.morning import Morning
from bot.core.spending import hours
from bot.core.text import Text, enumeration, say, say_many


def morning_card(morning: Morning) -> Card:
    """Return the morning line, with buttons to read more."""
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
    """Return `3 running (oldest 1 d 2 h), 1 failed, 41 TensorBoard hours yesterday, up 30 %.`"""
    facts = enumeration([_running(morning), _failed(morning.failed), *_yesterday(morning)])
    if morning.as_of is None:
        return say("{facts}.", facts=facts)
    time = Moment(morning.as_of, TimeStyle.DAY_AND_CLOCK)
    return say("As of {time}: {facts}.", time=time, facts=facts)


def _running(morning: Morning) -> Text:
    count = say("{count} running", count=morning.running)
    if not morning.running or morning.oldest is None:
        return count
    return say("{running} (oldest {span})", running=count, span=duration_words(morning.oldest))


def _failed(count: int) -> Text:
    return say("{count} failed", count=count) if count else say("no new failures")


def _yesterday(morning: Morning) -> list[Text]:
    counted = _whole_hours(morning.yesterday)
    words = say_many(
        "{count} TensorBoard hour yesterday", "{count} TensorBoard hours yesterday", counted
    )
    return [words, *_trend(morning)]


def _trend(morning: Morning) -> list[Text]:
    """Compare yesterday's hours with those of the day before; nothing if they are not
    comparable."""
    before = _whole_hours(morning.day_before)
    if not before or not morning.is_whole:
        return []
    percent = round((_whole_hours(morning.yesterday) / before - 1) * 100)
    if percent > 0:
        return [say("up {percent}\u00a0%", percent=percent)]
    if percent < 0:
        return [say("down {percent}\u00a0%", percent=-percent)]
    return [say("as the day before")]


def _whole_hours(span: timedelta) -> int:
    return round(hours(span))
