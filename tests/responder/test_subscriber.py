"""Sentences that subscribe: what is stored, for which place, and the answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.catalog import Catalog
from bot.core.cards.card import Action, Bullet, Card, Channel, Emphasis, Menu, Picker, PlacePicker
from bot.core.change import StatusChange
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.errors import (
    MessageRejected,
    MessengerUnavailable,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.place_file import Reading, read_places
from bot.core.place_rules import PlaceRules, QuietHours
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    SubscriptionState,
)
from bot.core.text import ENGLISH
from tests.fakes import FakeSource, ManualClock
from tests.history_fakes import FakeRecordings
from tests.make import ANA, NOW, OURS, TEAM, a_change, a_job, line_words
from tests.responder_fakes import SETTINGS, a_responder, buttons, ports_in_memory
from tests.snooze_fakes import FakeRules, FakeSnoozes
from tests.typing_fakes import FakeMessages, FakePeople
from tests.watch_fakes import (
    CHANNEL,
    HERE,
    FakeConversations,
    FakeHistory,
    FakePauses,
    FakeSubscriptions,
    a_subscription,
)

JOBS = [
    a_job(205),
    a_job(231, name="flowers-xl"),
    a_job(812, name="197"),
    a_job(197, 7, name="apiTest-11"),
]


class World:
    """A Responder whose ports are all in memory."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.source = FakeSource(JOBS, clock=self.clock)
        self.catalog = Catalog(self.source, clock=self.clock)
        self.subscriptions = FakeSubscriptions()
        self.history = FakeHistory()
        self.recordings = FakeRecordings()
        self.conversations = FakeConversations()
        self.pauses = FakePauses()
        self.people = FakePeople()
        self.snoozes = FakeSnoozes()
        self.rules = FakeRules()
        self.cards = FakeMessages()
        ports = replace(
            ports_in_memory(self.clock),
            subscriptions=self.subscriptions,
            history=self.history,
            recordings=self.recordings,
            conversations=self.conversations,
            pauses=self.pauses,
            people=self.people,
            snoozes=self.snoozes,
            rules=self.rules,
            followed_cards=self.cards,
        )
        settings = replace(SETTINGS, patience=0.05)
        self.responder = a_responder(
            self.catalog, self.source, self.clock, ports, settings=settings
        )

    async def say(
        self,
        text: str,
        *,
        user_id: str = ANA,
        channel_id: str = CHANNEL,
        is_direct: bool = False,
        is_pick: bool = False,
        is_press: bool = False,
    ) -> Card:
        """Send a sentence from a channel, and return the card of the reply."""
        request = Request(
            text=text,
            team_id=TEAM,
            user_id=user_id,
            channel_id=channel_id,
            is_direct=is_direct,
            is_pick=is_pick,
            is_press=is_press,
        )
        return (await self.responder.respond(request)).card

    async def press(self, text: str) -> Card:
        """Press a button with this sentence, and return the card of the reply."""
        return await self.say(text, is_press=True)

    def places(self) -> list[str]:
        """Return the channels of the stored subscriptions."""
        return [one.place.channel_id for one in self.subscriptions.kept]


@pytest.fixture
async def world() -> World:
    made = World()
    await made.catalog.sweep(OURS)
    return made


async def test_one_job_is_followed_by_its_states_from_where_it_stands_now(world: World) -> None:
    card = await world.say("subscribe 205")

    (kept,) = world.subscriptions.kept
    assert (kept.place, kept.target) == (HERE, JobTarget(JobId(205)))
    assert (kept.event_filter, kept.delivery_mode, kept.until) == (
        EventFilter("changes"),
        DeliveryMode.THREAD,
        None,
    )
    assert (kept.created_by, kept.created_at) == (ANA, NOW)
    assert world.subscriptions.baselines == [JobStatus.RUNNING]
    assert str(card.summary) == (
        "Subscribed to flowers-tb (205). I'll post every change of state to the channel, "
        "in the thread under its card, until the job ends."
    )
    assert buttons(card) == {
        "Unsubscribe": "unsubscribe id:205 in #C0EXP00001",
        "Change…": "subscribe id:205 in #C0EXP00001 form",
        "Preview": "subscribe id:205 in #C0EXP00001 preview",
        "Copy to me": "copy id:205 in #C0EXP00001 to dm",
        "Show job": "id:205",
        "Show what was posted": "why id:205",
    }


@pytest.mark.parametrize(
    ("sentence", "target", "usual"),
    [
        ("subscribe flowers*", PatternTarget("flowers*"), "changes"),
        ("subscribe project", ProjectTarget(), "failures"),
    ],
)
async def test_many_jobs_need_no_read(
    world: World, sentence: str, target: PatternTarget | ProjectTarget, usual: str
) -> None:
    world.source.error = SourceUnavailable("No answer.")

    card = await world.say(sentence)

    (kept,) = world.subscriptions.kept
    assert (kept.target, kept.event_filter) == (target, EventFilter(usual))
    assert kept.state is SubscriptionState.ACTIVE
    assert "until you unsubscribe." in str(card.summary)


@pytest.mark.parametrize(
    ("pattern", "is_told"), [("zzz*", True), ("flower*", False), ("*-xl", False), ("nobody-", True)]
)
async def test_a_pattern_that_no_job_matches_is_kept_and_says_so(
    world: World, pattern: str, is_told: bool
) -> None:
    card = await world.say(f"subscribe {pattern}*")

    assert len(world.subscriptions.kept) == 1
    assert ("No job has such a name now" in str(card.summary)) == is_told


