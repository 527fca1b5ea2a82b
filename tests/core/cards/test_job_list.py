"""The order of a list: what is active, what failed, the rest; newest first among each."""

import pytest

from bot.core.cards.jobs.job_list import list_card
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import Phase
from bot.core.listing import by_urgency
from tests.make import NOW, a_job, line_words

ORDERS = {
    "running before what ended later": ([12, 8], [8, 12]),
    "queued and stopping are active, as they came": ([9, 7, 8], [9, 7, 8]),
    "failed before stopped and finished": ([12, 10, 11], [11, 12, 10]),
    "lost has failed, and so has a deletion": ([12, 14, 6], [14, 6, 12]),
    "active, failed, rest": ([11, 12, 8, 10, 3, 15], [8, 15, 11, 3, 12, 10]),
    "a status that nobody knows is of the rest": ([37, 12, 11], [11, 37, 12]),
}


@pytest.mark.parametrize(("newest_first", "shown"), ORDERS.values(), ids=ORDERS.keys())
def test_a_list_begins_with_what_people_look_for(newest_first: list[int], shown: list[int]) -> None:
    jobs = [a_job(100 - number, status) for number, status in enumerate(newest_first)]

    assert [int(job.status) for job in by_urgency(jobs)] == shown


@pytest.mark.parametrize(
    ("command", "count", "is_said"),
    [(ListJobs(), 3, True), (ListJobs(), 1, False), (ListJobs(Phase.RUNNING), 3, False)],
)
def test_its_small_print_says_the_order_where_there_is_one(
    command: ListJobs, count: int, is_said: bool
) -> None:
    jobs = [a_job(number) for number in range(1, count + 1)]
    card = list_card(jobs, command=command, read_at=NOW)

    assert any("last created first" in line_words(note) for note in card.notes) is is_said


def test_its_counts_stand_in_the_order_of_the_list() -> None:
    jobs = [a_job(number, status) for number, status in enumerate((10, 14, 7, 11, 9, 12, 37, 8), 1)]
    card = list_card(jobs, command=ListJobs(), read_at=NOW)

    assert line_words(card.lines[0]).replace("\u00a0", " ") == (
        "8 jobs: 1 running, 1 queued, 1 stopping, 1 failed, 1 lost, 1 finished, 1 stopped,"
        " 1 unknown."
    )
