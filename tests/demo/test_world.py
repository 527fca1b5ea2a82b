"""The demo's own world: what opens it is nobody else's."""

from bot.demo.workspace.cast import BEN, EXPERIMENTS, LI, ME
from bot.demo.world import small_world
from bot.serve.clock import utc_now


async def test_its_keys_are_new_at_each_start() -> None:
    keys: list[tuple[str, str, str]] = []
    for _ in range(2):
        async with small_world(clock=utc_now) as world:
            installation, cloud = world.workspace.state.installation, world.cloud
            assert cloud
            assert installation.app_token
            keys.append(
                (installation.bot_token, installation.app_token, cloud.credentials.secret_key)
            )

    assert not set(keys[0]) & set(keys[1])
    assert all(len(key) >= 32 for key in keys[0])


async def test_li_is_answered_in_chinese_and_everybody_else_in_english() -> None:
    async with small_world(clock=utc_now) as world:
        said = {
            user: (await world.workspace.type(EXPERIMENTS, "/visjob 205", user=user))[-1]["text"]
            for user in (ME, BEN, LI)
        }

    assert {user for user, text in said.items() if "已运行" in text} == {LI}
    assert {user for user, text in said.items() if "has been running" in text} == {ME, BEN}


async def test_the_places_of_the_demo_have_the_language_of_the_settings() -> None:
    async with small_world(clock=utc_now, language="zh-CN") as world:
        await world.workspace.type(EXPERIMENTS, "/visjob 205 share")
        [*_, card] = world.workspace.messages(EXPERIMENTS)

    assert "已运行" in card["text"]