async def test_every_option_is_kept(world: World) -> None:
    await world.say("watch flowers-tb for failed,running in dm until 4h as channel")

    (kept,) = world.subscriptions.kept
    assert kept.place == Place(team_id=TEAM, channel_id="D0ANA00001")
    assert kept.target == JobTarget(JobId(205))
    assert kept.event_filter == EventFilter("running,failed")
    assert kept.until == NOW + timedelta(hours=4)
    assert kept.delivery_mode is DeliveryMode.CHANNEL


@pytest.mark.parametrize(
    ("sentence", "channel_id", "is_direct", "told"),
    [
        ("subscribe 205", CHANNEL, False, CHANNEL),
        ("subscribe 205 in #C0OTHER001", CHANNEL, False, "C0OTHER001"),
        ("subscribe 205 in #C0OTHER001", "D0FRIENDS1", True, "C0OTHER001"),
        ("subscribe 205 in dm", CHANNEL, False, "D0ANA00001"),
        ("subscribe 205", "D0FRIENDS1", True, "D0ANA00001"),
        ("subscribe 205", "", False, "D0ANA00001"),
    ],
)
async def test_news_goes_where_it_was_asked_for_and_never_into_a_talk_between_others(
    world: World, sentence: str, channel_id: str, is_direct: bool, told: str
) -> None:
    await world.say(sentence, channel_id=channel_id, is_direct=is_direct)

    assert world.places() == [told]


async def test_a_second_subscription_for_the_same_changes_the_first(world: World) -> None:
    await world.say("subscribe 205")
    card = await world.say("subscribe 205 for failures", user_id="U0BEN00001")

    (kept,) = world.subscriptions.kept
    assert kept.event_filter == EventFilter("failures")
    assert str(card.summary).startswith("Already subscribed to flowers-tb")


async def test_a_job_that_is_not_there_is_not_subscribed_to(world: World) -> None:
    card = await world.say("subscribe 999")

    assert world.subscriptions.kept == []
    assert "ModelArts knows no job 999" in str(card.summary)


async def test_an_unclear_name_is_asked_about_with_the_whole_sentence(world: World) -> None:
    card = await world.say("subscribe flowers for failures in dm until 4h")

    assert world.subscriptions.kept == []
    assert sorted(buttons(card).values()) == [
        "subscribe id:205 for failures in dm until 4h",
        "subscribe id:231 for failures in dm until 4h",
    ]


async def test_digits_that_are_an_id_and_a_name_are_asked_about(world: World) -> None:
    assert buttons(await world.say("subscribe 197")) == {
        "id 197": "subscribe id:197",
        "name 197": "subscribe id:812",
    }


@pytest.mark.parametrize("sentence", ["subscribe 205", "subscribe id:205", "subscribe flowers-tb"])
async def test_a_slow_read_keeps_the_subscription_without_its_baseline(
    world: World, sentence: str
) -> None:
    async def slow(job_id: JobId) -> VisualizationJob:
        await asyncio.Event().wait()
        raise AssertionError(job_id)

    world.source.get = slow  # type: ignore[method-assign]  # a slow cloud
    card = await world.say(sentence)

    (kept,) = world.subscriptions.kept
    assert (kept.target, kept.state) == (JobTarget(JobId(205)), SubscriptionState.PENDING)
    assert "couldn't read the job just now" in str(card.summary)


async def test_a_cloud_that_is_down_does_not_stop_a_subscription_for_an_id(world: World) -> None:
    world.source.error = SourceUnavailable("No answer.")

    await world.say("subscribe 4711")

    assert world.subscriptions.baselines == [None]


@pytest.mark.parametrize("sentence", ["subscribe nobody", "subscribe name:nobody"])
async def test_an_unknown_name_is_not_kept_while_the_cloud_is_down(
    world: World, sentence: str
) -> None:
    world.source.error = SourceUnavailable("No answer.")

    assert "No answer." in str((await world.say(sentence)).summary)
    assert world.subscriptions.kept == []


async def test_a_refusal_of_the_cloud_is_told_and_nothing_is_kept(world: World) -> None:
    world.source.error = SourceRefused("No rights.")

    assert "No rights." in str((await world.say("subscribe 205")).summary)
    assert world.subscriptions.kept == []


async def test_a_subscription_that_was_not_kept_is_never_confirmed(world: World) -> None:
    world.subscriptions.error = StoreUnavailable("Nothing answers at db7, port 5432.")

    card = await world.say("subscribe 205")

    assert "My database does not answer." in str(card.summary)
    assert "db7" not in str(card)
    assert "Subscribed" not in str(card.summary)


async def test_a_channel_without_us_is_held_and_freed_when_tried_again(world: World) -> None:
    world.conversations.closed.add(CHANNEL)
    card = await world.say("subscribe 205 until 4h")

    assert world.places() == [CHANNEL]
    assert world.pauses.paused == {CHANNEL: "not_in_channel"}
    assert "/invite @visjob" in str(card.summary)
    assert buttons(card)["Try again"] == "subscribe id:205 in #C0EXP00001 until 4h"

    world.conversations.closed.clear()
    card = await world.say(buttons(card)["Try again"])
    assert world.pauses.paused == {}
    assert "Try again" not in buttons(card)


