"""Each field of each form in turn gets an odd answer: the problem is shown at that field."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import EXPERIMENTS
from tests.story.test_forms import JOB_205, open_form, place
from tests.story.test_forms import submission as subscription
from tests.story.test_settings import open_settings, rules_of, typed
from tests.story.test_settings import submission as settings
from tests.world import World, open_world, settle

Json = dict[str, Any]


def radio(question: str, word: str) -> Json:
    return {question: {"value": {"type": "radio_buttons", "selected_option": {"value": word}}}}


def ticks(question: str, *words: str) -> Json:
    chosen = [{"value": word} for word in words]
    return {question: {"value": {"type": "checkboxes", "selected_options": chosen}}}


def job(word: str) -> Json:
    chosen = {"value": word}
    return {"job": {"value": {"type": "external_select", "selected_option": chosen}}}


def end(seconds: object) -> Json:
    return {"until": {"value": {"type": "datetimepicker", "selected_date_time": seconds}}}


GOOD_TIMES = {
    **typed("quiet_from", "22:00"),
    **typed("quiet_to", "8:00"),
    **typed("digest_at", "9"),
}
#: An odd answer in the settings form, and the one field with a problem.
SETTINGS: dict[str, tuple[Json, str]] = {
    "a language that nobody speaks": (radio("language", "fr"), "language"),
    "a begin that is no time": (typed("quiet_from", "late"), "quiet_from"),
    "a begin that is missing": (typed("quiet_from", None), "quiet_from"),
    "a begin that is both times": (typed("quiet_from", "22:00-08:00"), "quiet_from"),
    "an end that is no time": (typed("quiet_to", "25:30"), "quiet_to"),
    "an end that is missing": (typed("quiet_to", ""), "quiet_to"),
    "an end that is a word of the grammar": (typed("quiet_to", "weekdays"), "quiet_to"),
    "an end that is a word around a time": (typed("quiet_to", "until"), "quiet_to"),
    "an end with what should be ticked": (typed("quiet_to", "8:00 except failures"), "quiet_to"),
    "an end when they begin": (typed("quiet_to", "10pm"), "quiet_to"),
    "a digest at no time": (typed("digest_at", "lunch"), "digest_at"),
    "a digest at two times": (typed("digest_at", "9:00 17:00"), "digest_at"),
    "a digest at a word": (typed("digest_at", "weekdays"), "digest_at"),
}
#: An odd answer in the form of a new subscription, and the one field with a problem.
SUBSCRIPTION: dict[str, tuple[Json, str]] = {
    "no job": (job(""), "job"),
    "a job that there is not": (job("id:999999"), "job"),
    "a name of no job": (job("name:nothing-like-it"), "job"),
    "a place that is none": (place("nowhere"), "place"),
    "a preset that there is not": (radio("preset", "some"), "preset"),
    "no event": (radio("preset", "events"), "events"),
    "an event that there is not": (
        radio("preset", "events") | ticks("events", "failed", "poem"),
        "events",
    ),
    "an end that is over": (end(1_000_000_000), "until"),
    "an end beyond all years": (end(10**30), "until"),
    "an end that is no moment": (end("soon"), "until"),
    "a way to post that there is not": (radio("telling", "shout"), "telling"),
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as made:
        yield await settle(made)


async def blamed(world: World, body: str) -> Json:
    _, answer = await world.post(body)
    told: Json = json.loads(answer)
    assert told.get("response_action") == "errors", told
    errors: Json = told["errors"]
    return errors


async def test_a_problem_of_the_settings_stands_at_its_field(world: World) -> None:
    form = await open_settings(world)
    for case, (odd, field) in SETTINGS.items():
        values = {**form["state"]["values"], **GOOD_TIMES, **odd}

        errors = await blamed(world, settings(form, state={"values": values}))

        assert list(errors) == [field], case
        if field.startswith("quiet"):
            assert "digest" not in errors[field].lower(), case
        if field != "language":
            assert "may follow" not in errors[field], case
    assert rules_of(world, EXPERIMENTS) == {}


async def test_a_problem_of_a_subscription_stands_at_its_field(world: World) -> None:
    form = await open_form(world)
    for case, (odd, field) in SUBSCRIPTION.items():
        values = {**form["state"]["values"], **JOB_205, **odd}

        errors = await blamed(world, subscription(form, values))

        assert list(errors) == [field], case
