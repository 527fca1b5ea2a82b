"""Run the real bot and the stand-ins in one process, over HTTP on the loopback interface."""

import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Settings, settings_from
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.core.ports.time import Clock
from bot.core.shared_link import unfurled_hosts
from bot.demo.clock import A_DAY, MOMENTS, WorldClock
from bot.demo.cloud import CloudCredentials, JobView, StandInCloud
from bot.demo.weather import Weather
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import ME
from bot.serve.app import RunningBot, running
from bot.slack.shortcuts import SHORTCUTS


class _Keys:
    """The secrets of the stand-ins, new at each start, so that no other site's page knows them."""

    def __init__(self) -> None:
        self.signing_secret = secrets.token_hex(16)
        self.bot_token = f"xoxb-1-1-{secrets.token_hex(16)}"
        self.app_token = f"xapp-1-A0VISJOB01-1-{secrets.token_hex(16)}"
        self.cloud = CloudCredentials(
            access_key=secrets.token_hex(10).upper(),
            secret_key=secrets.token_urlsafe(30),
            password=secrets.token_urlsafe(12),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The cloud (None if it is the person's own), the workspace, and the bot between them."""

    cloud: StandInCloud | None
    workspace: StandInWorkspace
    weather: Weather
    bot: RunningBot
    clock: WorldClock

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the person, which decides when night and morning are."""
        return _zone_of(self.workspace)

    def moments(self) -> list[dict[str, str]]:
        """Return the moments that the page offers to jump to: none with one's own cloud."""
        if self.cloud is None:
            return []
        times = [{"name": name, "at": f"{at:%H:%M}"} for name, at in MOMENTS.items()]
        return [*times, {"name": A_DAY, "at": ""}]

    def jobs(self) -> list[JobView]:
        """Return all jobs for the side panel; of one's own cloud, what the bot last read."""
        if self.cloud:
            return self.cloud.snapshot()
        return [_view(job) for job in self.bot.catalog.known(self.bot.catalog.project(""))]


@asynccontextmanager
async def small_world(
    *,
    clock: Clock,
    page_port: int = 0,
    speed: float = 1.0,
    language: str = "en",
    own_cloud: Settings | None = None,
    socket_mode: bool = False,
) -> AsyncIterator[World]:
    """Start the stand-ins and the bot, and stop them at the end. `own_cloud` holds the
    `MODELARTS_…` settings of a real cloud. Raises OSError if `page_port` is taken."""
    keys, clock = _Keys(), WorldClock(clock)
    cloud = None if own_cloud else StandInCloud(clock=clock, speed=speed, credentials=keys.cloud)
    workspace = StandInWorkspace(
        clock=clock,
        signing_secret=keys.signing_secret,
        bot_token=keys.bot_token,
        app_token=keys.app_token,
        on_push=cloud.push if cloud else None,
    )
    weather = Weather(workspace, cloud)
    _furnish(workspace, cloud, weather, clock)
    with tempfile.TemporaryDirectory(prefix="visjob-demo-") as folder:
        try:
            await workspace.start(page_port)
            if cloud:
                await cloud.start()
            settings = _settings(keys, workspace, cloud, Path(folder), own_cloud, language)
            workspace.state.unfurl_domains = set(unfurled_hosts(settings.link_hosts))
            async with running(
                settings,
                socket_mode=socket_mode,
                host="127.0.0.1",
                memory=weather.memory,
                clock=clock,
            ) as bot:
                if not socket_mode:
                    workspace.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
                yield World(cloud=cloud, workspace=workspace, weather=weather, bot=bot, clock=clock)
        finally:
            await workspace.close()
            if cloud:
                await cloud.close()


def _furnish(
    workspace: StandInWorkspace,
    cloud: StandInCloud | None,
    weather: Weather,
    clock: WorldClock,
) -> None:
    """Give the page its shortcuts and actions; with one's own cloud there are few."""
    page = workspace.page
    page.shortcuts = [shortcut._asdict() for shortcut in SHORTCUTS]
    page.on_trouble = weather.set
    if cloud:
        page.on_restart = cloud.restart
        page.on_moment = lambda name: clock.wait_for(name, _zone_of(workspace))
        clock.before_jump(cloud.carry)
    else:
        page.suggestions = ["/visjob list", "/visjob list running", "/visjob help"]


def _zone_of(workspace: StandInWorkspace) -> ZoneInfo:
    return ZoneInfo(workspace.state.people[ME].tz)


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
    keys: _Keys,
    workspace: StandInWorkspace,
    cloud: StandInCloud | None,
    folder: Path,
    own: Settings | None,
    language: str,
) -> Settings:
    given = {
        "VISJOB_LANGUAGE": language,
        "SLACK_BOT_TOKEN": keys.bot_token,
        "SLACK_SIGNING_SECRET": keys.signing_secret,
        "SLACK_APP_TOKEN": keys.app_token,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'visjob.db'}",
        "PORT": "0",
        "VISJOB_OPERATORS": ME,
    }
    if cloud:
        given |= {
            "MODELARTS_ENDPOINT": cloud.url,
            "MODELARTS_PROJECT_ID": cloud.project_id,
            "MODELARTS_ACCESS_KEY": cloud.credentials.access_key,
            "MODELARTS_SECRET_KEY": cloud.credentials.secret_key,
            # Jobs change fast here, and no one limits the calls.
            "VISJOB_POLL_SECONDS": "2",
            "VISJOB_API_CALLS_PER_MINUTE": "600",
            "VISJOB_SETTLE_SECONDS": "3",
            "VISJOB_STUCK_MINUTES": "1",
            "VISJOB_HOURLY_PRICE": "0.36",
            "VISJOB_CURRENCY": "EUR",
        }
    demo = settings_from(given)
    if own is None:
        return demo
    ours = ("slack_bot_token", "slack_signing_secrets", "slack_app_token", "slack_api_url")
    return own.model_copy(
        update={name: getattr(demo, name) for name in (*ours, "database_url", "port")}
    )
