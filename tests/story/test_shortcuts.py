"""`Find a job` and `Watch this job`: a dialog opens at once, or a message replaces it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, HIDDEN, ME, Person
from tests.reach import LINK, called, open_small, person, subscribed
from tests.slack.oracles import hold_form, hold_message, hold_view
from tests.story.test_forms import QUESTIONS
from tests.world import World, open_world, payload, said, settle

Json = dict[str, Any]
SHOWN = ("type", "callback_id", "title", "submit", "close", "blocks")


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_small(tmp_path) as made:
        yield made


async def post(world: World, text: str, channel: str = EXPERIMENTS, **parts: Any) -> Json:
    """Post a message of a person, and return it."""
    return world.workspace.state.post(channel, {"text": text, **parts}, user=ME)


async def watch(world: World, message: Json | str, user: str = ME) -> None:
    """Choose `Watch this job` on a message."""
    place = world.workspace.clicks.place_of(message, user)
    answer = await world.workspace.clicks.shortcut("visjob_watch", user, place)
    assert (answer.status, answer.body) == (200, "")


async def find(world: World, user: str = ME) -> None:
    """Choose `Find a job`."""
    answer = await world.workspace.clicks.shortcut("visjob_find", user)
    assert (answer.status, answer.body) == (200, "")


def element(form: Json, question: str) -> Json:
    """Return the element of a question of a form."""
    found: Json = next(b["element"] for b in form["blocks"] if b["block_id"] == question)
    return found


async def test_find_a_job_opens_a_search_with_the_jobs_to_pick(small: World) -> None:
    before = len(small.workspace.journal)

    await find(small)
    modal = await small.modal_with("Which job?")

    hold_view({part: modal[part] for part in ("type", "title", "close", "blocks")})
    called = [one.method for one in small.workspace.journal[before:]]
    # The bot asks once for the person's language.
    assert [method for method in called if method != "users.info"] == ["views.open"]


async def test_picking_a_job_shows_its_card_in_the_modal(small: World) -> None:
    await find(small)
    modal = await small.modal_with("Which job?")
    label = next(o for o in picker(modal)["options"] if o["value"] == "id:240")["text"]["text"]

    await small.workspace.click(modal, label)

    card = await small.modal_with("JOBSTAT_RUNNING")
    assert card["id"] == modal["id"]
    assert "bert-finetune" in said(card)
    assert "flowers-tb" not in said(card)


async def test_searching_shows_the_card_too(small: World) -> None:
    await find(small)
    modal = await small.modal_with("Which job?")
    await pick_by_search(small, modal, "flow")

    assert "flowers-tb" in said(await small.modal_with("JOBSTAT_RUNNING"))


def picker(modal: Json) -> Json:
    """Return the list of jobs in a modal."""
    found: Json = next(
        e for b in modal["blocks"] for e in b.get("elements", []) if e["type"] == "static_select"
    )
    return found


async def pick_by_search(world: World, modal: Json, typed: str) -> None:
    """Type into the search box of a modal, and pick the first offer."""
    block, box = next(
        (b, e)
        for b in modal["blocks"]
        for e in b.get("elements", [])
        if e["type"] == "external_select"
    )
    found = await world.workspace.options(modal, box["action_id"], typed)
    action = {
        "type": "external_select",
        "action_id": box["action_id"],
        "block_id": block["block_id"],
        "selected_option": found["options"][0],
    }
    await world.workspace.clicks.click(world.workspace.clicks.place_of(modal, ME), action)


#: The parts of a message that names job 205 alone.
ONE: list[tuple[str, Json]] = [
    ("the id", {"text": "job 205 failed after 41 min at 12:41"}),
    ("the name", {"text": "is flowers-tb still running?"}),
    ("both", {"text": "flowers-tb (205)"}),
    ("the link", {"text": f"look: <{LINK}>"}),
    ("the link behind a word", {"text": f"look at <{LINK}|my board>"}),
    ("a block", {"text": "", "blocks": [{"type": "section", "block_id": "x",
                                         "text": {"type": "mrkdwn", "text": "*flowers-tb*"}}]}),
    ("rich text", {"text": "", "blocks": [{"type": "rich_text", "block_id": "x", "elements": [
        {"type": "rich_text_section", "elements": [
            {"type": "text", "text": "see "}, {"type": "link", "url": LINK}]}]}]}),
    ("an attachment", {"text": "", "attachments": [{"title": "flowers-tb", "fallback": "x"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "parts"), ONE, ids=[row[0] for row in ONE])
async def test_watch_this_job_opens_the_form_for_the_one_job_and_the_channel(
    small: World, sentence: str, parts: Json
) -> None:
    small.workspace.state.views.looked_at[ME] = APP_DM

    await watch(small, await post(small, **parts))
    form = await small.modal_with("Where to post")

    assert form["callback_id"] == "visjob_subscribe", sentence
    hold_form({part: form[part] for part in SHOWN}, QUESTIONS)
    assert element(form, "job")["initial_option"]["value"] == "id:205"
    assert element(form, "place")["initial_conversation"] == EXPERIMENTS


async def test_the_form_of_a_message_subscribes_the_channel_of_the_message(
    small: World, tmp_path: Path
) -> None:
    await watch(small, await post(small, "bert-finetune?"))
    form = await small.modal_with("Where to post")

    assert await small.workspace.submit(form, {}) == {}

    await small.modal_with("Subscribed to ")
    assert subscribed(tmp_path) == [(EXPERIMENTS, 240)]


async def test_a_card_of_ours_is_about_its_own_job(small: World) -> None:
    await small.workspace.type(EXPERIMENTS, "/visjob 240 share")
    shared = await small.workspace.until(
        lambda: [m for m in small.workspace.messages(EXPERIMENTS) if m.get("bot_id")]
    )

    await watch(small, shared[-1])
    form = await small.modal_with("Where to post")

    assert element(form, "job")["initial_option"]["value"] == "id:240"


async def test_of_several_jobs_one_is_chosen_and_then_the_form_opens(
    small: World, tmp_path: Path
) -> None:
    await watch(small, await post(small, "flowers-tb or 240?"))
    modal = await small.modal_with("This message names 2 jobs. Which one?")
    hold_view({part: modal[part] for part in ("type", "title", "close", "blocks")})

    await small.workspace.click(modal, "bert-finetune\u00a0(240)")
    form = await small.modal_with("Where to post")

    assert form["id"] == modal["id"]
    assert element(form, "job")["initial_option"]["value"] == "id:240"
    assert element(form, "place")["initial_conversation"] == EXPERIMENTS
    assert subscribed(tmp_path) == []


async def test_of_three_jobs_one_is_picked_from_a_list(small: World) -> None:
    await watch(small, await post(small, "205, 240 and 41"))
    modal = await small.modal_with("This message names 3 jobs.")

    await small.workspace.click(modal, picker(modal)["options"][2]["text"]["text"])
    form = await small.modal_with("Where to post")

    assert element(form, "job")["initial_option"]["value"] == "id:41"


async def test_a_message_without_a_job_says_so_and_offers_the_search(small: World) -> None:
    await watch(small, await post(small, "good morning, it is 09:41"))
    modal = await small.modal_with("I found no job in this message.")
    hold_view({part: modal[part] for part in ("type", "title", "close", "blocks")})

    await pick_by_search(small, modal, "bert")
    form = await small.modal_with("Where to post")

    assert element(form, "job")["initial_option"]["value"] == "id:240"
    assert element(form, "place")["initial_conversation"] == EXPERIMENTS


def action(**more: Any) -> str:
    """Return a message shortcut as Slack sends it; fields may be odd."""
    usual = {
        **person(),
        "callback_id": "visjob_watch",
        "trigger_id": "1.2.3",
        "channel": {"id": EXPERIMENTS, "name": "experiments"},
    }
    return payload(type="message_action", **{**usual, **more})


#: Messages that nobody can read any more.
GONE: list[Json] = [
    {},
    {"message": None},
    {"message": {"type": "message", "subtype": "tombstone", "text": "This message was deleted."}},
]


@pytest.mark.parametrize("parts", GONE, ids=repr)
async def test_a_message_that_is_gone_is_answered_too(small: World, parts: Json) -> None:
    trigger = small.workspace.state.tickets.issue_trigger(ME)

    assert await small.post(action(trigger_id=trigger, **parts)) == (200, "")

    await small.modal_with("I can't see this message")


async def test_in_a_conversation_of_several_people_the_form_names_no_place(small: World) -> None:
    trigger = small.workspace.state.tickets.issue_trigger(ME)
    group = {"id": "C0GROUP001", "name": "mpdm-ana--ben--chloe-1"}

    await small.post(action(trigger_id=trigger, channel=group, message={"text": "205"}))

    form = await small.modal_with("Where to post")
    assert "initial_conversation" not in element(form, "place")


@pytest.mark.parametrize("code", ["expired_trigger_id", "trigger_expired", "invalid_trigger_id"])
async def test_where_no_dialog_opens_the_message_is_answered_beside_it(
    small: World, tmp_path: Path, code: str
) -> None:
    small.workspace.faults.add("error", method="views.open", error=code)

    await watch(small, await post(small, "flowers-tb"))
    [card] = await small.workspace.until(small.whispers)

    assert small.workspace.modal() is None
    assert card["text"].startswith("Slack did not let me open a dialog in time")
    hold_message({"text": card["text"], "blocks": card["blocks"]})
    await small.click(card, "Subscribe to flowers-tb\u00a0(205)")
    assert subscribed(tmp_path) == [(EXPERIMENTS, 205)]


async def test_where_no_dialog_opens_the_question_which_job_is_a_message(
    small: World, tmp_path: Path
) -> None:
    small.workspace.faults.add("error", method="views.open", error="expired_trigger_id")

    await watch(small, await post(small, "205 or 240"))
    [card] = await small.workspace.until(small.whispers)

    await small.click(card, "bert-finetune\u00a0(240)")
    assert subscribed(tmp_path) == [(EXPERIMENTS, 240)]


@pytest.mark.parametrize("code", ["expired_trigger_id", "trigger_expired"])
async def test_where_no_dialog_opens_the_search_comes_by_direct_message(
    small: World, code: str
) -> None:
    small.workspace.faults.add("error", method="views.open", error=code)

    await find(small)
    [card] = await small.workspace.until(lambda: small.workspace.messages(APP_DM))

    assert "Which job?" in card["text"]
    hold_message({"text": card["text"], "blocks": card["blocks"]})


@pytest.mark.parametrize("code", ["exchanged_trigger_id", "trigger_exchanged"])
async def test_what_opened_by_an_earlier_try_is_not_said_again(small: World, code: str) -> None:
    small.workspace.faults.add("error", method="views.open", error=code)

    await find(small)
    await small.workspace.until(lambda: called(small, "views.open"))
    small.workspace.faults.add("error", method="views.open", error="expired_trigger_id")
    await find(small)
    await small.workspace.until(lambda: small.workspace.messages(APP_DM))

    assert len(small.workspace.messages(APP_DM)) == 1


async def test_in_a_channel_without_the_bot_it_works_the_same(small: World) -> None:
    await watch(small, await post(small, "flowers-tb", channel=HIDDEN))
    form = await small.modal_with("Where to post")
    assert element(form, "place")["initial_conversation"] == HIDDEN

    await small.workspace.submit(form, {})

    await small.modal_with("/invite @visjob")


async def test_a_message_of_a_stranger_is_read_and_a_stranger_is_turned_away(
    small: World, tmp_path: Path
) -> None:
    small.workspace.admin.share(EXPERIMENTS, "T0PARTNER1")
    pat = Person(id="U0PAT00001", name="pat", real_name="Pat", color="1", team_id="T0PARTNER1")
    small.workspace.admin.add_person(pat, EXPERIMENTS)
    message = small.workspace.state.post(EXPERIMENTS, {"text": "flowers-tb"}, user=pat.id)

    await watch(small, message, pat.id)
    [told] = await small.workspace.until(lambda: small.workspace.ephemerals(EXPERIMENTS, pat.id))
    assert "I only answer people of the workspace that installed me." in told["text"]
    assert small.workspace.modal(pat.id) is None

    await find(small, pat.id)
    alone = await small.workspace.until(lambda: small.workspace.modal(pat.id) or {})
    assert "flowers-tb" not in said(alone)

    await watch(small, message)
    await small.modal_with("Where to post")
    assert subscribed(tmp_path) == []


async def test_a_shortcut_of_another_name_is_of_no_use(small: World) -> None:
    with capture_logs() as entries:
        body = payload(type="shortcut", callback_id="visjob_other", trigger_id="1", **person())
        assert await small.post(body) == (200, "")

    assert [e["kind"] for e in entries if e["event"] == "request_unused"] == ["shortcut"]
    assert small.workspace.modal() is None


#: Odd fields of a shortcut.
ODD: list[Json] = [
    {"trigger_id": 7},
    {"trigger_id": None, "message": {"text": "205"}},
    {"message": "205"},
    {"message": {"text": 7, "blocks": {"a": 1}, "attachments": ["x", None]}},
    {"channel": None, "message": {"text": "205"}},
    {"channel": {"id": "nowhere"}},
    {"response_url": 7},
    {"user": None},
]


@pytest.mark.parametrize("parts", ODD, ids=repr)
async def test_what_is_odd_is_acknowledged_and_breaks_nothing(small: World, parts: Json) -> None:
    with capture_logs() as entries:
        assert (await small.post(action(**parts)))[0] == 200
        await find(small)
        await small.modal_with("Which job?")

    assert [entry for entry in entries if entry["event"] == "listener_failed"] == []


async def test_shortcuts_come_through_a_socket_as_well(tmp_path: Path) -> None:
    async with open_world(tmp_path, socket_mode=True) as world:
        await settle(world)
        await world.workspace.until(lambda: world.workspace.sockets.count)
        await world.workspace.clicks.shortcut("visjob_find", ME)
        await world.modal_with("Which job?")
