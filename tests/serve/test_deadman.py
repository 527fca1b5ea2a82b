"""The dead man's switch: when it is pressed, and that whatever it leads to does no harm."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.catalog import Catalog
from bot.core.errors import SourceUnavailable, StoreUnavailable
from bot.serve.deadman import DeadMan, fetch
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, a_job

SECRET = "5e55a1e-0000-uuid"


@dataclass
class Outbox:
    """Says whether something is overdue, or nothing at all."""

    is_overdue: bool = False
    is_away: bool = False

    async def has_overdue(self) -> bool:
        if self.is_away:
            raise StoreUnavailable("gone")
        return self.is_overdue


@dataclass
class Service:
    """Counts the pings, and answers with what is wrong."""

    trouble: str = ""
    pings: int = 0

    async def ping(self) -> str:
        self.pings += 1
        return self.trouble


class Switch:
    """A dead man's switch, and all that it looks at."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.source = FakeSource([a_job(205)], clock=self.clock)
        self.catalog = Catalog(self.source, clock=self.clock)
        self.outbox, self.service = Outbox(), Service()
        self.deadman = DeadMan(
            self.catalog,
            self.service.ping,
            projects=lambda: (OURS,),
            has_overdue=self.outbox.has_overdue,
        )

    async def poll(self) -> None:
        self.clock.advance(seconds=1)
        await self.catalog.sweep(OURS)


@pytest.fixture
def switch() -> Switch:
    return Switch()


async def test_it_is_pressed_after_a_good_poll_and_then_not_for_a_minute(switch: Switch) -> None:
    before = await switch.deadman.tell()
    await switch.poll()
    after = await switch.deadman.tell()

    assert before < 60
    assert after == 60
    assert switch.service.pings == 1


async def test_each_press_needs_a_good_poll_of_its_own(switch: Switch) -> None:
    await switch.poll()
    for _ in range(3):
        await switch.deadman.tell()
    switch.source.error = SourceUnavailable("down")
    with pytest.raises(SourceUnavailable):
        await switch.poll()
    await switch.deadman.tell()
    failed = switch.service.pings
    switch.source.error = None
    await switch.poll()
    await switch.deadman.tell()

    assert (failed, switch.service.pings) == (1, 2)


@pytest.mark.parametrize("trouble", ["is_overdue", "is_away"])
async def test_it_is_not_pressed_while_the_outbox_is_late_or_unknown(
    switch: Switch, trouble: str
) -> None:
    setattr(switch.outbox, trouble, True)
    await switch.poll()
    await switch.deadman.tell()
    meanwhile = switch.service.pings
    setattr(switch.outbox, trouble, False)
    await switch.deadman.tell()

    assert (meanwhile, switch.service.pings) == (0, 1)


async def test_a_service_that_fails_is_logged_once_and_once_when_it_is_back(
    switch: Switch,
) -> None:
    with capture_logs() as lines:
        for trouble in ("HTTP 500", "HTTP 500", "no answer", "", ""):
            switch.service.trouble = trouble
            await switch.poll()
            await switch.deadman.tell()

    assert [line["event"] for line in lines] == ["deadman_failed", "deadman_works_again"]
    assert lines[0]["what"] == "HTTP 500"


@dataclass
class Site:
    """A service on this computer."""

    url: str = ""
    seen: list[str] = field(default_factory=list)
    session: aiohttp.ClientSession | None = None


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        made.seen.append(request.path)
        match request.path:
            case "/moved":
                return web.Response(status=302, headers={"Location": "/elsewhere"})
            case "/endless":
                response = web.StreamResponse()
                await response.prepare(request)
                await response.write(b"x" * 100_000)
                return response
            case path:
                return web.Response(status=500 if path == "/broken" else 200)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as made.session:
        yield made
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/ok", ""),
        ("/endless", ""),
        ("/broken", "HTTP 500"),
        ("/moved", "HTTP 302"),
    ],
)
async def test_what_the_service_says_counts_by_its_status_alone(
    site: Site, path: str, said: str
) -> None:
    assert site.session is not None

    assert await fetch(f"{site.url}{path}", site.session) == said
    assert site.seen == [path], "no redirect is followed"


async def test_a_service_that_is_not_there_is_no_error_and_its_url_is_not_told() -> None:
    async with aiohttp.ClientSession() as session:
        said = await fetch(f"http://127.0.0.1:9/{SECRET}", session)

    assert said
    assert SECRET not in str(said)
