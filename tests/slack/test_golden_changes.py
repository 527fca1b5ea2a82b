"""The golden cards of what a place is told; `pytest --rewrite-golden` writes them anew."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.card_content import CardContent
from bot.core.card_edit import Unfollowed
from bot.core.cards.bot.welcome import channel_welcome
from bot.core.cards.card import Action, Card, Menu
from bot.core.cards.changes.change_groups import changes_card
from bot.core.cards.changes.changes import api_missing_card, change_card, delivery_card, source_card
from bot.core.cards.changes.outages import outages_card
from bot.core.cards.changes.paused_place import paused_card
from bot.core.cards.jobs.followed import followed_card
from bot.core.cards.jobs.unfollowed import unfollowed_card
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.change import StatusChange
from bot.core.commands.grammar import parse
from bot.core.delivery import CardDelivery, Delivery, Greeting, Outage, PauseNote, SourceNote
from bot.core.runs import last_run
from bot.core.text import ENGLISH
from bot.core.timeline import timeline
from bot.slack.blocks import LONGEST_TEXT, render
from bot.slack.contact import INVITATION
from tests.history_fakes import GAP, a_record, ago
from tests.make import ANA, HOSTILE_TEXTS, LINK_HOSTS, NOW, PROJECT, a_change, a_job, line_words
from tests.outbox_fakes import HERE, a_delivery, a_group
from tests.reference import needs_reference
from tests.slack.oracles import DATE_TOKEN, hold_message, hold_to_schema

Json = dict[str, Any]

DIRECT = replace(HERE, channel_id="D0ANA00001")
FOLDER = Path(__file__).parents[1] / "golden" / "changes"


def watched(status: int = 8, **more: Any) -> Card:
    """flowers-tb's card where it is watched."""
    names = ("change", "confirmed_at", "unconfirmed", "is_with_others")
    told = {name: more.pop(name) for name in names if name in more}
    followers = more.pop("followers", (ANA,))
    run = more.pop("run", None)
    shown = CardContent(
        job=a_job(status=status, **more),
        followers=followers,
        last_run=last_run(timeline(run, begin=ago(200), end=NOW, gap=GAP)) if run else (),
        **told,
    )
    return followed_card(shown, link_hosts=LINK_HOSTS)


def no_more(status: int, change: StatusChange | None = None, **facts: Any) -> Card:
    """flowers-tb's card where Ana has unsubscribed."""
    unfollowed = Unfollowed(by=ANA, at=NOW)
    return unfollowed_card(a_job(status=status, **facts), unfollowed, change=change)


def changed(before: int, after: int, **facts: Any) -> Card:
    """One change of flowers-tb."""
    status = {"status": before} if after < 0 else {"status": after}
    change = a_change(before, after)
    return change_card(replace(change, job=a_job(**{**status, **facts})), link_hosts=LINK_HOSTS)


def waited(*steps: tuple[int, int], jobs: int = 1) -> tuple[StatusChange, ...]:
    """Changes that were seen a minute apart, of so many jobs in turn."""
    return tuple(
        replace(
            a_change(before, after, sequence=number, id=205 + number % jobs,
                     name=f"flowers-{number % jobs}"),
            seen_at=NOW - timedelta(minutes=20 - number),
        )
        for number, (before, after) in enumerate(steps)
    )  # fmt: skip


def paused(reason: str) -> Card:
    """A channel cannot be posted to."""
    return paused_card("C0EXP00001", reason, invitation=INVITATION)


A_RUN = a_record((7, 8, 26.56), (8, 9, 0.511), (9, 12, 0.5), since=26.61)
A_FAILURE = a_record((10, 7, 9), (7, 8, 8.9), (8, 11, 8.2), since=90)
A_RESTLESS_RUN = a_record((7, 8, 9), (8, 7, 7), (7, 8, 6), (8, 9, 2), (9, 10, 1), since=10)
CHANNELS = frozenset({"C0EXP00001"})
PEOPLE = frozenset({ANA, "U0BEN00001", "U0CHLOE001"})
LONG_AGO = NOW - timedelta(minutes=40)


