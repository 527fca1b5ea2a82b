"""Nothing is lost while Slack refuses the bot's token; only a removal of the app begins anew."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.config import settings_from
from bot.core.job import JobStatus
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS
from bot.serve.app import RunningBot, running
from tests.databases import NewUrl
from tests.fakes import FakeSource, ManualClock
from tests.make import PROJECT, a_job
from tests.waiting import until
from tests.world import APP_TOKEN, BOT_TOKEN, JSON, SIGNING_SECRET, event, said, sign

JOBS = range(1, 9)
NEW_TOKEN = "xoxb-1-1-another"
TOKENS: dict[str, object] = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}}
REMOVAL: dict[str, object] = {"type": "app_uninstalled"}

#: A job, and the two statuses of its change.
Step = tuple[int, int, int]


@dataclass(slots=True, kw_only=True)
class Office:
    """One workspace, one cloud and one database, with bots that start and stop."""

    workspace: StandInWorkspace
    source: FakeSource
    clock: ManualClock
    database: str
    began: datetime
    http: aiohttp.ClientSession
    bots: list[RunningBot] = field(default_factory=list)

    @asynccontextmanager
    async def bot(self, token: str = BOT_TOKEN, *, waits: bool = True) -> AsyncIterator[None]:
        """Start a bot and stop it at the end; with `waits`, wait until it is ready."""
        settings = {
            "SLACK_BOT_TOKEN": token,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.workspace.api_url,
            "MODELARTS_ENDPOINT": "http://127.0.0.1:9",
            "MODELARTS_PROJECT_ID": PROJECT,
            "MODELARTS_ACCESS_KEY": "key",
            "MODELARTS_SECRET_KEY": "secret",
            "DATABASE_URL": self.database,
            "PORT": "0",
            "VISJOB_POLL_SECONDS": "0.5",
        }
        async with running(
            settings_from(settings),
            host="127.0.0.1",
            jobs=self.source,
            clock=self.clock,
            monotonic=lambda: time.monotonic() + (self.clock() - self.began).total_seconds(),
            tick_seconds=0.1,
        ) as bot:
            self.bots.append(bot)
            self.workspace.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            if waits:
                await until(self.is_ready)
            yield
        self.bots.remove(bot)

    async def ready(self) -> tuple[bool, str]:
        """Return whether the last started bot is ready, and its answer."""
        async with self.http.get(f"http://127.0.0.1:{self.bots[-1].port}/readyz") as answer:
            return answer.status == 200, await answer.text()

    async def is_ready(self) -> bool:
        self.clock.advance(seconds=0.5)
        return (await self.ready())[0]

    async def is_refused(self) -> bool:
        self.clock.advance(seconds=1)
        return not (await self.ready())[0]

    async def is_held(self) -> bool:
        """Return whether a refused token holds the messages now; a hold with an end may be over."""
        self.clock.advance(seconds=0.5)
        return "Slack refuses my token" in await self.ask("/visjob why 1")

    async def hear(self, **what: object) -> None:
        """Send an event as Slack does."""
        body = event(event=what, event_id=f"Ev{time.monotonic_ns()}")
        headers = {"Content-Type": JSON, **sign(body.encode(), self.clock)}
        url = str(self.workspace.request_url)
        async with self.http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200

    async def ask(self, text: str) -> str:
        """Type in #experiments, and return the answer."""
        return said((await self.workspace.type(EXPERIMENTS, text))[-1])

    async def follow(self) -> None:
        """Follow the project, and wait until its jobs are recorded."""
        await self.ask("/visjob subscribe project for all")
        await self.reads(3)

    async def reads(self, count: int) -> None:
        """Wait until the cloud's list was read so many more times."""
        wanted = self.source.sweeps + count

        async def is_read() -> bool:
            self.clock.advance(seconds=0.2)
            return self.source.sweeps >= wanted

        await until(is_read)

    def change(self, status: JobStatus) -> None:
        """Set the status of every job."""
        self.source.jobs = [job._replace(status=status) for job in self.source.jobs]

    def steps(self) -> list[Step]:
        """Return the changes that #experiments was notified of, in order."""
        found: list[Step] = []
        for message in self.workspace.messages(EXPERIMENTS):
            told = (message.get("metadata") or {}).get("event_payload", {})
            for one in told.get("changes", [told]):
                if "from_status" in one:
                    found.append((one["job_id"], one["from_status"], one["to_status"]))
        return found

    async def tells(self, *ways: tuple[int, int]) -> float:
        """Wait until each job's steps were notified once, in order; return the seconds that the
        clock was moved, or 0 on PostgreSQL, which has its own clock."""
        moved = 0.0

        async def is_told() -> bool:
            nonlocal moved
            moved += 0.5
            self.clock.advance(seconds=0.5)
            return len(self.steps()) >= len(JOBS) * len(ways)

        await until(is_told)
        for job in JOBS:
            assert [step for step in self.steps() if step[0] == job] == [
                (job, *way) for way in ways
            ]
        return moved if self.database.startswith("sqlite") else 0.0


