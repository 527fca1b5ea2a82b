"""`visjob demo`: the page until somebody stops it, or the story played to its end."""

import asyncio
import logging
import signal

import structlog
from rich.console import Console
from rich.panel import Panel

from bot.config import Settings
from bot.demo.narrator import Narrator
from bot.demo.story import play
from bot.demo.world import small_world
from bot.serve.clock import utc_now


def _quiet_logs() -> None:
    """The terminal tells the story; the log would tell it a second time, in other words."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


async def run_demo(
    console: Console, *, port: int, speed: float, language: str, own_cloud: Settings | None
) -> None:
    """Serve the workspace on `port` until SIGINT or SIGTERM. Raises OSError if it is taken."""
    _quiet_logs()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with small_world(
        clock=utc_now, page_port=port, speed=speed, language=language, own_cloud=own_cloud
    ) as world:
        url = world.workspace.state.origin
        jobs = "your own jobs" if own_cloud else "jobs that change every few seconds"
        first = world.workspace.page.suggestions[0]
        welcome = (
            f"A Slack workspace, the bot, and a cloud with {jobs}:\n\n"
            f"    [bold link={url}]{url}[/]\n\n"
            f"Open it, type [bold]{first}[/], press the buttons. Ctrl-C ends it."
        )
        if console.file.isatty():
            panel = Panel(welcome, title="VisJob demo", expand=False, border_style="green")
            console.print(panel)
        else:
            console.print(welcome, soft_wrap=True)
        narrator = Narrator(world, console)
        async with asyncio.TaskGroup() as tasks:
            watching = [
                tasks.create_task(narrator.watch_cloud()),
                tasks.create_task(narrator.watch_workspace()),
            ]
            await stop.wait()
            for task in watching:
                task.cancel()
    console.print("Stopped. Nothing is left behind.")


async def play_script(console: Console) -> bool:
    """Play the story at full speed with no page; True if every step happened."""
    _quiet_logs()
    async with small_world(clock=utc_now) as world:
        return await play(world, console)
