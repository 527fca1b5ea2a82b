"""The dead man's switch of the running bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.core.errors import SourceUnavailable
from tests.fakes import FakeSource
from tests.make import a_job
from tests.waiting import until
from tests.world import open_world, settle


class Service:
    """A service that counts the pings."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(f"{request.method} {request.path_qs}")
        return web.Response(status=500)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    runner = web.ServerRunner(web.Server(made.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping?rid=1"
    yield made
    await runner.cleanup()


@pytest.mark.slow
async def test_the_running_bot_pings_at_most_once_a_minute(
    tmp_path: Path, service: Service
) -> None:
    async with open_world(
        tmp_path, VISJOB_DEADMAN_URL=service.url, VISJOB_POLL_SECONDS="1"
    ) as world:
        await settle(world)

        async def pinged(times: int) -> bool:
            world.clock.advance(seconds=1)
            return len(service.asked) >= times

        await until(lambda: pinged(1))
        began = world.clock()
        await until(lambda: pinged(3))
        lasted = world.clock() - began

    assert set(service.asked) == {"GET /ping?rid=1"}
    assert lasted.total_seconds() > 60


@pytest.mark.slow
async def test_it_does_not_ping_while_the_cloud_was_never_read(
    tmp_path: Path, service: Service
) -> None:
    source = FakeSource([a_job(205)])
    source.error = SourceUnavailable("The cloud is away.")
    async with open_world(tmp_path, jobs=source, VISJOB_DEADMAN_URL=service.url) as world:

        async def has_tried_often() -> bool:
            world.clock.advance(seconds=30)
            return source.sweeps > 20

        await until(has_tried_often)

    assert service.asked == []