async def test_where_slack_does_not_say_whether_we_are_in_it_the_subscription_stands(
    world: World,
) -> None:
    world.conversations.error = MessageRejected("Slack refused conversations.info.")

    assert "Subscribed" in str((await world.say("subscribe 205")).summary)
    assert world.pauses.paused == {}


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("unsubscribe 205", ["231", "flow*", "project"]),
        ("unsubscribe flowers-tb", ["231", "flow*", "project"]),
        ("unsubscribe flowers-x", ["205", "flow*", "project"]),
        ("unsubscribe flow*", ["205", "231", "project"]),
        ("unsubscribe project", ["205", "231", "flow*"]),
        ("unsubscribe all", []),
        ("unsubscribe all in dm", ["205", "231", "flow*", "project"]),
        ("unsubscribe 999", ["205", "231", "flow*", "project"]),
        ("unsubscribe nobody", ["205", "231", "flow*", "project"]),
        ("unsubscribe flowers", ["205", "231", "flow*", "project"]),
    ],
)
async def test_what_is_named_is_told_no_more(world: World, sentence: str, left: list[str]) -> None:
    for target in ("205", "231", "flow*", "project"):
        await world.say(f"subscribe {target}")

    card = await world.press(sentence)

    assert [one.target.text for one in world.subscriptions.kept] == left
    assert card.lines


# A pick from a menu in a channel, and the question about what it ends; empty if there is none.
PICKED = {
    "one job": ("unsubscribe 205", "Unsubscribe the channel from flowers-tb (205)?"),
    "a pattern": ("unsubscribe flow*", "Unsubscribe the channel from jobs named `flow*`?"),
    "all": (
        "unsubscribe all",
        "Unsubscribe the channel from flowers-tb (205) and jobs named `flow*`?",
    ),
    "one's own direct message": ("unsubscribe 205 in dm", ""),
    "what is not followed": ("unsubscribe 812", ""),
}


@pytest.mark.parametrize(("sentence", "question"), PICKED.values(), ids=PICKED)
async def test_a_pick_asks_before_a_channel_stops_following(
    world: World, sentence: str, question: str
) -> None:
    for target in ("205", "flow*", "205 in dm"):
        await world.say(f"subscribe {target}")
    before = list(world.subscriptions.kept)

    card = await world.say(sentence, is_pick=True)

    asked = [c for c in card.controls if isinstance(c, Action) and c.question]
    assert len(asked) == bool(question)
    if question:
        summary = ENGLISH.plain(card.summary)
        assert summary == question
        assert str(asked[0].question).startswith("This ends "), "the dialog says what comes of it"
        assert asked[0].emphasis is Emphasis.DANGER
        assert world.subscriptions.kept == before
        await world.press(asked[0].command.text)
        assert world.subscriptions.kept != before
    else:
        assert (world.subscriptions.kept == before) == (sentence == "unsubscribe 812")


# What a channel follows, and the button of the private card of job 205.
FOLLOWED = {
    "nothing": ("", "Subscribe"),
    "another job": ("subscribe 231", "Subscribe"),
    "the job": ("subscribe 205", "Unsubscribe"),
    "a pattern, which a press could not end for the job alone": (
        "subscribe flowers-t*",
        "Subscribe",
    ),
    "the project": ("subscribe project", "Subscribe"),
    "the job and the project": ("subscribe project, subscribe 205", "Unsubscribe"),
    "the job, in somebody's direct messages": ("subscribe 205 in dm", "Subscribe"),
}


@pytest.mark.parametrize(("sentence", "label"), FOLLOWED.values(), ids=FOLLOWED)
async def test_a_private_card_offers_what_is_still_to_be_done_here(
    world: World, sentence: str, label: str
) -> None:
    for one in filter(None, sentence.split(", ")):
        await world.say(one)

    card = await world.say("205")

    follow = [c for c in card.controls if isinstance(c, Action) and "ubscribe" in str(c.label)]
    assert [str(one.label) for one in follow] == [label]
    assert [bool(one.question) for one in follow] == [label == "Unsubscribe"]


async def test_a_private_card_needs_no_database(world: World) -> None:
    world.subscriptions.error = StoreUnavailable("No answer.")

    assert "Subscribe" in buttons(await world.say("205"))


async def test_a_job_that_is_followed_with_others_is_not_left_by_itself(world: World) -> None:
    await world.say("subscribe project")
    await world.say("subscribe flowers-t*")

    card = await world.press("unsubscribe 205")

    assert len(world.subscriptions.kept) == 2
    assert "only as part of every job of the project and jobs named" in ENGLISH.plain(card.summary)
    ends = [c for c in card.controls if isinstance(c, Action)]
    assert all(one.question for one in ends)
    await world.press(ends[0].command.text)
    assert [one.target.text for one in world.subscriptions.kept] == ["flowers-t*"]


# What a channel follows, the sentence that ends some of it, and the words about the rest.
STILL = {
    "nothing else": (("205",), "unsubscribe 205", ""),
    "another job": (("205", "231"), "unsubscribe 205", ""),
    "another pattern": (("205", "bert*"), "unsubscribe 205", ""),
    "the project": (
        ("205", "project"),
        "unsubscribe 205",
        " It still follows every job of the project (every failure).",
    ),
    "a pattern, with every change": (
        ("205", "flow* for all"),
        "unsubscribe 205",
        " It still follows jobs named `flow*` (every change).",
    ),
    "a pattern of some events": (
        ("205", "flow* for failed,cost"),
        "unsubscribe 205",
        " It still follows jobs named `flow*` (failed, cost).",
    ),
    "a pattern and the project": (
        ("205", "flow*", "project"),
        "unsubscribe 205",
        " It still follows jobs named `flow*` (every change of state)."
        " It still follows every job of the project (every failure).",
    ),
    "the project, of a pattern": (
        ("flow*", "project"),
        "unsubscribe flow*",
        " It still follows every job of the project (every failure).",
    ),
    "direct messages": (
        ("205 in dm", "project in dm"),
        "unsubscribe 205 in dm",
        " You still follow every job of the project (every failure).",
    ),
}


