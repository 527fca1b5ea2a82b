"""`settings`: one form with the rules of a place, and the effects of a change."""

import json
import sqlite3
from contextlib import closing
from typing import Any

from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, GENERAL, ME
from tests.slack.oracles import hold_form
from tests.story.test_forms import SHOWN
from tests.world import World, payload, said

Json = dict[str, Any]
QUESTIONS = {
    "language": "radio_buttons",
    "quiet_from": "plain_text_input",
    "quiet_to": "plain_text_input",
    "quiet_on": "checkboxes",
    "digest_at": "plain_text_input",
    "digest_on": "checkboxes",
}


async def open_settings(world: World, channel: str = EXPERIMENTS) -> Json:
    await world.workspace.type(channel, "/visjob settings")
    return await world.modal_with("Language of what I post")


def typed(question: str, words: str | None) -> Json:
    return {question: {"value": {"type": "plain_text_input", "value": words}}}


def ticked(form: Json, question: str, *words: str) -> Json:
    element = next(b["element"] for b in form["blocks"] if b["block_id"] == question)
    options = [option for option in element["options"] if option["value"] in words]
    if element["type"] == "radio_buttons":
        return {question: {"value": {"type": "radio_buttons", "selected_option": options[0]}}}
    return {question: {"value": {"type": "checkboxes", "selected_options": options}}}


def rules_of(world: World, channel: str = EXPERIMENTS) -> Json:
    """Return the place's row of rules; empty if there is none."""
    file = world.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM place_rules WHERE channel_id = ?"
        row = connection.execute(query, (channel,)).fetchone()
        return dict(row) if row else {}


async def test_settings_opens_one_form_that_names_the_zone(world: World) -> None:
    form = await open_settings(world)

    assert form["callback_id"] == "visjob_settings"
    asked = [block for block in form["blocks"] if block["type"] == "input"]
    hold_form({**{part: form[part] for part in SHOWN}, "blocks": asked}, QUESTIONS)
    assert "Times are in your time zone, " in said(form)


async def test_what_is_filled_in_becomes_the_rules_and_the_channel_reads_who_did_it(
    world: World,
) -> None:
    form = await open_settings(world)
    values = {
        **ticked(form, "language", "zh-CN"), **typed("quiet_from", "22:00"),
        **typed("quiet_to", "8am"), **ticked(form, "quiet_on", "weekdays", "except_failures"),
        **typed("digest_at", "09:00"),
    }  # fmt: skip

    assert await world.workspace.submit(form, values) == {}
    await world.modal_with("Saved.")

    rules = rules_of(world)
    assert (rules["language"], rules["set_by"]) == ("zh-CN", ME)
    assert (rules["quiet_begins_at"], rules["quiet_ends_at"]) == (1320, 480)
    assert rules["quiet_is_weekdays_only"]
    assert rules["quiet_lets_failures_pass"]
    assert rules["digest_at"] == 540
    assert "/" in rules["time_zone"]
    await world.workspace.until(lambda: ME in said(world.workspace.messages(EXPERIMENTS)[0]))
    (trace,) = world.workspace.messages(EXPERIMENTS)
    # The announcement is in the language that was just set.
    assert f"<@{ME}> 修改了此频道的设置。" in trace["text"]
    # The post notifies nobody: an edit adds the name of the person.
    posted = [e for e in world.workspace.journal if e.method == "chat.postMessage"]
    assert ME not in said(posted[-1].arguments)

    again = await open_settings(world)
    assert again["state"]["values"]["quiet_to"]["value"]["value"] == "08:00"
    assert await world.workspace.submit(again, {}) == {}
    await world.modal_with("Nothing was changed.")
    assert len(world.workspace.messages(EXPERIMENTS)) == 1


async def test_two_forms_at_once_change_only_what_each_was_told(world: World) -> None:
    first, second = await open_settings(world), await open_settings(world)
    sent = {"state": {"values": first["state"]["values"] | typed("digest_at", "09:00")}}
    await world.workspace.submit(second, ticked(second, "language", "en"))
    await world.post(submission(first, **sent))

    rules = rules_of(world)
    assert rules["language"] == "en"
    assert rules["digest_at"] == 540