def _away(count: int) -> tuple[Outage, ...]:
    hour = timedelta(hours=1)
    return tuple(
        Outage(since=NOW - number * hour, until=NOW - number * hour + 22 * hour / 60)
        for number in range(count, 0, -1)
    )


CARDS: dict[str, Callable[[], Card]] = {
    "watched-running": lambda: watched(8),
    "watched-queued": lambda: watched(7, duration=timedelta(seconds=33)),
    "watched-just-changed": lambda: watched(
        8, change=a_change(7, 8), duration=timedelta(seconds=4), followers=(ANA, "U0BEN00001")
    ),
    "watched-with-others": lambda: watched(8, is_with_others=True),
    "watched-by-many": lambda: watched(8, followers=(ANA, "U0BEN00001", "U0CHLOE001")),
    "watched-stopping": lambda: watched(9, duration=timedelta(seconds=4)),
    "watched-failed": lambda: watched(11, followers=()),
    "watched-failed-followed-on": lambda: watched(11),
    "watched-finished": lambda: watched(10, followers=()),
    "watched-stopped-after-its-run": lambda: watched(
        12, run=A_RUN, followers=(), duration=timedelta(hours=26, minutes=3)
    ),
    "watched-failed-after-its-run": lambda: watched(11, run=A_FAILURE),
    "watched-ended-after-a-restless-run": lambda: watched(10, run=A_RESTLESS_RUN),
    "watched-gone-while-it-ran": lambda: watched(
        8, change=a_change(8, -1), run=a_record((7, 8, 3), (8, -1, 1), since=4)
    ),
    "watched-gone": lambda: watched(8, change=a_change(8, -1)),
    "watched-unconfirmed": lambda: watched(8, confirmed_at=LONG_AGO),
    "watched-failed-unconfirmed": lambda: watched(11, confirmed_at=LONG_AGO, followers=()),
    "watched-one-unconfirmed-notice": lambda: watched(8, unconfirmed=1),
    "watched-unconfirmed-notices": lambda: watched(11, unconfirmed=3, followers=()),
    "watched-no-more": lambda: no_more(8),
    "watched-no-more-ended": lambda: no_more(11),
    "watched-no-more-gone": lambda: no_more(8, change=a_change(8, -1)),
    "watched-no-more-unnamed": lambda: no_more(37, name=""),
    "change-to-running": lambda: changed(7, 8),
    "change-to-failed": lambda: changed(8, 11, duration=timedelta(minutes=41)),
    "change-to-finished": lambda: changed(8, 10),
    "change-to-stopped": lambda: changed(9, 12),
    "change-to-lost": lambda: changed(8, 14),
    "change-on-the-way": lambda: changed(1, 7, duration=None),
    "change-within-running": lambda: changed(15, 8),
    "change-to-unlisted": lambda: changed(8, 37),
    "change-restarted": lambda: changed(11, 1, duration=None),
    "change-run-anew": lambda: changed(8, 8, duration=timedelta(minutes=3)),
    "change-failed-again": lambda: changed(11, 11, duration=timedelta(minutes=3)),
    "change-appeared": lambda: changed(-1, 8),
    "change-deleted": lambda: changed(8, -1),
    "change-delete-failed": lambda: changed(8, 6),
    "change-link-not-offered": lambda: changed(7, 8, service_url="https://evil.example/205/"),
    "change-long-unseen": lambda: change_card(
        replace(a_change(8, 10), last_seen_at=LONG_AGO), link_hosts=LINK_HOSTS
    ),
    "change-told-late": lambda: change_card(a_change(8, 10), link_hosts=LINK_HOSTS, is_late=True),
    "change-followed-all-the-same": lambda: change_card(
        a_change(8, 10), link_hosts=LINK_HOSTS, is_followed=True
    ),
    "change-hostile": lambda: changed(7, 8, name=HOSTILE_TEXTS[0]),
    "change-flapping": lambda: delivery_card(
        a_delivery(a_change(7, 8), offers_quiet=True), link_hosts=LINK_HOSTS, invitation=INVITATION
    ),
    "changes-flapping": lambda: delivery_card(
        a_group(*waited((7, 8), (8, 7), (7, 8), (8, 7)), offers_quiet=True),
        link_hosts=LINK_HOSTS,
        invitation=INVITATION,
    ),
    "digest-offered": lambda: delivery_card(
        a_delivery(a_change(7, 8), offers_digest=True), link_hosts=LINK_HOSTS, invitation=INVITATION
    ),
    "digest-offered-directly": lambda: delivery_card(
        replace(a_group(*waited((7, 8), (8, 7), (7, 8), (8, 7))), offers_digest=True, place=DIRECT),
        link_hosts=LINK_HOSTS,
        invitation=INVITATION,
    ),
    "changes-of-one-job": lambda: changes_card(waited((1, 7), (7, 8), (8, 9), (9, 12))),
    "changes-of-several-jobs": lambda: changes_card(
        waited(*[(7, 8), (8, 11), (8, -1), (-1, 1)] * 5, jobs=7)
    ),
    "paused-not-in-channel": lambda: paused("Slack refused chat.postMessage. not_in_channel"),
    "paused-removed": lambda: paused("removed from the channel"),
    "paused-archived": lambda: paused("the channel is archived"),
    "paused-deleted": lambda: paused("the channel was deleted"),
    "paused-forbidden": lambda: paused("Slack refused chat.postMessage. restricted_action"),
    "paused-hostile": lambda: paused(HOSTILE_TEXTS[0]),
    "source-lost": lambda: source_card(LONG_AGO, is_back=False),
    "source-back": lambda: source_card(LONG_AGO, is_back=True),
    "source-away-once": lambda: outages_card(_away(1)),
    "source-away-often": lambda: outages_card(_away(12)),
}  # fmt: skip