# PostgreSQL has its own clock, so a wait takes real time there.
BY_OUR_CLOCK = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a database with our tables, of each kind in turn."""
    tables: NewUrl = request.getfixturevalue(f"{request.param}_tables")
    return tables()


@pytest.fixture
async def office(database: str) -> AsyncIterator[Office]:
    clock = ManualClock(datetime.now(UTC))
    workspace = StandInWorkspace(
        clock=clock, signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN, app_token=APP_TOKEN
    )
    await workspace.start()
    source = FakeSource([a_job(number, 7, name=f"job-{number}") for number in JOBS], clock=clock)
    async with aiohttp.ClientSession() as http:
        yield Office(
            workspace=workspace,
            source=source,
            clock=clock,
            database=database,
            began=clock(),
            http=http,
        )
    await workspace.close()


def the_token(code: str, office: Office) -> None:
    """Let Slack answer every call with this code; an empty code ends that."""
    office.workspace.installation.dead = code or None


@pytest.mark.parametrize(
    ("database", "code"),
    [
        *(("sqlite", code) for code in ("invalid_auth", "token_revoked", "account_inactive")),
        pytest.param("postgresql", "invalid_auth", marks=pytest.mark.slow),
    ],
    indirect=["database"],
)
async def test_a_token_that_is_refused_for_seconds_costs_seconds(office: Office, code: str) -> None:
    async with office.bot():
        await office.follow()
        the_token(code, office)
        office.change(JobStatus.RUNNING)
        await until(office.is_refused)
        ready = (await office.ready())[1]
        why, status = await office.ask("/visjob why 1"), await office.ask("/visjob status")
        office.change(JobStatus.FAILED)
        await office.reads(3)
        await until(office.is_held)
        the_token("", office)

        moved = await office.tells((7, 8), (8, 11))

        assert code in ready
        assert f"Slack refuses my token: {code}" in why
        assert "asked me to wait" not in why
        assert f"Slack refuses my token: {code}" in status
        assert moved < 120, "it was not asked for minutes"
        assert (await office.ready())[0]
        assert "held until Slack accepted my token" in await office.ask("/visjob why 1")
        assert "undelivered" not in await office.ask("/visjob status")


@BY_OUR_CLOCK
@pytest.mark.parametrize("code", ["invalid_auth", "access_denied"])
@pytest.mark.slow
async def test_posts_alone_that_are_refused_are_tried_again_soon(office: Office, code: str) -> None:
    async with office.bot():
        await office.follow()
        office.workspace.faults.add("error", method="chat.postMessage", error=code, count=3)
        office.change(JobStatus.RUNNING)

        assert await office.tells((7, 8)) < 120
        assert (await office.ready())[0]


@pytest.mark.parametrize(
    ("database", "code", "events"),
    [
        ("sqlite", "token_revoked", []),
        ("sqlite", "token_revoked", [TOKENS]),
        ("sqlite", "invalid_auth", []),
        ("sqlite", "account_inactive", []),
        ("sqlite", "account_inactive", [TOKENS, TOKENS]),
        pytest.param("postgresql", "token_revoked", [TOKENS], marks=pytest.mark.slow),
    ],
    indirect=["database"],
)
@pytest.mark.slow
async def test_a_restart_with_a_good_token_loses_nothing(
    office: Office, code: str, events: list[dict[str, object]]
) -> None:
    async with office.bot():
        await office.follow()
        the_token(code, office)
        for one in events:
            await office.hear(**one)
        office.change(JobStatus.RUNNING)
        await until(office.is_refused)
        await office.reads(3)
    office.change(JobStatus.FAILED)
    the_token("", office)

    async with office.bot():
        await office.tells((7, 8), (8, 11))

        assert "undelivered" not in await office.ask("/visjob status")
        assert "the app was" not in await office.ask("/visjob why 1")


@BY_OUR_CLOCK
async def test_what_changes_while_a_bot_cannot_say_who_it_is_is_one_change(
    office: Office,
) -> None:
    async with office.bot():
        await office.follow()
    the_token("invalid_auth", office)
    async with office.bot(waits=False):
        for status in (JobStatus.RUNNING, JobStatus.FAILED):
            office.change(status)
            await until(office.is_refused)
        the_token("", office)

        assert await office.tells((7, 11)) < 120


#: The events of a removal, in the order in which they arrive.
REMOVALS: dict[str, list[dict[str, object]]] = {
    "the removal alone": [REMOVAL],
    "the tokens first": [TOKENS, REMOVAL],
    "the removal first": [REMOVAL, TOKENS],
    "both twice": [REMOVAL, TOKENS, REMOVAL, TOKENS],
}


@BY_OUR_CLOCK
@pytest.mark.parametrize("is_restarted", [True, False])
@pytest.mark.parametrize("what", REMOVALS)
@pytest.mark.slow
async def test_a_removal_begins_anew_whichever_event_comes_first(
    office: Office, what: str, is_restarted: bool
) -> None:
    async with office.bot():
        await office.follow()
        the_token("account_inactive", office)
        office.change(JobStatus.RUNNING)
        await until(office.is_refused)
        await office.reads(3)
        for one in REMOVALS[what]:
            await office.hear(**one)

        async def is_known() -> bool:
            office.clock.advance(seconds=1)
            return "the app was removed" in await office.ask("/visjob why 1")

        await until(is_known)
        office.change(JobStatus.FAILED)
        if not is_restarted:
            await _reinstalled(office)
    if is_restarted:
        async with office.bot(waits=False):
            await _reinstalled(office)


async def _reinstalled(office: Office) -> None:
    the_token("", office)
    await until(office.is_ready)
    await office.reads(4)
    office.change(JobStatus.RUNNING)

    await office.tells((11, 8))
    letters = await office.ask("/visjob status letters")
    assert "the app was removed from the workspace before this could be told" in letters


async def test_an_old_removal_that_comes_late_costs_nothing(office: Office) -> None:
    async with office.bot():
        await office.follow()
        await office.hear(**REMOVAL)
        office.change(JobStatus.RUNNING)

        await office.tells((7, 8))
        assert "undelivered" not in await office.ask("/visjob status")


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_replicas_tell_each_change_once_after_it(office: Office) -> None:
    async with office.bot(), office.bot():
        await office.follow()
        the_token("token_revoked", office)
        await office.hear(**TOKENS)
        office.change(JobStatus.RUNNING)
        await office.reads(4)
        the_token("", office)

        await office.tells((7, 8))


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_replica_with_the_old_token_does_not_keep_the_new_one_waiting(
    office: Office,
) -> None:
    async with office.bot():
        await office.follow()
        office.workspace.installation.bot_token = NEW_TOKEN
        office.change(JobStatus.RUNNING)
        await until(office.is_refused)
        async with office.bot(NEW_TOKEN):
            await office.tells((7, 8))
            office.change(JobStatus.FAILED)

            assert await office.tells((7, 8), (8, 11)) < 60
