"""`visjob demo`: serve the page until it is stopped, or play the story to its end."""

import asyncio
import logging
import signal
from collections.abc import Callable

import structlog
from rich.console import Console
from rich.panel import Panel

from bot.config import Settings
from bot.core.text import Language, say
from bot.demo.narrator import Narrator
from bot.demo.story import play
from bot.demo.world import World, small_world
from bot.locale import language_of
from bot.serve.clock import utc_now

_JOBS = say("A Slack workspace, the bot, and a cloud with jobs that change every few seconds:")
_OWN_JOBS = say("A Slack workspace, the bot, and a cloud with your own jobs:")


def _quiet_logs() -> None:
    """Silence the log, which would repeat the story that the terminal shows."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


async def run_demo(
    console: Console,
    *,
    port: int,
    speed: float,
    language: str,
    own_cloud: Settings | None,
    when_reader_leaves: Callable[[Callable[[], None]], None],
) -> None:
    """Serve the workspace on `port` until SIGINT or SIGTERM, or until the reader of standard output
    has left. Raises OSError if the port is taken."""
    _quiet_logs()
    stop = asyncio.Event()
    when_reader_leaves(stop.set)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with small_world(
        clock=utc_now, page_port=port, speed=speed, language=language, own_cloud=own_cloud
    ) as world:
        _welcome(console, world, language_of(language), is_own=own_cloud is not None)
        narrator = Narrator(world, console, language_of(language))
        async with asyncio.TaskGroup() as tasks:
            watching = [
                tasks.create_task(narrator.watch_cloud()),
                tasks.create_task(narrator.watch_workspace()),
            ]
            await stop.wait()
            for task in watching:
                task.cancel()
    console.print(language_of(language).plain(say("Stopped. Nothing is left behind.")))


def _welcome(console: Console, world: World, language: Language, *, is_own: bool) -> None:
    url, plain = world.workspace.state.origin, language.plain
    first = world.workspace.page.suggestions[0]
    call = say(
        "Open it, type {command}, press the buttons. Ctrl-C ends it.", command=f"[bold]{first}[/]"
    )
    words = (
        f"{plain(_OWN_JOBS if is_own else _JOBS)}\n\n    [bold link={url}]{url}[/]\n\n{plain(call)}"
    )
    if console.file.isatty():
        title = plain(say("VisJob demo"))
        console.print(Panel(words, title=title, expand=False, border_style="green"))
    else:
        console.print(words, soft_wrap=True)


async def play_script(console: Console) -> bool:
    """Play the story without waiting for a person, and return True if every step happened."""
    _quiet_logs()
    async with small_world(clock=utc_now) as world:
        return await play(world, console)