@pytest.mark.parametrize("name", CARDS)
def test_news_are_as_they_were_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    drawn = render(CARDS[name]())
    path = FOLDER / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(json.dumps(drawn, indent=2, ensure_ascii=False) + "\n")

    assert drawn == json.loads(path.read_text())


def test_no_golden_file_of_news_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CARDS)


@pytest.mark.parametrize("name", CARDS)
def test_every_time_in_a_text_is_in_the_readers_zone(name: str) -> None:
    assert "UTC" not in DATE_TOKEN.sub("", render(CARDS[name]())["text"])


@pytest.mark.parametrize("name", CARDS)
def test_news_are_within_all_limits_and_call_nobody(name: str) -> None:
    message = render(CARDS[name]())

    hold_message(message, mentions=CHANNELS | PEOPLE)
    assert len(message["blocks"]) <= 5
    assert len(message["text"]) <= LONGEST_TEXT
    assert message["text"].endswith(".")


@needs_reference
@pytest.mark.parametrize("name", CARDS)
def test_news_have_the_shape_of_slacks_own_types(name: str) -> None:
    hold_to_schema("message", render(CARDS[name]()))


@pytest.mark.parametrize("name", CARDS)
def test_every_button_says_a_sentence(name: str) -> None:
    for control in CARDS[name]().controls:
        assert isinstance(control, Action | Menu)
        for action in control.actions if isinstance(control, Menu) else (control,):
            assert parse(action.command.text) == action.command


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("watched-running", ["Open TensorBoard", "Refresh", "Unsubscribe"]),
        ("watched-with-others", ["Open TensorBoard", "Refresh"]),
        ("watched-failed", ["Refresh", "Subscribe again"]),
        ("watched-failed-followed-on", ["Refresh", "Unsubscribe"]),
        ("watched-gone", []),
        ("watched-no-more", ["Subscribe again"]),
        ("watched-no-more-ended", ["Subscribe again"]),
        ("watched-no-more-gone", []),
        ("change-to-running", ["Open TensorBoard"]),
        ("change-on-the-way", []),
        ("change-to-failed", ["History"]),
        ("change-to-finished", ["Subscribe again"]),
        ("change-followed-all-the-same", []),
        ("change-link-not-offered", []),
        ("change-deleted", []),
        ("change-flapping", ["Only the card"]),
    ],
)
def test_only_what_makes_sense_is_offered(name: str, labels: list[str]) -> None:
    controls = CARDS[name]().controls

    assert [str(one.label) for one in controls if isinstance(one, Action)] == labels


