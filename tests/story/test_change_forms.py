"""The subscribe form opens in time, filled with the present subscription, from cards, lists and
Home."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, GENERAL, ME
from tests.story.test_forms import JOB_205, answer, exported, open_form, place, until
from tests.world import World, said

Json = dict[str, Any]


def begun(form: Json) -> Json:
    """Return the initial value of each field of a form, by its question."""
    return {
        name: next(value for key, value in fields["value"].items() if key != "type")
        for name, fields in form["state"]["values"].items()
    }


async def form_of(world: World, shown: Json, press: str) -> Json:
    """Press a control of a message, and return the form that opens."""
    await world.workspace.click(shown, press)
    return await world.modal_with("Where to post")


async def test_change_opens_the_form_with_all_that_stands(world: World) -> None:
    end = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=3)
    form = await open_form(world)
    values = {
        **JOB_205, **place(GENERAL), **answer(form, "preset", "events"), **until(end),
        **answer(form, "events", "failed", "cost"), **answer(form, "telling", "card"),
    }  # fmt: skip
    await world.workspace.submit(await open_form(world), {**values})
    listed = await world.type("/visjob subscriptions all")

    form = await form_of(world, listed, f"subscribe id:205 in #{GENERAL} form")
    fields = begun(form)

    assert form["title"]["text"] == "Change subscription"
    assert fields["job"]["value"] == "id:205"
    assert fields["place"] == GENERAL
    assert fields["preset"]["value"] == "events"
    assert [one["value"] for one in fields["events"]] == ["failed", "cost"]
    assert fields["until"] == int(end.timestamp())
    assert fields["telling"]["value"] == "card"

    assert await world.workspace.submit(form, answer(form, "preset", "all")) == {}
    (sentence,) = await exported(world)
    assert sentence.startswith(f"subscribe id:205 for all in #{GENERAL} until ")
    assert sentence.endswith(" as card")


@pytest.mark.parametrize(
    ("typed", "press", "job", "preset"),
    [
        ("subscribe flow* for failures", "subscribe flow* in #{here} form", "flow*", "failures"),
        ("subscribe project", "subscribe project in #{here} form", "project", "failures"),
        ("subscribe 240 for all", "subscribe id:240 in #{here} form", "id:240", "all"),
    ],
)
async def test_each_kind_of_subscription_can_be_changed_from_the_list(
    world: World, typed: str, press: str, job: str, preset: str
) -> None:
    await world.type(f"/visjob {typed}")
    form = await form_of(
        world, await world.type("/visjob subscriptions"), press.format(here=EXPERIMENTS)
    )

    assert begun(form)["job"]["value"] == job
    assert begun(form)["preset"]["value"] == preset
    assert await world.workspace.submit(form, answer(form, "telling", "channel")) == {}
    (sentence,) = await exported(world)
    assert sentence == f"subscribe {job} for {preset} in #{EXPERIMENTS} as channel"


async def test_the_answer_of_subscribe_and_the_typed_sentence_open_it_too(world: World) -> None:
    confirmed = await world.type("/visjob subscribe 205 for failures")

    from_menu = begun(await form_of(world, confirmed, "Change…"))
    world.workspace.state.views.close(ME)
    seen = await world.workspace.type(EXPERIMENTS, "/visjob subscribe flowers form")
    answers = [said(one) for one in seen if one.get("is_ephemeral")]  # the card may come meanwhile
    assert answers == []
    typed = begun(world.workspace.modal() or {})

    assert typed == from_menu
    assert typed["preset"]["value"] == "failures"


async def test_what_follows_a_job_as_one_of_many_is_what_changes(world: World) -> None:
    await world.type("/visjob subscribe project")
    await world.type("/visjob subscribe flow*")
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205 form")

    assert begun(world.workspace.modal() or {})["job"]["value"] == "flow*"


async def test_what_is_said_stands_before_what_stood(world: World) -> None:
    await world.type("/visjob subscribe 205 for failures as card")
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205 for all until 4h form")
    fields = begun(world.workspace.modal() or {})

    assert fields["preset"]["value"] == "all"
    assert fields["telling"]["value"] == "card"
    assert fields["until"] - world.clock().timestamp() == pytest.approx(4 * 3600, abs=60)


async def test_home_opens_the_form_for_direct_messages(world: World) -> None:
    form = await form_of(world, await world.home(), "Subscribe to a job…")

    assert begun(form)["place"] == APP_DM
    assert await world.workspace.submit(form, JOB_205) == {}
    assert await exported(world) == [f"subscribe id:205 for changes in #{APP_DM}"]


@pytest.mark.slow
async def test_a_form_that_is_not_at_hand_is_announced_and_then_filled(world: World) -> None:
    world.workspace.faults.add("slow", method="conversations.info", seconds=1.5)
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205 in #general form")

    announced = await world.modal_with("One moment…")
    form = await world.modal_with("Where to post")

    assert form["id"] == announced["id"]
    assert form["callback_id"] == "visjob_subscribe"
    assert begun(form)["place"] == GENERAL
    assert await world.workspace.submit(form, JOB_205) == {}


async def test_slack_is_away_and_the_form_opens_with_an_open_place(world: World) -> None:
    world.workspace.faults.add("error", method="conversations.open", error="fatal_error", count=2)
    form = await form_of(world, await world.home(), "Subscribe to a job…")

    assert begun(form)["place"] is None


@pytest.mark.parametrize("press", ["Subscribe to a job…", "Status"])
async def test_a_click_on_home_whose_trigger_lapsed_is_answered_by_message(
    world: World, press: str
) -> None:
    home = await world.home()
    world.workspace.faults.add("error", method="views.open", error="expired_trigger_id")
    await world.workspace.click(home, press)
    (message,) = await world.workspace.until(lambda: world.workspace.messages(APP_DM))

    assert message["text"]
    if press != "Status":
        await form_of(world, message, "Open the form")


async def test_an_archived_channel_is_refused_at_the_place(world: World) -> None:
    form = await open_form(world)
    await world.workspace.admin.archive(GENERAL)

    told = await world.workspace.submit(form, {**JOB_205, **place(GENERAL)})

    assert told == {
        "errors": {
            "place": "That channel is archived: nobody can post there. Choose another channel, or"
            " unarchive it first."
        }
    }
    assert await exported(world) == []


async def test_a_channel_without_the_bot_is_followed_once_it_is_invited(world: World) -> None:
    await world.workspace.admin.kick(GENERAL)
    form = await open_form(world)
    assert await world.workspace.submit(form, {**JOB_205, **place(GENERAL)}) == {}

    modal = await world.modal_with("/invite @visjob")

    assert "Nothing is lost meanwhile" in said(modal)
    assert await exported(world) == [f"subscribe id:205 for changes in #{GENERAL}"]


@pytest.mark.slow
async def test_a_channel_shared_with_another_company_can_be_followed(world: World) -> None:
    world.workspace.admin.share(GENERAL, "T0PARTNER1")
    form = await open_form(world)

    assert await world.workspace.submit(form, {**JOB_205, **place(GENERAL)}) == {}
    await world.modal_with("Subscribed to ")
    assert await exported(world) == [f"subscribe id:205 for changes in #{GENERAL}"]


@pytest.mark.parametrize(
    ("typed", "label", "sentence"),
    [
        ("flow*", "Every job named flow*", "subscribe flow* for changes"),
        ("project", "Every job of the project", "subscribe project for changes"),
        ("all", "Every job of the project", "subscribe project for changes"),
        (" Proj", "Every job of the project", "subscribe project for changes"),
    ],
)
async def test_the_job_of_the_form_may_be_many(
    world: World, typed: str, label: str, sentence: str
) -> None:
    form = await open_form(world)
    offered = await world.workspace.options(form, "value", typed)
    option = offered["options"][0]

    assert option["text"]["text"].replace("`", "") == label
    chosen = {"job": {"value": {"type": "external_select", "selected_option": option}}}
    assert await world.workspace.submit(form, chosen) == {}
    assert await exported(world) == [f"{sentence} in #{EXPERIMENTS}"]


@pytest.mark.parametrize("typed", ["flow* for all", "../*", "flowers", ""])
async def test_other_words_find_jobs_alone(world: World, typed: str) -> None:
    offered = await world.workspace.options(await open_form(world), "value", typed)

    assert all(one["value"].startswith("id:") for one in offered["options"])