@pytest.mark.parametrize(("followed", "sentence", "still"), STILL.values(), ids=STILL)
async def test_the_end_of_one_subscription_says_what_still_comes(
    world: World, followed: tuple[str, ...], sentence: str, still: str
) -> None:
    for one in followed:
        await world.say(f"subscribe {one}")

    summary = ENGLISH.plain((await world.say(sentence)).summary)

    first = summary.index(".") + 1
    assert summary[first:] == still


# The target of a subscription, and the words of the dialog before it ends.
ASKED_OF = {
    "205": "subscription to the job,",
    "flow*": "subscription to jobs named `flow*`,",
    "project": "subscription to every job of the project,",
}


@pytest.mark.parametrize(("target", "named"), ASKED_OF.items())
async def test_the_dialog_of_a_confirmation_names_what_ends(
    world: World, target: str, named: str
) -> None:
    card = await world.say(f"subscribe {target}")

    [ends] = [c for c in card.controls if isinstance(c, Action) and "Unsub" in str(c.label)]
    assert named in ENGLISH.plain(ends.question)


# A sentence that ends subscriptions, where it is typed, and whether the bot asks first.
TYPED = {
    "everything of a channel": ("unsubscribe all", CHANNEL, True),
    "everything of a channel, from elsewhere": (
        f"unsubscribe all in #{CHANNEL}",
        "C0OTHER001",
        True,
    ),
    "one job, which has an Undo": ("unsubscribe 205", CHANNEL, False),
    "one's own direct message": ("unsubscribe all in dm", CHANNEL, False),
}


@pytest.mark.parametrize(("sentence", "channel_id", "asks"), TYPED.values(), ids=TYPED)
async def test_a_typed_sentence_that_ends_several_for_others_asks_first(
    world: World, sentence: str, channel_id: str, asks: bool
) -> None:
    for target in ("205", "flow*", "205 in dm", "231 in dm"):
        await world.say(f"subscribe {target}")
    before = list(world.subscriptions.kept)

    card = await world.say(sentence, channel_id=channel_id)

    assert (world.subscriptions.kept == before) == asks
    if asks:
        [button] = card.controls
        assert isinstance(button, Action)
        assert button.emphasis is Emphasis.DANGER
        answer = await world.press(button.command.text)
        assert {one.place.channel_id for one in world.subscriptions.kept} == {"D0ANA00001"}
        assert ENGLISH.plain(answer.summary).startswith("The channel no longer follows anything.")


async def test_the_only_subscription_of_a_channel_ends_at_once_and_has_an_undo(
    world: World,
) -> None:
    await world.say("subscribe 205")

    card = await world.say("unsubscribe all")

    assert world.subscriptions.kept == []
    assert list(buttons(card)) == ["Undo"]


async def test_a_button_for_a_mistyped_sentence_asks_too(world: World) -> None:
    card = await world.say("unsubscrbe 205")

    asking = {c.command.text: bool(c.question) for c in card.controls if isinstance(c, Action)}
    assert asking == {"unsubscribe 205": True, "subscribe 205": False, "help": False}


async def test_a_job_that_is_gone_is_still_unsubscribed_by_its_id(world: World) -> None:
    world.subscriptions.kept = [a_subscription(JobTarget(JobId(4711)))]
    world.source.error = SourceUnavailable("No answer.")

    card = await world.press("unsubscribe 4711")

    assert world.subscriptions.kept == []
    assert str(card.summary) == "The channel no longer follows Job 4711."
    assert world.subscriptions.ended_by == ANA
    assert buttons(card) == {"Undo": "subscribe id:4711 for all in #C0EXP00001"}
    assert card.verbatim == ()


async def test_what_was_removed_comes_back_by_the_sentences_of_the_answer(world: World) -> None:
    await world.say("subscribe 205 for failed as card")
    await world.say("subscribe flow*")
    before = world.subscriptions.kept

    card = await world.press("unsubscribe all")
    listed = [line[1:] for line in card.lines if isinstance(line[0], Bullet)]
    assert [[one for one in line if isinstance(one, Channel)] for line in listed] == [
        [Channel("C0EXP00001")],
        [Channel("C0EXP00001")],
    ]
    for line in listed:
        words = [f"#{one.channel_id}" if isinstance(one, Channel) else str(one) for one in line]
        assert words[0].startswith("/visjob subscribe ")
        assert "C0EXP00001" not in words[0]
        await world.say("".join(words), channel_id="C0OTHER001")

    subscriptions = [(s.place, s.target, s.event_filter, s.delivery_mode) for s in before]
    assert [
        (s.place, s.target, s.event_filter, s.delivery_mode) for s in world.subscriptions.kept
    ] == subscriptions


