"""Which records `cost` adds up."""

import pytest

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.commands.verbs.cost import Cost
from bot.core.job import JobId
from bot.core.subscription import JobTarget
from bot.core.timeline import JobRecord
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.reporter import Spent
from tests.fakes import FakeSource, FakeStore, ManualClock
from tests.history_fakes import FakeRecordings, a_record, a_reporter
from tests.make import ANA, TEAM
from tests.watch_fakes import FakeSubscriptions, a_subscription

SINCE = 3.0


@pytest.mark.parametrize(
    ("record", "followed", "counted"),
    [
        (a_record(since=SINCE, read=SINCE), 205, 1),
        (a_record(since=SINCE, read=SINCE), 231, 0),
        (a_record(since=SINCE), 231, 1),
        (a_record((8, 12, 1), since=SINCE, read=SINCE), 231, 1),
    ],
    ids=["followed now", "read once beside others", "followed before", "has changed"],
)
async def test_cost_leaves_out_a_job_that_nobody_followed(
    record: JobRecord, followed: int, counted: int
) -> None:
    clock = ManualClock()
    catalog = Catalog(FakeSource([], clock=clock), clock=clock)
    subscriptions = FakeSubscriptions()
    subscriptions.kept = [a_subscription(JobTarget(JobId(followed)))]
    reporter = a_reporter(
        catalog,
        JobFinder(catalog, LastAsked(FakeStore())),
        recordings=FakeRecordings({205: record}),
        subscriptions=subscriptions,
    )

    spent = await reporter.spent(Cost(), Request(text="cost", team_id=TEAM, user_id=ANA))

    assert isinstance(spent, Spent)
    assert len(spent.spending.jobs) == counted