def test_subscribing_again_is_the_sentence_that_one_would_type() -> None:
    again = CARDS["watched-failed"]().controls[1]

    assert isinstance(again, Action)
    assert again.command.text == "subscribe 205"


def test_a_step_between_equal_words_is_told_in_the_vendors() -> None:
    assert "JOBSTAT_INIT → JOBSTAT_WAITING" in str(CARDS["change-on-the-way"]().summary)


@pytest.mark.parametrize("name", [name for name in CARDS if name.startswith("change-")])
def test_a_change_is_one_line_with_one_button_at_the_most(name: str) -> None:
    card = CARDS[name]()

    assert len(card.lines) == 1
    assert len(card.controls) <= 1
    small_print = line_words(card.notes[0])
    assert "→" in small_print
    assert "JOBSTAT" not in line_words(card.lines[0])
    assert len(card.notes) == 1 + (name == "change-flapping")


@pytest.mark.parametrize("name", [name for name in CARDS if name.startswith("watched-")])
def test_a_thread_is_called_by_its_job_in_every_state(name: str) -> None:
    """Slack shows the beginning of a card above each reply, as it was at some time."""
    begin, _, rest = ENGLISH.plain(CARDS[name]().summary).partition(". ")
    assert begin in ("flowers-tb (205) has its card here", "Job 205 has its card here")
    assert rest


def test_an_unconfirmed_card_shows_no_running_clock() -> None:
    running = CARDS["watched-unconfirmed"]()

    assert "2 h 14 min" not in str(running.summary)
    warning = "Not confirmed since 2026-03-24 13:37 UTC; last seen running"
    assert line_words(running.lines[0]) == f"⚠️ flowers-tb (205)  ·  {warning}"


def test_a_group_has_one_line_for_each_job() -> None:
    card = CARDS["changes-of-several-jobs"]()

    assert len(card.lines) == 1 + 7
    assert str(card.summary).endswith(".")


LEASED: dict[str, Any] = {
    "id": "1",
    "place": HERE,
    "project_id": PROJECT,
    "epoch": 1,
    "attempts": 0,
}
CHANGE = a_change()
SHOWN = CardContent(job=CHANGE.job, change=CHANGE)

# A sentence: the delivery, and the card that shows it.
KINDS: dict[str, tuple[Delivery, Card]] = {
    "a card shows its job": (
        CardDelivery(**LEASED, shown=SHOWN),
        ask_before_unsubscribing(followed_card(SHOWN, link_hosts=LINK_HOSTS), LEASED["place"]),
    ),
    "a change is shown alone": (a_delivery(CHANGE), change_card(CHANGE, link_hosts=LINK_HOSTS)),
    "changes that waited are one card": (a_group(CHANGE), changes_card((CHANGE,))),
    "the source is lost": (
        SourceNote(**LEASED, since=NOW, is_back=False),
        source_card(NOW, is_back=False),
    ),
    "the source is back": (
        SourceNote(**LEASED, since=NOW, is_back=True),
        source_card(NOW, is_back=True),
    ),
    "the source was lost and is back": (
        SourceNote(**LEASED, since=NOW, is_back=True, outages=(Outage(LONG_AGO, NOW),)),
        outages_card((Outage(LONG_AGO, NOW),)),
    ),
    "the source's API is missing": (
        SourceNote(**LEASED, since=NOW, is_back=False, is_api_missing=True),
        api_missing_card(NOW),
    ),
    "a channel is greeted": (
        Greeting(**LEASED, is_shared=True),
        channel_welcome(slash_command="/visjob", is_shared=True),
    ),
    "a place is paused": (
        PauseNote(**LEASED, channel_id="C1", reason="archived"),
        paused_card("C1", "archived", invitation=INVITATION),
    ),
}


@pytest.mark.parametrize(("delivery", "card"), KINDS.values(), ids=KINDS)
def test_a_deliverys_kind_chooses_its_card(delivery: Delivery, card: Card) -> None:
    assert delivery_card(delivery, link_hosts=LINK_HOSTS, invitation=INVITATION) == card