async def test_language_is_set_by_one_sentence(world: World) -> None:
    answer = await world.type("/visjob settings language zh-CN")

    assert answer["text"].startswith("Saved.")
    assert rules_of(world)["language"] == "zh-CN"
    assert rules_of(world)["time_zone"] == ""
    assert len([m for m in world.workspace.messages(EXPERIMENTS) if ME in m["text"]]) == 1
    refused = await world.type("/visjob settings language klingon")
    assert "I don't speak" in refused["text"]


async def test_a_channel_reads_who_typed_its_quiet_hours_and_its_digest(world: World) -> None:
    traces = world.workspace.messages
    for number, typed_ in enumerate(("quiet here 22:00-08:00", "digest here at 09:00"), start=1):
        await world.type(f"/visjob {typed_}")
        await world.workspace.until(lambda: ME in said(traces(EXPERIMENTS)[-1]))
        assert len(traces(EXPERIMENTS)) == number

    await world.type("/visjob quiet here 22:00-08:00")
    await world.type("/visjob quiet me 22:00-08:00")

    assert len(traces(EXPERIMENTS)) == 2
    assert traces(APP_DM) == []


async def test_in_a_direct_message_the_rules_are_my_own_and_nobody_reads_of_them(
    world: World,
) -> None:
    form = await open_settings(world, APP_DM)
    assert form["private_metadata"].startswith("settings in dm ")

    await world.workspace.submit(form, typed("digest_at", "9:30"))

    assert rules_of(world, APP_DM)["digest_at"] == 570
    assert world.workspace.messages(APP_DM) == []


async def test_problems_stand_at_their_fields(world: World) -> None:
    form = await open_settings(world)
    told = await world.workspace.submit(
        form, {**typed("quiet_from", "25:00"), **typed("digest_at", "lunch")}
    )

    assert list(told["errors"]) == ["quiet_from", "quiet_to", "digest_at"]
    same = await world.workspace.submit(
        form,
        {**typed("quiet_from", "8:00"), **typed("quiet_to", "08:00"), **typed("digest_at", None)},
    )
    assert list(same["errors"]) == ["quiet_to"]
    assert rules_of(world) == {}


def submission(form: Json, **changed: object) -> str:
    view = {**{part: form[part] for part in SHOWN}, "id": form["id"], "state": form["state"]}
    view["private_metadata"] = form["private_metadata"]
    return payload(
        type="view_submission",
        team={"id": "T0VISION01"},
        user={"id": ME, "team_id": "T0VISION01"},
        trigger_id="1.2.settings",
        view={**view, **changed},
    )


async def test_a_form_that_lost_what_it_is_about_says_so(world: World) -> None:
    form = await open_settings(world)
    for kept in ("", "settings in #nowhere", "help", "x" * 3000, None, 7):
        _, body = await world.post(submission(form, private_metadata=kept))
        assert "I can't tell what this form is about" in json.loads(body)["errors"]["language"]


async def test_a_form_about_a_place_that_one_does_not_see_is_refused(world: World) -> None:
    closed = next(c.id for c in world.workspace.state.channels.values() if c.kind == "private")
    await world.workspace.admin.invite(closed)
    world.workspace.state.channels[closed].members.discard(ME)
    form = await open_settings(world)
    kept = f"settings in #{closed} language usual quiet off digest off"
    values = form["state"]["values"] | ticked(form, "language", "en")

    _, body = await world.post(submission(form, private_metadata=kept, state={"values": values}))

    assert "can both see" in json.loads(body)["errors"]["language"]


async def test_a_submission_sent_again_changes_and_tells_once(world: World) -> None:
    form = await open_settings(world, GENERAL)
    await world.workspace.submit(form, ticked(form, "language", "en"))
    sent = world.workspace.out.sent[-1]
    told = len(world.workspace.messages(GENERAL))

    assert (await world.workspace.out.replay(sent)).status == 200
    assert len(world.workspace.messages(GENERAL)) == told
