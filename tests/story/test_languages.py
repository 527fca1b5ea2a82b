"""In one channel, each person gets answers in their own language, and everybody in the
channel's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.workspace.cast import DEFAULT_SCOPES, EXPERIMENTS, LI, ME
from bot.demo.workspace.faults import FaultKind
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_forms import answer, place
from tests.story.test_forms import until as ends_at
from tests.waiting import until
from tests.world import Json, World, open_world, said, settle

#: Words of the answer to `205`, by language.
RUNS = {"en": "has been running", "zh-CN": "已运行"}


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 8)])


@pytest.fixture
async def small(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    """A world whose job changes when a test says so; jobs are polled every five seconds."""
    async with open_world(tmp_path, jobs=source, VISJOB_POLL_SECONDS="5") as made:
        source.clock = made.clock
        yield await settle(made)


async def typed(world: World, text: str, user: str) -> Json:
    """Type in #experiments, and return the answer in the acknowledgement."""
    [*_, answer] = await world.workspace.type(EXPERIMENTS, f"/visjob {text}", user=user)
    return answer


def in_channel(world: World, kind: str) -> list[Json]:
    """Return the bot's messages in #experiments with metadata of this kind."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == kind]


async def shown_in(world: World, kind: str, words: str) -> Json:
    """Return a message of this kind, once it contains these words."""

    def found() -> Json:
        return next((one for one in in_channel(world, kind) if words in said(one)), {})

    return await world.workspace.until(found)


# The locale that the person chose in Slack, and the language of the first answer.
LOCALES = {
    "English of America": ("en-US", "en"),
    "English of Britain": ("en-GB", "en"),
    "French is answered in English": ("fr-FR", "en"),
    "Japanese, too": ("ja-JP", "en"),
    "Chinese of the mainland": ("zh-CN", "zh-CN"),
    "Chinese of Taiwan reads simplified characters": ("zh-TW", "zh-CN"),
    "Chinese of Hong Kong": ("zh-HK", "zh-CN"),
    "a language alone": ("zh", "zh-CN"),
    "a script in between": ("zh-Hant-TW", "zh-CN"),
    "written with a line below": ("zh_CN", "zh-CN"),
    "no language of China's": ("za-CN", "en"),
}


@pytest.mark.parametrize("case", LOCALES)
async def test_a_person_is_answered_in_the_language_of_their_slack(small: World, case: str) -> None:
    locale, language = LOCALES[case]
    small.workspace.state.people[ME].locale = locale

    assert RUNS[language] in (await typed(small, "205", ME))["text"]


@pytest.mark.parametrize("usual", ["en", "zh-CN"])
@pytest.mark.parametrize("why", ["no scope", "deactivated", "no locale", "nobody"])
async def test_where_it_cannot_be_read_the_settings_decide(
    tmp_path: Path, source: FakeSource, usual: str, why: str
) -> None:
    async with open_world(tmp_path, jobs=source, VISJOB_LANGUAGE=usual) as made:
        world = await settle(made)
        # The other language, in which nothing may be written.
        state = world.workspace.state
        state.people[ME].locale = "en-US" if usual == "zh-CN" else "zh-CN"
        if why == "no scope":
            state.installation.scopes = frozenset(DEFAULT_SCOPES) - {"users:read"}
        elif why == "deactivated":
            state.people[ME].deleted = True
        elif why == "no locale":
            state.people[ME].locale = ""
        else:
            world.workspace.faults.add("error", error="user_not_found", method="users.info")

        assert RUNS[usual] in (await typed(world, "205", ME))["text"]


@pytest.mark.parametrize("fault", ["rate_limited", "http_error", "html", "cut_json", "timeout"])
async def test_while_slack_does_not_tell_nobody_waits_for_it(
    small: World, fault: FaultKind
) -> None:
    small.workspace.faults.add(fault, method="users.info", seconds=30)

    answer = await typed(small, "205", LI)

    # The answer came in the acknowledgement itself.
    assert RUNS["en"] in answer["text"]
    assert small.workspace.replies.journal == []


@pytest.mark.slow
async def test_an_answer_of_slacks_that_came_too_late_is_there_for_the_next(small: World) -> None:
    small.workspace.faults.add("slow", method="users.info", seconds=1)

    assert RUNS["en"] in (await typed(small, "205", LI))["text"]

    async def is_known() -> bool:
        return RUNS["zh-CN"] in (await typed(small, "205", LI))["text"]

    await until(is_known)
    assert len([one for one in small.workspace.journal if one.method == "users.info"]) == 1


async def test_two_people_of_a_channel_read_two_languages(small: World) -> None:
    for _ in range(2):
        assert RUNS["en"] in (await typed(small, "205", ME))["text"]
        assert RUNS["zh-CN"] in (await typed(small, "205", LI))["text"]

    for text in ("help", "205 for ever", "stop", "list", "subscriptions", "status", "what?"):
        assert is_chinese((await typed(small, text, LI))["text"]), text
        assert not is_chinese(said(await typed(small, text, ME))), text


async def test_what_all_read_is_in_the_language_of_the_place(small: World) -> None:
    await typed(small, "205 share", LI)
    [shared] = [m for m in small.workspace.messages(EXPERIMENTS) if "flowers-tb" in said(m)]
    assert RUNS["en"] in shared["text"]

    await typed(small, "subscribe 205", LI)
    await typed(small, "205 share", ME)
    *_, shared = small.workspace.messages(EXPERIMENTS)
    assert RUNS["zh-CN"] in shared["text"]


@pytest.mark.slow
async def test_the_first_who_subscribes_sets_the_language_of_the_place(
    small: World, source: FakeSource
) -> None:
    await typed(small, "subscribe 205", LI)
    answer = await typed(small, "subscribe 205 for failed", ME)
    assert "flowers-tb" in answer["text"]
    assert not is_chinese(answer["text"])

    card = await shown_in(small, "visjob_card", "flowers-tb")
    assert is_chinese(said(card))

    source.jobs = [a_job(205, 11)]
    small.clock.advance(seconds=6)
    notice = await shown_in(small, "visjob_status_changed", "flowers-tb")
    assert is_chinese(notice["text"])


@pytest.mark.slow
async def test_a_direct_message_is_in_the_language_of_its_person(
    small: World, source: FakeSource
) -> None:
    await typed(small, "subscribe 205 in dm", LI)
    await typed(small, "subscribe 205", ME)
    await shown_in(small, "visjob_card", "flowers-tb")

    source.jobs = [a_job(205, 11)]
    small.clock.advance(seconds=6)
    await shown_in(small, "visjob_status_changed", "flowers-tb")
    posts = await small.workspace.until(lambda: posted_to_li(small))

    assert all(is_chinese(text) for text in posts)
    [card] = in_channel(small, "visjob_card")
    assert not is_chinese(said(card))


def posted_to_li(world: World) -> list[str]:
    """Return the bot's direct messages to Li, once there is a card and a notice."""
    [direct] = [
        one.id
        for one in world.workspace.state.channels.values()
        if one.kind == "app" and LI in one.members
    ]
    texts = [one["text"] for one in world.workspace.messages(direct)]
    return texts if len(texts) > 1 else []