async def test_a_list_is_of_here_of_mine_or_of_all(world: World) -> None:
    await world.say("subscribe 205")
    await world.say("subscribe project", channel_id="C0OTHER001", user_id="U0BEN00001")
    await world.say("subscribe 231 in dm")
    await world.say("subscribe 197 in dm until 4h", user_id="U0BEN00001")

    counts = {
        scope: str((await world.say(f"subscriptions {scope}")).summary).split(".")[0]
        for scope in ("here", "mine", "all")
    }

    assert counts == {
        "here": "1 subscription here",
        "mine": "You have 2 subscriptions",
        "all": "3 subscriptions in this workspace",
    }, "another person's direct messages are not shown"


@pytest.mark.parametrize(
    ("followed", "example"),
    [
        ("231", "`copy 231 to #channel`"),
        ("flow*", "`copy flow* to #channel`"),
        ("project for failures", "`copy project to #channel`"),
    ],
)
async def test_the_line_that_copies_one_names_one_of_the_list(
    world: World, followed: str, example: str
) -> None:
    await world.say(f"subscribe {followed}")

    card = await world.say("subscriptions")

    assert example in "\n".join(line_words(line) for line in card.lines)


async def test_what_a_private_channel_is_told_of_is_shown_to_its_members_alone(
    world: World,
) -> None:
    hidden = Place(team_id=TEAM, channel_id="C0PRIVATE1")
    world.conversations.private["C0PRIVATE1"] = {"U0BEN00001"}
    world.subscriptions.kept = [
        a_subscription(JobTarget(JobId(231)), place=hidden, created_by="U0BEN00001"),
        a_subscription(JobTarget(JobId(231)), created_by="U0BEN00001"),
    ]

    told = await world.say("subscriptions all")
    assert "1 subscription in" in str(told.summary)
    assert "1 more is in a channel that you can't see." in str(told.summary)
    assert "more" not in str((await world.say("subscriptions here")).summary)
    told = await world.say("subscriptions all", user_id="U0BEN00001")
    assert "2 subscriptions in" in str(told.summary)
    world.conversations.error = MessengerUnavailable("Slack does not answer.")
    assert "1 subscription in" in str((await world.say("subscriptions all")).summary)


async def test_a_list_removes_one_by_a_picker_and_all_after_a_question(world: World) -> None:
    await world.say("subscribe 205")
    await world.say("subscribe flow*")

    card = await world.say("subscriptions")

    changing, removing = [c for c in card.controls if isinstance(c, Picker)]
    assert [choice.command.text for choice in removing.choices] == [
        "unsubscribe id:205 in #C0EXP00001",
        "unsubscribe flow* in #C0EXP00001",
    ]
    assert [choice.command.text for choice in changing.choices] == [
        "subscribe id:205 in #C0EXP00001 form",
        "subscribe flow* in #C0EXP00001 form",
    ]
    (remove_all,) = [c for c in card.controls if isinstance(c, Action)]
    assert remove_all.command.text == "unsubscribe all in #C0EXP00001"
    assert remove_all.emphasis is Emphasis.DANGER
    assert remove_all.question
    (menu,) = [c for c in card.controls if isinstance(c, Menu)]
    assert len(card.controls) == 4
    assert [action.command.text for action in menu.actions] == [
        "copy all in #C0EXP00001",
        "subscriptions mine",
        "subscriptions all",
        "subscriptions here export",
    ]


async def test_a_row_of_the_list_says_only_what_is_not_as_usual(world: World) -> None:
    await world.say("subscribe 205")
    await world.say("subscribe flow* for failed,stuck as card")

    rows = [line_words(line) for line in (await world.say("subscriptions")).lines]

    assert [row.replace("\u00a0", " ") for row in rows if row.startswith("•")] == [
        "• flowers-tb (205)  ·  every change of state",
        "• jobs named `flow*`  ·  failed, stuck  ·  on its card alone",
    ]


@pytest.mark.parametrize(
    ("sentence", "question", "offered"),
    [
        ("copy all", "Copy all subscriptions from the channel. Where to?", True),
        ("copy 205", "Copy `205` from the channel. Where to?", True),
        ("copy 205 in dm", "Copy `205` from your direct messages. Where to?", False),
    ],
)
async def test_a_copy_without_a_place_asks_where_to(
    world: World, sentence: str, question: str, *, offered: bool
) -> None:
    await world.say("subscribe 205")

    card = await world.say(sentence)

    assert str(card.summary) == question
    (picker,) = [c for c in card.controls if isinstance(c, PlacePicker)]
    assert parse(f"{picker.command.text} to #C0OTHER001").text.startswith(
        sentence.partition(" in")[0]
    )
    assert ("Copy to me" in buttons(card)) is offered
    assert len(world.subscriptions.kept) == 1


async def test_an_empty_list_offers_nothing_to_remove(world: World) -> None:
    card = await world.say("subscriptions")

    assert str(card.summary) == "Nothing is followed here."
    assert set(buttons(card)) == {"What you follow", "All of this workspace"}


@pytest.mark.parametrize("status", [10, 11, 12, 14])
@pytest.mark.parametrize("sentence", ["subscribe 321", "subscribe 321 as card until 3d"])
async def test_of_a_job_that_has_ended_only_a_restart_is_news(
    world: World, sentence: str, status: int
) -> None:
    world.source.jobs = [a_job(321, status, name="old-tb")]

    for _ in ("for the first time", "once more"):
        said = str((await world.say(sentence)).summary)

        assert "until its next run ends" in said, "the job has ended before"
        assert "until the job ends" not in said
        assert "It has ended already; I'll post when it is restarted." in said


