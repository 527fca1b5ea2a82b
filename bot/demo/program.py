"""`visjob demo`: the page until somebody stops it, or the story played to its end."""

import asyncio
import logging
import signal

import structlog
from rich.console import Console
from rich.panel import Panel

from bot.config import Settings
from bot.core.text import say
from bot.demo.narrator import Narrator
from bot.demo.story import play
from bot.demo.world import small_world
from bot.locale import language_of
from bot.serve.clock import utc_now

_JOBS = say("A Slack workspace, the bot, and a cloud with jobs that change every few seconds:")
_OWN_JOBS = say("A Slack workspace, the bot, and a cloud with your own jobs:")


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
        plain = language_of(language).plain
        first = world.workspace.page.suggestions[0]
        is_own = own_cloud is not None
        call = say(
            "Open it, type {command}, press the buttons. Ctrl-C ends it.",
            command=f"[bold]{first}[/]",
        )
        welcome = (
            f"{plain(_OWN_JOBS if is_own else _JOBS)}\n\n"
            f"    [bold link={url}]{url}[/]\n\n"
            f"{plain(call)}"
        )
        if console.file.isatty():
            title = plain(say("VisJob demo"))
            panel = Panel(welcome, title=title, expand=False, border_style="green")
            console.print(panel)
        else:
            console.print(welcome, soft_wrap=True)
        narrator = Narrator(world, console, language_of(language))
        async with asyncio.TaskGroup() as tasks:
            watching = [
                tasks.create_task(narrator.watch_cloud()),
                tasks.create_task(narrator.watch_workspace()),
            ]
            await stop.wait()
            for task in watching:
                task.cancel()
    console.print(plain(say("Stopped. Nothing is left behind.")))


async def play_script(console: Console) -> bool:
    """Play the story at full speed with no page; True if every step happened."""
    _quiet_logs()
    async with small_world(clock=utc_now) as world:
        return await play(world, console)