@pytest.mark.slow
async def test_who_is_told_of_a_paused_channel_is_told_in_their_language(small: World) -> None:
    await typed(small, "subscribe 205", ME)
    await typed(small, "subscribe flow*", LI)

    await small.workspace.archive(EXPERIMENTS)

    def notes() -> dict[str, str]:
        """Return what each person reads in their direct message with the bot."""
        told = {
            member: message["text"]
            for channel in small.workspace.state.channels.values()
            if channel.kind == "app"
            for member in channel.members & {ME, LI}
            for message in small.workspace.messages(channel.id)
        }
        return told if len(told) > 1 else {}

    told = await small.workspace.until(notes)
    assert "归档" in told[LI]
    assert "archived" in told[ME]


async def test_home_and_its_dialogs_are_in_the_language_of_their_person(small: World) -> None:
    await small.workspace.open_home(LI)
    home = await small.workspace.until(lambda: small.workspace.home(LI) or {})
    assert is_chinese(said(home))

    await small.workspace.open_home(ME)
    home = await small.workspace.until(lambda: small.workspace.home(ME) or {})
    assert not is_chinese(said(home))


async def test_a_form_its_search_box_and_its_problems_are_in_the_language_of_their_person(
    small: World,
) -> None:
    await small.workspace.type(EXPERIMENTS, "/visjob subscribe", user=LI)
    form = small.workspace.modal(LI)
    assert form is not None
    assert is_chinese(form["title"]["text"])
    assert is_chinese(form["submit"]["text"])

    offered = await small.workspace.options(form, "value", "flowers", user=LI)
    assert is_chinese(said(offered))

    filled = {**place(EXPERIMENTS), **answer(form, "preset", "all")}
    filled |= answer(form, "telling", "thread")
    [option, *_] = offered["options"]
    job = {"job": {"value": {"type": "external_select", "selected_option": option}}}
    answered = await small.workspace.submit(
        form, {**filled, **job, **ends_at(small.clock() - timedelta(hours=1))}, user=LI
    )
    [problem] = answered["errors"].values()
    assert is_chinese(problem)


def is_chinese(words: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in words)