async def test_an_export_is_yaml_that_says_the_same_again(world: World) -> None:
    yaml = pytest.importorskip("yaml")
    await world.say("subscribe 205 for failed as card")
    await world.say("subscribe *-tb until 3d")
    night = QuietHours(begins_at=22 * 60, ends_at=8 * 60, lets_failures_pass=True)
    elsewhere = Place(team_id=TEAM, channel_id="C0ELSEWHERE")
    world.rules.rules = {
        HERE: PlaceRules(place=HERE, quiet_hours=night, time_zone="Asia/Shanghai"),
        elsewhere: PlaceRules(place=elsewhere, language="zh-CN"),
    }

    card = await world.say("subscriptions export")

    told = yaml.load("\n".join(map(line_words, card.verbatim)), yaml.BaseLoader)
    reading = Reading(project=OURS, now=NOW, place_id=str)
    (wanted,) = read_places(told, reading)
    assert wanted.rules == {"quiet_hours": night, "time_zone": "Asia/Shanghai"}
    assert wanted.subscriptions is not None
    assert {terms(one) for one in wanted.subscriptions} == {
        terms(one) for one in world.subscriptions.kept
    }
    assert yaml.safe_load(
        "\n".join(map(line_words, (await world.say("subscriptions mine export")).verbatim))
    )


def terms(one: Subscription) -> tuple[object, ...]:
    return (one.place, one.target, one.event_filter, one.delivery_mode, one.until, one.created_by)


async def test_an_empty_export_is_an_empty_list(world: World) -> None:
    yaml = pytest.importorskip("yaml")

    card = await world.say("subscriptions export")

    assert yaml.safe_load("\n".join(map(line_words, card.verbatim)))["places"] == []


async def test_a_preview_counts_what_would_have_been_sent_and_keeps_nothing(world: World) -> None:
    world.history.changes = [
        a_change(7, 8, job=a_job(205)),
        a_change(8, 11, sequence=2, job=a_job(205)),
        a_change(8, 11, job=a_job(231, name="flowers-xl")),
        a_change(8, 11, job=a_job(197, name="apiTest-11")),
    ]

    one = await world.say("subscribe 205 preview until 4h")
    many = await world.say("subscribe flowers* preview")
    edits = await world.say("subscribe project for all as card preview")

    assert "would have sent 2 messages" in str(one.summary)
    assert "would have sent 3 messages" in str(many.summary)
    assert "would have edited the card 4 times" in str(edits.summary)
    assert world.subscriptions.kept == []
    said = buttons(one)
    assert said["Subscribe to changes of state"] == "subscribe id:205 in #C0EXP00001 until 4h"
    assert said["Subscribe to failures only"].startswith("subscribe id:205 for failures")


_ONLY = "Subscribe to failures only"


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("subscribe 205 preview", ["Subscribe to changes of state", "Subscribe to failures only"]),
        (
            "subscribe f* for all preview",
            ["Subscribe to every change", "Subscribe to failures only"],
        ),
        ("subscribe project preview", ["Subscribe to failures only"]),
        (
            "subscribe flowers* for running,failed preview",
            ["Subscribe to these events", "Subscribe to failures only"],
        ),
    ],
)
async def test_a_preview_has_one_primary_button_and_each_says_what_it_does(
    world: World, sentence: str, labels: list[str]
) -> None:
    pressed = [one for one in (await world.say(sentence)).controls if isinstance(one, Action)]

    assert [str(one.label) for one in pressed] == labels
    assert [one.emphasis for one in pressed] == [
        Emphasis.PRIMARY,
        *(Emphasis.PLAIN for _ in labels[1:]),
    ]


async def test_a_preview_forgets_what_is_older_than_a_week(world: World) -> None:
    world.history.changes = [a_change(7, 8, job=a_job(205))]
    world.clock.advance(days=7, seconds=1)

    assert "sent 0 messages" in str((await world.say("subscribe 205 preview")).summary)


async def test_why_sets_what_was_seen_beside_what_was_sent_or_held(world: World) -> None:
    changes = [a_change(7, 8, job=a_job(205)), a_change(8, 9, sequence=2, job=a_job(205))]
    changes.append(a_change(9, 12, sequence=3, job=a_job(205)))
    world.history.changes = changes
    world.subscriptions.kept = [a_subscription(event_filter=EventFilter("running,stopped"))]
    world.history.receipts = [
        _receipt(changes[2], DeliveryState.HELD, "not in the channel"),
        _receipt(changes[0], DeliveryState.SENT),
    ]

    card = await world.say("why 205")

    assert "The channel gets these events (running, stopped)." in str(card.summary)
    assert "2026-03-24 14:17 UTC: Queued → Running, posted at once." in str(card.summary)
    assert "14:16:35" not in str(card.summary)
    exact = await world.say("why 205 details")
    assert "Changed between 14:16:35 UTC and 14:17:05 UTC, posted at 14:17:05 UTC." in str(
        str(exact.summary)
    )
    newest = [line_words(line).partition("  ")[2] for line in card.lines[3:]]
    assert [step.partition("  ·")[0] for step in newest] == [
        "Stopping → Stopped", "Running → Stopping", "Queued → Running",
    ]  # fmt: skip
    assert "Running → Stopping, not posted here: only running, stopped" in str(card.summary)
    assert "What I would post here waits: not in the channel." in str(card.summary)
    assert "Stopping → Stopped, held back." in str(card.summary)


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        (("changes",), "only changes of state"),
        (("failures",), "only failures"),
        (("failures", "changes", "failures"), "only failures and changes of state"),
        (("cost,link",), "only cost, link"),
        ((), "nobody follows it"),
    ],
)
async def test_why_says_what_the_place_wants_instead(
    world: World, filters: tuple[str, ...], why: str
) -> None:
    world.history.changes = [a_change(1, 7, job=a_job(205))]
    targets = (None, ProjectTarget(), PatternTarget("flow*"))
    world.subscriptions.kept = [
        a_subscription(target, event_filter=EventFilter(text))
        for target, text in zip(targets, filters, strict=False)
    ]

    card = await world.say("why 205")

    assert f"JOBSTAT_INIT → JOBSTAT_WAITING, not posted here: {why}" in str(card.summary)


