"""The real bot between the stand-ins, in one process, over real HTTP on the loopback interface."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.config import Settings, settings_from
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.ports.time import Clock
from bot.demo.cloud import JobView, StandInCloud
from bot.demo.weather import Weather
from bot.demo.workspace import StandInWorkspace
from bot.serve.app import RunningBot, running

# Made up for the stand-ins; they open nothing.
_SIGNING_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"  # noqa: S105
_BOT_TOKEN = "xoxb-1-1-demo"  # noqa: S105
_APP_TOKEN = "xapp-1-A0VISJOB01-1-demo"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A cloud (None if it is the person's own), a workspace, and the bot between them."""

    cloud: StandInCloud | None
    workspace: StandInWorkspace
    weather: Weather
    bot: RunningBot

    def jobs(self) -> list[JobView]:
        """Every job for the page's side panel; of one's own cloud, what the bot last read."""
        if self.cloud:
            return self.cloud.snapshot()
        return [_view(job) for job in self.bot.catalog.known]


@asynccontextmanager
async def small_world(
    *,
    clock: Clock,
    page_port: int = 0,
    speed: float = 1.0,
    own_cloud: Settings | None = None,
    socket_mode: bool = False,
) -> AsyncIterator[World]:
    """Start everything and stop it again. `own_cloud` has the `MODELARTS_…` settings to read.

    Raises OSError if `page_port` is taken.
    """
    cloud = None if own_cloud else StandInCloud(clock=clock, speed=speed)
    workspace = StandInWorkspace(
        clock=clock,
        signing_secret=_SIGNING_SECRET,
        bot_token=_BOT_TOKEN,
        app_token=_APP_TOKEN,
        on_push=cloud.push if cloud else None,
    )
    weather = Weather(workspace, cloud)
    workspace.page.on_trouble = weather.set
    workspace.page.on_restart = cloud.restart if cloud else None
    if own_cloud:
        workspace.page.suggestions = ["/visjob list", "/visjob list running", "/visjob help"]
    with tempfile.TemporaryDirectory(prefix="visjob-demo-") as folder:
        try:
            await workspace.start(page_port)
            if cloud:
                await cloud.start()
            settings = _settings(workspace, cloud, Path(folder), own_cloud)
            async with running(
                settings, socket_mode=socket_mode, host="127.0.0.1", clock=clock
            ) as bot:
                if not socket_mode:
                    workspace.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
                yield World(cloud=cloud, workspace=workspace, weather=weather, bot=bot)
        finally:
            await workspace.close()
            if cloud:
                await cloud.close()


def _view(job: VisualizationJob) -> JobView:
    duration = job.duration or timedelta()
    return JobView(
        job_id=job.id,
        job_name=job.name,
        status=job.status.value,
        status_name=job.status.vendor_name,
        duration_ms=duration // timedelta(milliseconds=1),
        service_url=job.service_url,
        has_ended=job.status.phase in ENDED_PHASES,
    )


def _settings(
    workspace: StandInWorkspace, cloud: StandInCloud | None, folder: Path, own: Settings | None
) -> Settings:
    given = {
        "SLACK_BOT_TOKEN": _BOT_TOKEN,
        "SLACK_SIGNING_SECRET": _SIGNING_SECRET,
        "SLACK_APP_TOKEN": _APP_TOKEN,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'visjob.db'}",
        "PORT": "0",
    }
    if cloud:
        given |= {
            "MODELARTS_ENDPOINT": cloud.url,
            "MODELARTS_PROJECT_ID": cloud.project_id,
            "MODELARTS_ACCESS_KEY": cloud.credentials.access_key,
            "MODELARTS_SECRET_KEY": cloud.credentials.secret_key,
            # Everything lives fast here, and nobody counts the calls.
            "VISJOB_POLL_SECONDS": "2",
            "VISJOB_API_CALLS_PER_MINUTE": "600",
            "VISJOB_SETTLE_SECONDS": "3",
        }
    demo = settings_from(given)
    if own is None:
        return demo
    ours = ("slack_bot_token", "slack_signing_secrets", "slack_app_token", "slack_api_url")
    return own.model_copy(
        update={name: getattr(demo, name) for name in (*ours, "database_url", "port")}
    )
