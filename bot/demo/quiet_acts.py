"""The actions of the story's quiet night, and of the surfaces other than the channel."""

from bot.demo.acts import PATIENCE_SECONDS, heard, push
from bot.demo.care_acts import card_says
from bot.demo.step import Act, Json
from bot.demo.workspace.cast import BEN, EXPERIMENTS, GENERAL, LI, ME
from bot.demo.world import World
from bot.slack.shortcuts import FIND, WATCH

_JOB = 205
_FAILED, _RUNNING = 11, 8


async def follow_flowers(world: World) -> list[Json]:
    """Follow the job, and wait for its card, which would not be posted in quiet hours."""
    seen = await world.workspace.type(EXPERIMENTS, f"/visjob subscribe {_JOB}")
    await card_says(_JOB, "flowers-tb")(world)
    return seen


async def a_bad_night(world: World) -> list[Json]:
    """Move the clock to 23:00, let the job fail and restart, and wait for both on its card."""
    world.clock.wait_for("night", world.zone)
    seen = []
    for status, words in ((_FAILED, "failed after"), (_RUNNING, "is running")):
        push(world, status, _JOB)
        [card] = await card_says(_JOB, words)(world)
        seen.append({"text": card["text"]})
    return [*seen, {"text": f"told {len(_told(world))} times"}]


async def the_morning(world: World) -> list[Json]:
    """Move the clock to 09:00, when quiet hours are over, and wait for the held messages."""
    world.clock.wait_for("morning", world.zone)
    await world.workspace.until(lambda: len(_told(world)) >= 2, timeout=PATIENCE_SECONDS)
    told = _told(world)
    return [*told, {"text": f"told {len(told)} times"}]


def _told(world: World) -> list[Json]:
    """Return the channel's messages about the job, in their order."""
    both = [one for status in (_FAILED, _RUNNING) for one in heard(world, status, _JOB)]
    return sorted(both, key=lambda message: float(message["ts"]))


async def watch_what_ben_means(world: World) -> list[Json]:
    """Let Ben ask about a job, and let Ana watch that job from the menu of his message."""
    workspace = world.workspace
    await workspace.type(EXPERIMENTS, "Has anybody looked at apiTest-11?", BEN)
    place = workspace.clicks.place_of(workspace.messages(EXPERIMENTS)[-1], ME)
    await workspace.clicks.shortcut(WATCH, ME, place)
    form = await workspace.until(lambda: workspace.modal() or {}, PATIENCE_SECONDS)
    asked = _titled(form)
    await workspace.submit(form, {})
    answer = workspace.modal() or form
    await workspace.clicks.close(answer["id"], ME)
    return [asked, _titled(answer)]


async def find_from_the_composer(world: World) -> list[Json]:
    """Run the shortcut `Find a job`, and close its dialog."""
    workspace = world.workspace
    await workspace.clicks.shortcut(FIND, ME)
    search = await workspace.until(lambda: workspace.modal() or {}, PATIENCE_SECONDS)
    await workspace.clicks.close(search["id"], ME)
    return [_titled(search)]


async def make_general_speak_chinese(world: World) -> list[Json]:
    """Open the settings of #general, choose Chinese, and save."""
    workspace = world.workspace
    await workspace.type(GENERAL, "/visjob settings")
    form = await workspace.until(lambda: workspace.modal() or {}, PATIENCE_SECONDS)
    opened = _titled(form)
    [block] = [one for one in form["blocks"] if one["block_id"] == "language"]
    element = block["element"]
    [chosen] = [one for one in element["options"] if one["value"] == "zh-CN"]
    answer = {element["action_id"]: {"type": element["type"], "selected_option": chosen}}
    with workspace.feed.recording(ME, GENERAL) as seen:
        await workspace.submit(form, {"language": answer})
        await workspace.until(lambda: seen, PATIENCE_SECONDS)
    await workspace.clicks.close((workspace.modal() or form)["id"], ME)
    return [opened, *seen]


def _titled(view: Json) -> Json:
    """Return a dialog with the words by which a terminal shows it."""
    return {**view, "text": f"A dialog: {view['title']['text']}"}


def pasted(job_id: int) -> Act:
    """Return the act of sending the link of a job, and waiting for the card below the link."""

    async def do(world: World) -> list[Json]:
        [link] = [job["service_url"] for job in world.jobs() if job["job_id"] == job_id]
        workspace = world.workspace
        await workspace.type(EXPERIMENTS, f"Do you see what I see? {link}")
        message = workspace.messages(EXPERIMENTS)[-1]
        await workspace.until(lambda: message.get("attachments"), PATIENCE_SECONDS)
        return [message]

    return do


def told_the_app(text: str) -> Act:
    """Return the act of Li writing to the app in its Messages tab, and waiting for the answer."""

    async def do(world: World) -> list[Json]:
        workspace = world.workspace
        channel = workspace.state.direct_message(LI).id
        with workspace.feed.recording(LI, channel) as seen:
            await workspace.type(channel, text, LI)
            await workspace.until(lambda: "JOBSTAT_" in str(seen), PATIENCE_SECONDS)
        return seen

    return do