async def test_what_two_subscriptions_ask_for_alike_is_said_once(world: World) -> None:
    world.subscriptions.kept = [a_subscription(), a_subscription(ProjectTarget())]

    card = await world.say("why 205")

    assert "The channel gets every change." in str(card.summary)


async def test_why_needs_no_cloud_and_says_when_nothing_was_seen(world: World) -> None:
    world.source.error = SourceUnavailable("No answer.")

    card = await world.say("why 4711")

    assert "I have recorded no change in the last 7 days." in str(card.summary)
    assert "I record what I see of a job while somebody follows it." in str(card.summary)
    assert buttons(card)["Subscribe"] == "subscribe id:4711"


async def test_why_asks_which_job_is_meant(world: World) -> None:
    assert sorted(buttons(await world.say("why flowers")).values()) == ["why id:205", "why id:231"]


SECRET = "C0SECRET01"


async def test_one_subscription_is_copied_elsewhere_as_it_is(world: World) -> None:
    world.subscriptions.kept = [
        a_subscription(event_filter=EventFilter("failures"), delivery_mode=DeliveryMode.CHANNEL),
        a_subscription(PatternTarget("flow*")),
    ]

    card = await world.say("copy 205 to #C0OTHER001", user_id="U0BEN00001")

    assert str(card.summary) == "The channel now follows flowers-tb (205), too."
    [made] = [one for one in world.subscriptions.kept if one.place.channel_id == "C0OTHER001"]
    assert (made.target, made.event_filter) == (JobTarget(JobId(205)), EventFilter("failures"))
    assert (made.delivery_mode, made.created_by) == (DeliveryMode.CHANNEL, "U0BEN00001")
    assert made.state is SubscriptionState.PENDING, "its news begin with its own first read"


async def test_all_that_lives_is_copied_to_a_direct_message(world: World) -> None:
    world.subscriptions.kept = [
        a_subscription(),
        a_subscription(PatternTarget("flow*")),
        a_subscription(JobTarget(JobId(231)), state=SubscriptionState.ENDED, ended_at=NOW),
        a_subscription(place=Place(team_id=TEAM, channel_id="C0OTHER001")),
    ]

    await world.say("copy all to dm")

    assert world.places().count("D0ANA00001") == 2


async def test_a_copy_to_where_we_are_not_waits_for_an_invitation(world: World) -> None:
    world.subscriptions.kept = [a_subscription()]
    world.conversations.closed.add("C0OTHER001")

    card = await world.say("copy 205 to #C0OTHER001")

    assert "/invite @visjob" in str(card.summary)
    assert world.pauses.paused == {"C0OTHER001": "not_in_channel"}
    assert buttons(card) == {
        "Try again": "copy 205 in #C0EXP00001 to #C0OTHER001",
        "Subscriptions": "subscriptions here",
    }

    world.conversations.closed.clear()
    again = await world.say(buttons(card)["Try again"])
    assert str(again.summary) == "The channel already follows flowers-tb (205)."
    assert world.pauses.paused == {}, "an invitation frees what waits there"


@pytest.mark.parametrize(
    ("sentence", "is_direct"),
    [
        (f"copy 205 to #{CHANNEL}", False),
        (f"copy all to #{CHANNEL}", False),
        ("copy 205 in #C0OTHER001 to #C0OTHER001", False),
        ("copy 205 to dm", True),
    ],
)
async def test_a_copy_to_where_it_comes_from_does_nothing(
    world: World, sentence: str, is_direct: bool
) -> None:
    world.subscriptions.kept = [a_subscription()]

    card = await world.say(sentence, is_direct=is_direct)

    assert str(card.summary) == "Nothing copied: that is where they already are."
    assert world.subscriptions.keys == []


async def test_what_is_told_there_just_so_is_not_copied_again(world: World) -> None:
    there = Place(team_id=TEAM, channel_id="C0OTHER001")
    world.subscriptions.kept = [
        a_subscription(),
        a_subscription(PatternTarget("flow*")),
        a_subscription(place=there, created_by="U0BEN00001"),
    ]

    once = await world.say("copy 205 to #C0OTHER001")
    assert str(once.summary) == "The channel already follows flowers-tb (205)."
    assert world.subscriptions.keys == []

    both = await world.say("copy all to #C0OTHER001")
    assert str(both.summary) == (
        "The channel now follows jobs named `flow*`, too. "
        "The channel already follows flowers-tb (205)."
    )
    assert world.places().count("C0OTHER001") == 2


