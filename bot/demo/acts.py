"""The actions of the story's steps: each does what a person or the cloud would do."""

import asyncio
from collections.abc import Callable

from bot.demo.step import Act, Json
from bot.demo.weather import CLOUD, SLACK
from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.world import World

# The bot reads a change within a poll or two, and looks for it in Slack after the settle time.
PATIENCE_SECONDS = 20.0
# This is longer than reads of the cloud are shared, so the next question causes a new read.
SHARED_SECONDS = 2.1


def typed(text: str, *, user: str = ME) -> Act:
    """Return the act of typing a sentence."""

    async def do(world: World) -> list[Json]:
        return await world.workspace.type(EXPERIMENTS, text, user)

    return do


def clicked(first: str, label: str, *, user: str = ME) -> Act:
    """Return the act of typing a sentence, pressing a button below, and waiting for a result."""

    async def do(world: World) -> list[Json]:
        workspace = world.workspace
        answer = await workspace.type(EXPERIMENTS, first, user)
        with workspace.feed.recording(user, EXPERIMENTS) as seen:
            await workspace.click(answer[-1], label, user)
            await workspace.until(lambda: seen)
        return seen

    return do


async def ask_in_thread(world: World) -> list[Json]:
    """Ask in a thread, where the bot hears only mentions."""
    workspace = world.workspace
    await workspace.type(EXPERIMENTS, "Is the sweep done?")
    thread_ts = workspace.messages(EXPERIMENTS)[-1]["ts"]
    with workspace.feed.recording(ME, EXPERIMENTS) as seen:
        await workspace.mention(EXPERIMENTS, "resnet", thread_ts=thread_ts)
        await workspace.until(lambda: any(message.get("ephemeral") for message in seen))
    return [message for message in seen if message.get("ephemeral")]


async def search(world: World) -> list[Json]:
    """Open the search box, and type the beginning of a name."""
    answer = await world.workspace.type(EXPERIMENTS, "/visjob find")
    found = await world.workspace.options(answer[-1], "visjob:search:0", "flow")
    return [*answer, found]


async def open_home(world: World) -> list[Json]:
    """Open the Home tab, and return it once the bot has published it."""
    await world.workspace.open_home()
    await world.workspace.until(lambda: world.workspace.home() is not None)
    return [world.workspace.home() or {}]


def after(happens: Callable[[World], object], text: str) -> Act:
    """Return the act of changing the cloud, waiting until reads are stale, and asking."""

    async def do(world: World) -> list[Json]:
        happens(world)
        await asyncio.sleep(SHARED_SECONDS)
        return await world.workspace.type(EXPERIMENTS, text)

    return do


def told(to_status: int, job_id: int = 240) -> Act:
    """Return the act of moving a job to a status, and waiting until the channel is notified."""

    async def do(world: World) -> list[Json]:
        push(world, to_status, job_id)
        return await world.workspace.until(
            lambda: heard(world, to_status, job_id), timeout=PATIENCE_SECONDS
        )

    return do


async def stop_in_an_outage(world: World) -> list[Json]:
    """Make Slack answer 503 to reads and writes of messages while it applies every other write, and
    stop job 240."""
    world.weather.set(SLACK, is_on=True)
    posts = len(_posts(world))
    push(world, 9)
    await world.workspace.until(lambda: len(_posts(world)) > posts, timeout=PATIENCE_SECONDS)
    push(world, 12)
    return [{"text": "Slack loses answers, and job 240 goes on."}]


async def end_of_outage(world: World) -> list[Json]:
    """End the outage of Slack, and wait for the messages: in order, and each posted once."""
    world.weather.set(SLACK, is_on=False)
    await world.workspace.until(lambda: heard(world, 12), timeout=PATIENCE_SECONDS)
    return [*heard(world, 9), *heard(world, 12)]


def push(world: World, to_status: int, job_id: int = 240) -> None:
    """Move a job of the stand-in cloud to another status; do nothing with one's own cloud."""
    if world.cloud:
        world.cloud.push(job_id, to_status)


def _posts(world: World) -> list[object]:
    return [call for call in world.workspace.journal if call.method == "chat.postMessage"]


def heard(world: World, to_status: int, job_id: int = 240) -> list[Json]:
    """Return the channel's messages about the job's change to this status."""
    found = []
    for message in world.workspace.messages(EXPERIMENTS):
        told = message.get("metadata", {}).get("event_payload", {})
        if (told.get("job_id"), told.get("to_status")) == (job_id, to_status):
            found.append(message)
    return found


async def count_doubles(world: World) -> list[Json]:
    """Count the messages of each change of job 240; each must be posted once."""
    counts = [len(heard(world, status)) for status in (8, 9, 12)]
    return [{"text": f"told {' + '.join(map(str, counts))} times"}]


def goes_dark(world: World) -> None:
    """Make the cloud answer every call with a proxy's error page."""
    world.weather.set(CLOUD, is_on=True)


def comes_back(world: World) -> None:
    """Make the cloud answer again."""
    world.weather.set(CLOUD, is_on=False)


def moves_on(world: World) -> None:
    """Move the queued job 197 to running."""
    if world.cloud:
        world.cloud.push(197, 8)
