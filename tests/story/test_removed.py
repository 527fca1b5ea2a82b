"""After the removal of the app, the bot freezes, reports that, and waits for an installation."""

from tests.waiting import until
from tests.world import World


async def test_a_removed_app_is_not_ready_and_says_what_cures_it(world: World) -> None:
    await world.type("/visjob subscribe 205")
    assert (await world.get("/readyz"))[0] == 200

    await world.workspace.uninstall()

    said = await until(lambda: refusal(world))
    assert "The app was removed from the workspace: install it again." in said
    assert (await world.get("/healthz"))[0] == 200


async def test_a_removal_that_no_event_told_of_is_noticed_at_the_first_refused_post(
    world: World,
) -> None:
    world.workspace.installation.dead = "token_revoked"
    assert (await world.get("/readyz"))[0] == 200

    await world.type("/visjob subscribe 205")

    said = await until(lambda: refusal(world))
    assert "Reinstall the app and set the new SLACK_BOT_TOKEN." in said


async def refusal(world: World) -> str:
    """Return the answer of `/readyz` if the bot is not ready; else empty text."""
    status, said = await world.get("/readyz")
    return "" if status == 200 else said
