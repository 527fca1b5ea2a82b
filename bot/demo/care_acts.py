"""The actions about jobs that run or wait for long."""

from datetime import timedelta

from bot.demo.acts import PATIENCE_SECONDS, push
from bot.demo.step import Act, Json
from bot.demo.workspace.cast import BEN, EXPERIMENTS, ME
from bot.demo.workspace.elements import find_action, find_element
from bot.demo.world import World

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


async def a_day_passes(world: World) -> list[Json]:
    """Move the clock on by a day, and wait for the notice about job 231."""
    world.clock.pass_by(_A_DAY)
    return [await _noticed(world, 231, "cost")]


async def a_minute_passes(world: World) -> list[Json]:
    """Move the clock on by a minute, and wait for the notice that the lease of job 231 is over."""
    world.clock.pass_by(_A_MINUTE)
    return [await _noticed(world, 231, "lease_over")]


async def still_waits(world: World) -> list[Json]:
    """Wait for the notice that job 244 is stuck."""
    return [await _noticed(world, 244, "stuck")]


def noted(job_id: int, kind: str, label: str) -> Act:
    """Return the act of pressing a button of the latest guard notice of a job, confirming, and
    waiting for the answer; the notice is updated too."""

    async def do(world: World) -> list[Json]:
        workspace = world.workspace
        note = _notes(world, job_id, kind)[-1]
        asked = _asked(note, label)
        with workspace.feed.recording(ME, EXPERIMENTS) as seen:
            await workspace.click(note, label)
            await workspace.until(lambda: any(one.get("ephemeral") for one in seen))
        return [*asked, *(one for one in seen if one.get("ephemeral")), note]

    return do


def card_says(job_id: int, words: str) -> Act:
    """Return the act of waiting until the card of a job contains `words`."""

    async def do(world: World) -> list[Json]:
        def cards() -> list[Json]:
            shown = _of(world, "visjob_card", job_id)
            return [card for card in shown if words in card["text"]]

        await world.workspace.until(cards, timeout=PATIENCE_SECONDS)
        return cards()

    return do


async def waits_in_line(world: World) -> list[Json]:
    """Leave job 244 in the queue, and let Ben follow and claim it."""
    push(world, 7, 244)
    sentences = ("/visjob subscribe 244", "/visjob claim 244")
    said = [await world.workspace.type(EXPERIMENTS, text, BEN) for text in sentences]
    return [message for messages in said for message in messages]


def drawn(text: str) -> Act:
    """Return the act of typing a sentence whose answer comes later, with a chart."""

    async def do(world: World) -> list[Json]:
        workspace = world.workspace
        with workspace.feed.recording(ME, EXPERIMENTS) as seen:
            await workspace.type(EXPERIMENTS, text)
            [answer] = await workspace.until(
                lambda: [one for one in seen if one.get("blocks") and one.get("ephemeral")]
            )
        charts = [one for one in answer["blocks"] if one["type"] == "data_visualization"]
        return [answer, *({"text": f"A chart: {one['title']}"} for one in charts)]

    return do


async def _noticed(world: World, job_id: int, kind: str) -> Json:
    notes = await world.workspace.until(
        lambda: _notes(world, job_id, kind), timeout=PATIENCE_SECONDS
    )
    return notes[-1]


def _notes(world: World, job_id: int, kind: str) -> list[Json]:
    notes = _of(world, "visjob_guard", job_id)
    return [one for one in notes if one["metadata"]["event_payload"]["kind"] == kind]


def _of(world: World, event_type: str, job_id: int) -> list[Json]:
    """Return the channel's messages with this metadata, which other apps can read too."""
    found = []
    for message in world.workspace.messages(EXPERIMENTS):
        metadata = message.get("metadata", {})
        is_wanted = metadata.get("event_type") == event_type
        if is_wanted and metadata["event_payload"]["job_id"] == job_id:
            found.append(message)
    return found


def _asked(message: Json, label: str) -> list[Json]:
    """Return the question that Slack asks before it sends the press of a button."""
    action = find_action(message["blocks"], label)
    _, button = find_element(message["blocks"], action["action_id"], action["block_id"])
    confirm = button.get("confirm")
    return [{**confirm["text"], "confirm": confirm}] if confirm else []
