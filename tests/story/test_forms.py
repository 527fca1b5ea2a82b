"""`subscribe` without a job opens a form, whose answers subscribe like a typed sentence."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, GENERAL, ME
from tests.slack.oracles import hold_form, hold_message, hold_view
from tests.world import World, open_world, payload, said, settle

Json = dict[str, Any]
QUESTIONS = {
    "job": "external_select",
    "place": "conversations_select",
    "preset": "radio_buttons",
    "events": "checkboxes",
    "until": "datetimepicker",
    "telling": "radio_buttons",
}
SHOWN = ("type", "callback_id", "title", "submit", "close", "blocks")


async def open_form(world: World) -> Json:
    """Type `subscribe` and return the form."""
    seen = await world.workspace.type(EXPERIMENTS, "/visjob subscribe")
    assert [said(one) for one in seen if one.get("is_ephemeral")] == []  # a card may come
    modal = world.workspace.modal()
    assert modal is not None
    return modal


async def chosen_job(world: World, form: Json, typed: str) -> Json:
    """Return the answer of a person who types this into the job's box and takes the first offer."""
    offered = await world.workspace.options(form, "value", typed)
    option = offered["options"][0]
    return {"job": {"value": {"type": "external_select", "selected_option": option}}}


def answer(form: Json, question: str, *words: str) -> Json:
    """Return the answer of a person who chooses these options."""
    element = next(b["element"] for b in form["blocks"] if b["block_id"] == question)
    options = [option for option in element["options"] if option["value"] in words]
    assert len(options) == len(words)
    if element["type"] == "checkboxes":
        return {question: {"value": {"type": "checkboxes", "selected_options": options}}}
    return {question: {"value": {"type": "radio_buttons", "selected_option": options[0]}}}


def until(moment: datetime) -> Json:
    """Return the answer of a person who picks this end."""
    seconds = int(moment.timestamp())
    return {"until": {"value": {"type": "datetimepicker", "selected_date_time": seconds}}}


def place(channel: str) -> Json:
    """Return the answer of a person who picks this conversation."""
    picked = {"type": "conversations_select", "selected_conversation": channel}
    return {"place": {"value": picked}}


async def exported(world: World) -> list[str]:
    """Return every subscription of the workspace as a sentence, from the export."""
    listed = await world.type("/visjob subscriptions all export")
    text = listed["blocks"][0]["elements"][-1]["elements"][0]["text"]
    content = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - text alone
    return [
        sentence_of(one, place["place"])
        for place in content["places"]
        for one in place["subscriptions"] or ()
    ]


def sentence_of(one: dict[str, str], channel_id: str) -> str:
    """Return the sentence that makes this exported subscription."""
    target = f"id:{one['follow']}" if one["follow"].isdigit() else one["follow"]
    options = [f"{name} {one[name]}" for name in ("until", "as") if name in one]
    return " ".join(("subscribe", target, "for", one["for"], "in", f"#{channel_id}", *options))


async def test_subscribe_alone_opens_the_form_of_the_contract(world: World) -> None:
    form = await open_form(world)

    assert form["callback_id"] == "visjob_subscribe"
    hold_form({part: form[part] for part in SHOWN}, QUESTIONS)
    assert [b["block_id"] for b in form["blocks"] if b.get("optional")] == ["events", "until"]


async def test_the_form_knows_the_job_that_was_asked_for_last(world: World) -> None:
    await world.type("/visjob flowers")
    form = await open_form(world)

    assert form["blocks"][0]["element"]["initial_option"]["value"] == "id:205"
    assert await world.workspace.submit(form, {}) == {}
    assert await exported(world) == [f"subscribe id:205 for changes in #{EXPERIMENTS}"]


async def test_what_is_filled_in_subscribes_and_the_modal_shows_the_answer(world: World) -> None:
    form = await open_form(world)
    end = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=40)
    values = {
        **await chosen_job(world, form, "flow"),
        **place(GENERAL),
        **answer(form, "preset", "events"),
        **answer(form, "events", "failed", "running"),
        **answer(form, "telling", "card"),
        **until(end),
    }

    assert await world.workspace.submit(form, values) == {}

    modal = await world.modal_with("Subscribed to ")
    assert modal["id"] == form["id"]
    assert f'"timestamp": {int(end.timestamp())}' in said(modal)
    hold_view({p: modal[p] for p in ("type", "title", "close", "blocks")},
              mentions=frozenset({GENERAL}))  # fmt: skip
    (sentence,) = await exported(world)
    assert sentence.startswith(f"subscribe id:205 for running,failed in #{GENERAL} until ")
    assert sentence.endswith(" as card")


async def test_a_form_that_is_submitted_twice_makes_one_subscription(world: World) -> None:
    for opening in ("Subscribed to ", "Already subscribed"):
        form = await open_form(world)
        values = await chosen_job(world, form, "flow")
        assert await world.workspace.submit(form, values) == {}
        await world.modal_with(opening)

    assert len(await exported(world)) == 1


