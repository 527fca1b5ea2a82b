"""A subscription is copied to another channel by a pick from Slack's own list of channels."""

from bot.demo.workspace.cast import EXPERIMENTS, GENERAL, ME
from bot.demo.workspace.elements import find_action
from bot.slack.controls import PLACE
from tests.world import Json, World


async def pick(world: World, shown: Json, channel_id: str) -> list[str]:
    """Pick a channel in the list on a card, and return the texts that follow."""
    place = world.workspace.clicks.place_of(shown, ME)
    [action_id] = [
        element["action_id"]
        for block in shown["blocks"]
        for element in block.get("elements", [])
        if str(element.get("action_id")).startswith(PLACE)
    ]
    action = {**find_action(place.blocks, action_id), "selected_conversation": channel_id}
    before = len(world.workspace.replies.journal)
    await world.workspace.clicks.click(place, action)
    await world.workspace.until(lambda: len(world.workspace.replies.journal) > before)
    return [whisper["text"] for whisper in world.whispers()]


async def test_one_is_copied_to_the_picked_channel_and_all_to_a_typed_one(world: World) -> None:
    subscribed = await world.type("/visjob subscribe 205")
    await world.type("/visjob subscribe flow*")

    seen = await pick(world, subscribed, GENERAL)
    assert any(text.startswith(f"<#{GENERAL}> now follows flowers-tb (205)") for text in seen)
    copied = await world.type(f"/visjob copy all to <#{GENERAL}|general>")
    assert copied["text"].startswith(f"<#{GENERAL}> now follows jobs named `flow*`")
    assert copied["text"].endswith(f"<#{GENERAL}> already follows flowers-tb (205).")

    everywhere = await world.type("/visjob subscriptions all export")
    exported = str(everywhere["blocks"])
    for channel in (GENERAL, EXPERIMENTS):
        followed = exported.split(f"- place: {channel}")[1].split("- place:")[0]
        assert followed.count("- follow:") == 2
