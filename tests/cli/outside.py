"""The stand-ins that the command line reaches, and the environment that leads to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.ports.time import Clock
from bot.demo.cloud import StandInCloud
from bot.demo.workspace import StandInWorkspace
from bot.serve.clock import utc_now
from tests.ports import free_port

SIGNING_SECRET = "8f742231b10e8888abcd99eee1f285a5"
BOT_TOKEN = "xoxb-1-2-clitests"
APP_TOKEN = "xapp-1-clitests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The stand-ins, and the environment that leads to them."""

    cloud: StandInCloud
    workspace: StandInWorkspace
    env: dict[str, str]


@asynccontextmanager
async def opened(tmp_path: Path, *, clock: Clock = utc_now) -> AsyncIterator[Outside]:
    """A cloud whose clock is `clock`, and a Slack."""
    cloud = StandInCloud(clock=clock)
    workspace = StandInWorkspace(
        clock=utc_now,
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )
    await cloud.start()
    await workspace.start()
    env = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": workspace.api_url,
        "MODELARTS_ENDPOINT": cloud.url,
        "MODELARTS_PROJECT_ID": cloud.project_id,
        "MODELARTS_ACCESS_KEY": cloud.credentials.access_key,
        "MODELARTS_SECRET_KEY": cloud.credentials.secret_key,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'visjob.db'}",
        "PORT": str(free_port()),
        # A busy computer is no bug.
        "VISJOB_API_TIMEOUT_SECONDS": "60",
        "VISJOB_SLACK_TIMEOUT_SECONDS": "35",
    }
    yield Outside(cloud=cloud, workspace=workspace, env=env)
    await workspace.close()
    await cloud.close()