@pytest.mark.slow
async def test_the_same_submission_sent_again_is_answered_and_changes_nothing(
    world: World,
) -> None:
    form = await open_form(world)
    await world.workspace.submit(form, await chosen_job(world, form, "flow"))
    sent = world.workspace.out.sent[-1]

    again = await world.workspace.out.replay(sent)

    assert again.status == 200
    assert len(await exported(world)) == 1


async def test_an_expired_trigger_leaves_a_button_that_opens_the_form(world: World) -> None:
    world.workspace.faults.add("error", method="views.open", error="expired_trigger_id")
    card = await world.type("/visjob subscribe")

    assert world.workspace.modal() is None
    assert card["text"].startswith("Which job do you want to subscribe to here?")
    hold_message({"text": card["text"], "blocks": card["blocks"]})

    await world.workspace.click(card, "Open the form")
    await world.modal_with("Where to post")


async def test_a_mention_has_no_trigger_and_gets_the_button(world: World) -> None:
    await world.workspace.mention(EXPERIMENTS, "subscribe")
    (card,) = await world.workspace.until(world.whispers)

    await world.workspace.click(card, "Open the form")
    form = await world.modal_with("Where to post")
    assert await world.workspace.submit(form, await chosen_job(world, form, "flow")) == {}
    assert await exported(world) == [f"subscribe id:205 for changes in #{EXPERIMENTS}"]


async def asked_by_mention(world: World) -> Json:
    """Mention the bot with `subscribe`, and return the answer."""
    before = len(world.whispers())
    await world.workspace.mention(EXPERIMENTS, "subscribe")
    return (await world.workspace.until(lambda: world.whispers()[before:]))[-1]


async def test_picking_from_its_search_box_subscribes(world: World) -> None:
    card = await asked_by_mention(world)
    search = card["blocks"][-1]["elements"][0]["action_id"]
    found = await world.workspace.options(card, search, "flow")
    picked = {
        "type": "external_select",
        "action_id": search,
        "block_id": "b",
        "selected_option": found["options"][0],
    }

    place = world.workspace.clicks.place_of(card, ME)
    await world.workspace.clicks.click(place, picked)
    await world.workspace.until(lambda: "Subscribed to" in world.whispers()[-1]["text"])

    assert await exported(world) == [f"subscribe id:205 for changes in #{EXPERIMENTS}"]


async def test_the_job_last_asked_for_is_subscribed_by_one_click(world: World) -> None:
    await world.type("/visjob 240")

    await world.click(await asked_by_mention(world), "Subscribe to bert-finetune\u00a0(240)")

    assert await exported(world) == [f"subscribe id:240 for changes in #{EXPERIMENTS}"]


@pytest.mark.slow
async def test_a_direct_message_is_the_one_with_the_bot(world: World) -> None:
    form = await open_form(world)
    values = {**await chosen_job(world, form, "flow"), **place(APP_DM)}
    assert await world.workspace.submit(form, values) == {}

    await world.modal_with("by direct message")


async def test_an_end_that_is_over_is_told_at_its_field_and_nothing_is_lost(world: World) -> None:
    form = await open_form(world)
    values = {**await chosen_job(world, form, "flow"), **until(datetime(2020, 1, 1, tzinfo=UTC))}

    told = await world.workspace.submit(form, values)

    assert told == {"errors": {"until": "That moment is over. Choose a later one."}}
    shown = world.workspace.modal()
    assert shown is not None
    assert shown["id"] == form["id"]
    assert shown["state"]["values"]["job"] == values["job"]


async def test_events_are_asked_for_where_none_is_ticked(world: World) -> None:
    form = await open_form(world)
    values = {**await chosen_job(world, form, "flow"), **answer(form, "preset", "events")}

    assert await world.workspace.submit(form, values) == {
        "errors": {"events": "Choose at least one event."}
    }


@pytest.mark.parametrize("channel_id", ["C1", "D1", "c0exp", "C0EXP-0001", "U024BE7LH", ""])
async def test_what_is_no_channel_is_told_at_the_place(world: World, channel_id: str) -> None:
    form = await open_form(world)
    values = {**form["state"]["values"], **JOB_205, **place(channel_id)}

    _, body = await world.post(submission(form, values))

    assert list(json.loads(body)["errors"]) == ["place"]
    assert await exported(world) == []


async def test_a_form_without_its_preset_says_that_it_is_missing(world: World) -> None:
    form = await open_form(world)
    values = {**form["state"]["values"], **JOB_205}
    del values["preset"]

    _, body = await world.post(submission(form, values))

    assert json.loads(body)["errors"] == {"preset": "Choose which changes to post."}


