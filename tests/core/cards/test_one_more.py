"""Each list that may leave something out, with one row more than it has room for, and two."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from bot.core.cards.card import Card
from bot.core.cards.changes.dead_letters import dead_letters_card
from bot.core.cards.changes.outages import outages_card
from bot.core.cards.jobs.job_lines import followed_by
from bot.core.cards.jobs.job_list import list_card
from bot.core.cards.past.cost import cost_card
from bot.core.cards.past.history import history_card
from bot.core.cards.past.rows import all_lines
from bot.core.cards.subscriptions.subscription_lists import subscriptions_card
from bot.core.cards.words.change_words import way_words
from bot.core.cards.words.subscription_words import target_list
from bot.core.change import Step
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.subscriptions import ListSubscriptions
from bot.core.delivery import DeliveryKind, Outage
from bot.core.delivery_report import DeadLetter
from bot.core.job import JobId
from bot.core.spending import JobSpending, Period, Spending
from bot.core.subscription import JobTarget, Subscription
from bot.core.text import Fragment
from bot.core.timeline import Span
from tests.history_fakes import a_record
from tests.make import NOW, a_job, line_words
from tests.watch_fakes import HERE, a_subscription

HOUR = timedelta(hours=1)


def words(card: Card) -> str:
    return "\n".join(map(line_words, all_lines(card)))


def jobs(count: int) -> str:
    found = [a_job(number) for number in range(1, count + 1)]
    return words(list_card(found, command=ListJobs(), read_at=NOW))


def some_subscriptions(count: int) -> list[Subscription]:
    return [a_subscription(JobTarget(JobId(number))) for number in range(1, count + 1)]


def subscriptions(count: int) -> str:
    command, found = ListSubscriptions(), some_subscriptions(count)
    return words(subscriptions_card(found, command=command, place=HERE, naming=lambda _: ""))


def targets(count: int) -> str:
    return str(target_list(some_subscriptions(count), lambda _: ""))


def dead_letters(count: int) -> str:
    letter = DeadLetter(
        delivery_id="0e8c7c5e-5a5e-5a5e-9d53-000000000001",
        kind=DeliveryKind.CARD,
        place=HERE,
        job_id=JobId(205),
        changes=(),
        reason="unconfirmed",
        died_at=NOW,
    )
    return words(dead_letters_card([letter] * count))


def outages(count: int) -> str:
    times = [NOW + number * HOUR for number in range(count)]
    return words(outages_card([Outage(since=at, until=at + HOUR / 2) for at in times]))


def followers(count: int) -> str:
    said = followed_by([f"U{number}" for number in range(1, count + 1)])
    return str(said.words if isinstance(said, Fragment) else said)


def spent(count: int) -> str:
    ran = [JobSpending(job=a_job(number), running=HOUR, runs=1) for number in range(1, count + 1)]
    period = Period(begin=NOW - 24 * HOUR, end=NOW, days=(NOW - 24 * HOUR,))
    found = Spending(
        period=period,
        jobs=tuple(ran),
        by_day=(count * HOUR,),
        watched_by_day=(True,),
        watched_since=NOW - 48 * HOUR,
    )
    return words(cost_card(Cost(), found, job=None, price=None, zone=UTC))


def steps(count: int) -> str:
    begin = NOW - count * HOUR
    spans = [
        Span(
            begin=begin + number * HOUR,
            end=begin + (number + 1) * HOUR,
            status=8 if number % 2 else 7,
        )
        for number in range(count)
    ]
    record, command = a_record((7, 8, 1), since=count), History(JobById(JobId(205)))
    card = history_card(command, record, spans, begin=begin, end=NOW, zone=UTC)
    return words(card)


#: What is listed, and how many rows there is room for.
LISTS: dict[str, tuple[Callable[[int], str], int]] = {
    "jobs": (jobs, 20),
    "subscriptions": (subscriptions, 40),
    "what an unsubscription ends": (targets, 10),
    "undelivered messages": (dead_letters, 10),
    "outages": (outages, 10),
    "who follows a job": (followers, 2),
    "what jobs ran": (spent, 10),
    "steps of a history": (steps, 15),
}


@pytest.mark.parametrize(("listed", "most"), LISTS.values(), ids=LISTS.keys())
def test_one_more_is_shown_and_two_more_are_counted(
    listed: Callable[[int], str], most: int
) -> None:
    left_out = re.compile(r"\b([0-9]+) (?:more|earlier)\b")

    assert left_out.findall(listed(most)) == []
    assert left_out.findall(listed(most + 1)) == []
    assert left_out.findall(listed(most + 2)) == ["2"]
    assert len(listed(most + 1)) > len(listed(most))


@pytest.mark.parametrize(("states", "is_cut"), [(6, False), (7, False), (8, True)])
def test_three_dots_stand_for_more_than_one_state(states: int, *, is_cut: bool) -> None:
    codes = [7, 8] * 5
    way = way_words([Step(codes[at], codes[at + 1]) for at in range(states - 1)])

    assert ("…" in str(way)) is is_cut
