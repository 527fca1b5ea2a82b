"""The story of the demo, step by step: each is driven as a person would, and checked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.core.cleaning import shown
from bot.demo.weather import CLOUD, SLACK
from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.world import World

Json = dict[str, Any]

_LONGEST_LINE = 160
# A change is read within a poll or two, and looked for in Slack after it has settled.
_PATIENCE_SECONDS = 20.0
# Longer than a read of the cloud is shared.
SHARED_SECONDS = 2.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A sentence, how it is done, and what must be seen then."""

    sentence: str
    do: Callable[[World], Awaitable[list[Json]]]
    sees: tuple[str, ...]


async def play(world: World, console: Console) -> bool:
    """Play every step, whatever became of those before; True if all happened."""
    await world.bot.catalog.sweep()  # the names are known before the first question
    failed = 0
    for number, step in enumerate(STORY, start=1):
        seen = await step.do(world)
        said = _words(seen)
        missing = [words for words in step.sees if words not in said]
        failed += bool(missing)
        console.print(Text(f"{'✖' if missing else '✔'} {number}. {step.sentence}", "bold"))
        for message in seen:
            console.print(Text(f"     {shown(message.get('text', ''), _LONGEST_LINE)}", "dim"))
        if missing:
            console.print(Text(f"     not seen: {', '.join(missing)}", "red"))
    total = len(STORY)
    console.print(f"{total - failed} of {total} steps happened.")
    return not failed


def _typed(text: str) -> Callable[[World], Awaitable[list[Json]]]:
    async def do(world: World) -> list[Json]:
        return await world.workspace.type(EXPERIMENTS, text)

    return do


def _clicked(first: str, label: str) -> Callable[[World], Awaitable[list[Json]]]:
    """Type a sentence, press a button of the answer, and wait for what comes of it."""

    async def do(world: World) -> list[Json]:
        workspace = world.workspace
        answer = await workspace.type(EXPERIMENTS, first)
        with workspace.feed.recording(ME, EXPERIMENTS) as seen:
            await workspace.click(answer[-1], label)
            await workspace.until(lambda: seen)
        return seen

    return do


async def _ask_in_thread(world: World) -> list[Json]:
    workspace = world.workspace
    await workspace.type(EXPERIMENTS, "Is the sweep done?")
    thread_ts = workspace.messages(EXPERIMENTS)[-1]["ts"]
    with workspace.feed.recording(ME, EXPERIMENTS) as seen:
        await workspace.mention(EXPERIMENTS, "resnet", thread_ts=thread_ts)
        await workspace.until(lambda: any(message.get("ephemeral") for message in seen))
    return [message for message in seen if message.get("ephemeral")]


async def _search(world: World) -> list[Json]:
    answer = await world.workspace.type(EXPERIMENTS, "/visjob find")
    found = await world.workspace.options(answer[-1], "visjob:search:0", "flow")
    return [*answer, found]


async def _open_home(world: World) -> list[Json]:
    await world.workspace.open_home()
    await world.workspace.until(lambda: world.workspace.home() is not None)
    return [world.workspace.home() or {}]


def _after(
    happens: Callable[[World], object], text: str
) -> Callable[[World], Awaitable[list[Json]]]:
    """Something happens in the cloud, and somebody asks once what was read before is too old."""

    async def do(world: World) -> list[Json]:
        happens(world)
        await asyncio.sleep(SHARED_SECONDS)
        return await world.workspace.type(EXPERIMENTS, text)

    return do


def _told(to_status: int) -> Callable[[World], Awaitable[list[Json]]]:
    """Job 240 goes to another status, and the channel hears of it."""

    async def do(world: World) -> list[Json]:
        _push(world, to_status)
        await world.workspace.until(lambda: _heard(world, to_status), timeout=_PATIENCE_SECONDS)
        return _heard(world, to_status)

    return do


async def _stop_in_an_outage(world: World) -> list[Json]:
    """Slack answers 503 to everything, and does every other thing all the same."""
    world.weather.set(SLACK, is_on=True)
    posts = len(_posts(world))
    _push(world, 9)
    await world.workspace.until(lambda: len(_posts(world)) > posts, timeout=_PATIENCE_SECONDS)
    _push(world, 12)
    return [{"text": "Slack loses answers, and job 240 goes on."}]


async def _end_of_outage(world: World) -> list[Json]:
    """What waited is told in order, and what Slack had taken is found, not sent again."""
    world.weather.set(SLACK, is_on=False)
    await world.workspace.until(lambda: _heard(world, 12), timeout=_PATIENCE_SECONDS)
    return [*_heard(world, 9), *_heard(world, 12)]


def _push(world: World, to_status: int) -> None:
    if world.cloud:
        world.cloud.push(240, to_status)


def _posts(world: World) -> list[object]:
    return [call for call in world.workspace.journal if call.method == "chat.postMessage"]


def _heard(world: World, to_status: int) -> list[Json]:
    """What the channel shows of this change of job 240."""
    found = []
    for message in world.workspace.messages(EXPERIMENTS):
        told = message.get("metadata", {}).get("event_payload", {})
        if (told.get("job_id"), told.get("to_status")) == (240, to_status):
            found.append(message)
    return found