JOB_205 = {"job": {"value": {"type": "external_select", "selected_option": {"value": "id:205"}}}}
NONSENSE = {
    "job": {"value": {"type": "external_select", "selected_option": {"value": "../ in dm"}}},
    "place": {"value": {"type": "conversations_select", "selected_conversation": "nowhere"}},
    "preset": {"value": {"type": "radio_buttons", "selected_option": {"value": "events"}}},
    "events": {"value": {"type": "checkboxes", "selected_options": [{"value": "poem"}, 7]}},
    "until": {"value": {"type": "datetimepicker", "selected_date_time": 10**30}},
    "telling": {"value": {"type": "radio_buttons", "selected_option": {"value": "shout"}}},
}


def submission(form: Json, values: object, **more: object) -> str:
    """Return a submission as Slack sends it; fields may be odd."""
    return payload(
        type="view_submission",
        team={"id": "T0VISION01"},
        user={"id": ME, "team_id": "T0VISION01"},
        trigger_id="1.2.nonsense",
        view={**{part: form[part] for part in SHOWN}, "id": "V1", "state": {"values": values}},
        **more,
    )


async def test_nonsense_in_each_field_is_told_at_each_field(world: World) -> None:
    form = await open_form(world)

    status, body = await world.post(submission(form, NONSENSE))

    told = json.loads(body)
    assert status == 200
    assert told["response_action"] == "errors"
    assert list(told["errors"]) == ["job", "place", "events", "until", "telling"]
    assert all(told["errors"].values())
    assert await exported(world) == []


@pytest.mark.parametrize(
    "values",
    [
        None, [], 7, {}, {"job": None}, {"job": {"value": None}}, {"job": {"value": 7}},
        {"job": {"other": {}}}, {"job": {"value": {"selected_option": None}}},
        {"job": {"value": {"selected_option": {"value": 7}}}},
        {"until": {"value": {"selected_date_time": "soon"}}},
        {"events": {"value": {"selected_options": "failed"}}},
    ],
    ids=repr,
)  # fmt: skip
async def test_what_is_unlike_an_answer_counts_as_none(world: World, values: object) -> None:
    form = await open_form(world)

    status, body = await world.post(submission(form, values))

    assert status == 200
    assert json.loads(body)["errors"]["job"] == "Choose a job."


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("id:99999", "ModelArts.0102"),
        ("99999998", "has no job 99999998"),
        ("nosuch-job", "nosuch-job"),
        ("<script>", "script"),
    ],
)
async def test_a_job_that_is_gone_is_told_at_the_job(world: World, job: str, said: str) -> None:
    form = await open_form(world)
    values = {
        **form["state"]["values"],
        "job": {"value": {"type": "external_select", "selected_option": {"value": job}}},
    }

    _, body = await world.post(submission(form, values))

    assert list(json.loads(body)["errors"]) == ["job"]
    assert said in json.loads(body)["errors"]["job"]


@pytest.mark.slow
async def test_a_place_that_the_person_does_not_see_is_told_at_the_place(world: World) -> None:
    closed = next(
        channel.id
        for channel in world.workspace.state.channels.values()
        if channel.kind == "private" and ME in channel.members
    )
    await world.workspace.admin.invite(closed)
    world.workspace.state.channels[closed].members.discard(ME)
    form = await open_form(world)
    values = {
        **form["state"]["values"],
        **await chosen_job(world, form, "flow"),
        **place(closed),
    }

    _, body = await world.post(submission(form, values))

    assert json.loads(body)["errors"] == {
        "place": "That is not a channel that you and I can both see. Pick the channel from the list"
        " that Slack shows after #, or type dm."
    }
    assert await exported(world) == []


async def test_a_stranger_is_told_so_in_the_form(world: World) -> None:
    form = await open_form(world)
    body = submission(form, {}).replace("T0VISION01", "T0STRANGER")

    _, told = await world.post(body)

    assert "that installed me" in json.loads(told)["errors"]["job"]


async def test_a_view_that_is_no_form_of_ours_is_closed(world: World) -> None:
    form = {**await open_form(world), "callback_id": "somebody_else"}

    assert (await world.post(submission(form, NONSENSE)))[0] == 200
    assert await exported(world) == []


async def test_a_form_works_through_a_socket_as_well(tmp_path: Path) -> None:
    async with open_world(tmp_path, socket_mode=True) as world:
        await settle(world)
        await world.workspace.until(lambda: world.workspace.sockets.count)
        form = await open_form(world)

        assert await world.workspace.submit(form, answer(form, "preset", "events") | JOB_205) == {
            "errors": {"events": "Choose at least one event."}
        }
        assert await world.workspace.submit(form, answer(form, "preset", "all") | JOB_205) == {}
        assert await exported(world) == [f"subscribe id:205 for all in #{EXPERIMENTS}"]