@pytest.mark.parametrize(
    "differs",
    [
        {"event_filter": EventFilter("failures")},
        {"delivery_mode": DeliveryMode.CARD},
        {"until": NOW + timedelta(days=1)},
        {"state": SubscriptionState.ENDED, "ended_at": NOW},
    ],
)
async def test_what_is_told_there_in_another_way_is_told_as_here_from_now_on(
    world: World, differs: dict[str, Any]
) -> None:
    there = Place(team_id=TEAM, channel_id="C0OTHER001")
    world.subscriptions.kept = [a_subscription(), a_subscription(place=there, **differs)]

    card = await world.say("copy 205 to #C0OTHER001")

    assert str(card.summary).startswith("The channel now follows flowers-tb (205), too.")
    [kept] = [one for one in world.subscriptions.kept if one.place == there]
    assert (kept.event_filter, kept.delivery_mode, kept.until) == (
        EventFilter("all"),
        DeliveryMode.THREAD,
        None,
    )


async def test_what_is_not_told_here_is_not_copied(world: World) -> None:
    card = await world.say("copy 205 to dm")
    assert "Nothing copied: there is no such subscription here." in str(card.summary)
    assert "Nothing copied" in str((await world.say("copy all to dm")).summary)
    assert world.subscriptions.kept == []


@pytest.mark.parametrize("sentence", ["subscribe 205 in", "unsubscribe all in", "copy all to"])
async def test_a_private_channel_is_closed_to_who_is_not_in_it(world: World, sentence: str) -> None:
    world.conversations.private[SECRET] = {"U0BEN00001"}
    world.subscriptions.kept = [
        a_subscription(),
        a_subscription(place=Place(team_id=TEAM, channel_id=SECRET)),
    ]
    before = list(world.subscriptions.kept)

    refused = await world.say(f"{sentence} #{SECRET}")

    assert str(refused.summary).startswith("That is not a channel that you and I can both see.")
    assert (world.subscriptions.kept, world.pauses.paused) == (before, {})
    allowed = await world.say(f"{sentence} #{SECRET}", user_id="U0BEN00001")
    assert "no channel" not in str(allowed.summary)


async def test_in_a_private_channel_itself_nobody_is_asked_who_he_is(world: World) -> None:
    world.conversations.private[CHANNEL] = set()

    assert str((await world.say(f"subscribe 205 in #{CHANNEL}")).summary).startswith("Subscribed")


async def test_an_answer_offers_where_else_it_could_be_told(world: World) -> None:
    card = await world.say("subscribe 205")

    assert buttons(card)["Copy to me"] == "copy id:205 in #C0EXP00001 to dm"
    [picker] = [c for c in card.controls if isinstance(c, PlacePicker)]
    assert f"{picker.command.text} to #C0OTHER001" == ("copy id:205 in #C0EXP00001 to #C0OTHER001")
    assert "Copy to me" not in buttons(await world.say("subscribe 205 in dm"))


async def test_every_button_says_a_sentence_of_the_grammar(world: World) -> None:
    world.conversations.closed.add(CHANNEL)
    for sentence in ("subscribe 205", "subscribe flow*", "subscriptions", "unsubscribe 205"):
        for said in buttons(await world.say(sentence)).values():
            assert parse(said).text == said


async def test_a_persons_own_page_has_their_subscriptions_and_the_failures_of_a_day(
    world: World,
) -> None:
    await world.say("subscribe 205")
    await world.say("subscribe 231", user_id="U0BEN00001")
    world.history.changes = [
        a_change(7, 8, job=a_job(205, 8)),
        a_change(8, 11, job=a_job(205, 11)),
        replace(a_change(8, 11, job=a_job(231, 11)), seen_at=NOW - timedelta(hours=25)),
    ]

    first, running, mine, failed, *_ = await world.responder.home(TEAM, ANA, 1)

    assert [str(section[0].title) for section in (first, running, mine, failed)] == [
        "Needs you", "Running now", "What you follow", "Failed",
    ]  # fmt: skip
    assert line_words(mine[0].lines[0]) == "1 subscription."
    assert len(mine[1].lines) == 1
    assert [line_words(row.lines[0]) for row in first[1:]] == [
        "🔴 flowers-tb (205)  ·  Failed  ·  ran 2 h 14 min  ·  just now"
    ]


async def test_a_persons_own_page_needs_no_database(world: World) -> None:
    world.subscriptions.error = StoreUnavailable("No database.")

    sections = await world.responder.home(TEAM, ANA, 1)

    assert [str(section[0].title) for section in sections[:2]] == [
        "Running now", "Failed",
    ]  # fmt: skip


def _receipt(change: StatusChange, state: DeliveryState, reason: str = "") -> DeliveryReceipt:
    return DeliveryReceipt(
        kind=DeliveryKind.CHANGE,
        state=state,
        change=change,
        sent_at=NOW if state is DeliveryState.SENT else None,
        reason=reason,
    )


async def test_a_request_is_kept_by_its_key(world: World) -> None:
    for text in ("subscribe 205", "unsubscribe 205"):
        request = Request(text=text, team_id=TEAM, user_id=ANA, channel_id=CHANNEL, key=text)
        await world.responder.respond(request)

    assert world.subscriptions.keys == ["subscribe 205", "unsubscribe 205"]


@pytest.mark.parametrize("is_direct", [True, False])
async def test_a_wish_for_direct_messages_is_met_at_once_where_nothing_else_can_be_meant(
    world: World, *, is_direct: bool
) -> None:
    card = await world.say("subscribe me to 205 when it fails", is_direct=is_direct)

    assert [one.event_filter.text for one in world.subscriptions.kept] == ["failed"] * is_direct
    assert ("Did you mean" in str(card.summary)) is not is_direct