async def _count_doubles(world: World) -> list[Json]:
    """Once Slack is asked what it shows, nothing more is sent: each change stands there once."""
    counts = [len(_heard(world, status)) for status in (8, 9, 12)]
    return [{"text": f"told {' + '.join(map(str, counts))} times"}]


def _goes_dark(world: World) -> None:
    world.weather.set(CLOUD, is_on=True)


def _comes_back(world: World) -> None:
    world.weather.set(CLOUD, is_on=False)


def _moves_on(world: World) -> None:
    if world.cloud:
        world.cloud.push(197, 8)


STORY = (
    Step(
        sentence="Ana asks how job 205 is.",
        do=_typed("/visjob 205"),
        sees=("flowers-tb", "Running", "JOBSTAT_RUNNING", "2 h 14 min", "/205/"),
    ),
    Step(
        sentence="She presses Refresh, and the card is drawn anew.",
        do=_clicked("/visjob 205", "Refresh"),
        sees=("flowers-tb", "Running", "as of <!date^"),
    ),
    Step(
        sentence="197 is the id of one job and the name of another: she is asked which.",
        do=_typed("/visjob 197"),
        sees=("Which one?", "id 197", "name 197"),
    ),
    Step(
        sentence="She means the id.",
        do=_clicked("/visjob 197", "id 197"),
        sees=("apiTest-11", "Queued", "JOBSTAT_WAITING", "33 s"),
    ),
    Step(
        sentence="The job gets its turn in the cloud, and the next card says so.",
        do=_after(_moves_on, "/visjob apiTest"),
        sees=("apiTest-11", "Running", "Open TensorBoard"),
    ),
    Step(
        sentence="What runs now?",
        do=_typed("/visjob list running"),
        sees=("running jobs", "flowers-tb", "resnet-sweep", "1 d 2 h"),
    ),
    Step(
        sentence="A typing mistake gets the nearest sentence.",
        do=_typed("/visjob lits running"),
        sees=("I do not know", "Did you mean", "list running", "Do that"),
    ),
    Step(
        sentence="One press says it.",
        do=_clicked("/visjob lits running", "Do that"),
        sees=("running jobs", "flowers-tb"),
    ),
    Step(
        sentence="The search box finds while she types, without asking the cloud.",
        do=_search,
        sees=("Which job?", "flowers-tb"),
    ),
    Step(
        sentence="The last word “share” answers in the channel.",
        do=_typed("/visjob resnet-sweep share"),
        sees=("resnet-sweep", "Running"),
    ),
    Step(
        sentence="In a thread, where slash commands do not work, a mention does.",
        do=_ask_in_thread,
        sees=("resnet-sweep", "Running"),
    ),
    Step(
        sentence="She subscribes the channel to job 240.",
        do=_typed("/visjob subscribe 240"),
        sees=("Subscribed", "bert-finetune", "every change", "Unsubscribe"),
    ),
    Step(
        sentence="The job runs, and the channel hears it from the card's thread.",
        do=_told(8),
        sees=("bert-finetune", "running", "Open TensorBoard"),
    ),
    Step(
        sentence="Slack has an outage: it takes messages and loses its answers. The job stops.",
        do=_stop_in_an_outage,
        sees=("loses answers",),
    ),
    Step(
        sentence="Slack is well again, and what happened meanwhile is told in order.",
        do=_end_of_outage,
        sees=("bert-finetune is stopping", "bert-finetune was stopped"),
    ),
    Step(
        sentence="Nothing was lost, and nothing was told twice.",
        do=_count_doubles,
        sees=("told 1 + 1 + 1 times",),
    ),
    Step(
        sentence="Why was I told? Receipts.",
        do=_typed("/visjob why 240"),
        sees=("bert-finetune", "sent"),
    ),
    Step(
        sentence="A name that would ping everybody is text and nothing else.",
        do=_typed("/visjob 666"),
        sees=("job 666", "<!channel> *bold*"),
    ),
    Step(
        sentence="There is no job 99999: the cloud's own words, and what to do.",
        do=_typed("/visjob 99999"),
        sees=("99999", "ModelArts.0102", "List all"),
    ),
    Step(
        sentence="The cloud goes dark: the bot says so, and what it last knew.",
        do=_after(_goes_dark, "/visjob 205"),
        sees=("No good answer since", "Last confirmed", "Try again"),
    ),
    Step(
        sentence="It is back.",
        do=_after(_comes_back, "/visjob 205"),
        sees=("flowers-tb", "Running", "Open TensorBoard"),
    ),
    Step(
        sentence="Her Home tab shows what runs and what has failed.",
        do=_open_home,
        sees=("Running now", "flowers-tb", "Failed", "vit-satellite"),
    ),
    Step(
        sentence="Is the bot itself well?",
        do=_typed("/visjob status"),
        sees=("All is well", "cloud", "database", "Slack token"),
    ),
)


def _words(messages: list[Json]) -> str:
    """All text that a person can see of these messages."""
    return " ".join(" ".join(_texts(message)) for message in messages)


def _texts(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        url = [node["url"]] if isinstance(node.get("url"), str) else []
        return own + url + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value)]
    return []
