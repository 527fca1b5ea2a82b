"""The golden cards of owners, leases and guard notices; `pytest --rewrite-golden` writes them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.acting import JobAction, RequestedAction
from bot.core.action_ids import ActionIds
from bot.core.card_content import CardContent
from bot.core.cards.card import Action, Card
from bot.core.cards.changes.answered import answered_card
from bot.core.cards.changes.change_groups import changes_card
from bot.core.cards.changes.changes import change_card, delivery_card
from bot.core.cards.changes.guard import guard_card
from bot.core.cards.jobs.followed import followed_card
from bot.core.care import GuardKind, JobCare, Keep
from bot.core.commands.grammar import parse
from bot.core.delivery import Delivery, GuardDelivery, GuardFacts
from bot.core.job import JobId
from bot.core.outcome import Claimed, DigestDecided, Disclaimed, Followed, Kept, KeptNoMore, Outcome
from bot.core.place_rules import Digest, PlaceRules
from bot.core.spending import Price
from bot.core.subscription import DeliveryMode
from bot.core.text import ENGLISH, Language
from bot.locale import language_of
from bot.slack.blocks import Json, render
from bot.slack.contact import INVITATION
from tests.make import ANA, HOSTILE_TEXTS, LINK_HOSTS, NOW, PROJECT, a_change, a_job
from tests.outbox_fakes import HERE, a_delivery, a_group
from tests.reference import needs_reference
from tests.slack.oracles import hold_message, hold_to_schema
from tests.slack.test_golden_chinese import english_in

FOLDER = Path(__file__).parents[1] / "golden" / "guard"
BEN = "U0BEN00001"
IDS = ActionIds(b"a key of tests")
PRICE = Price(hourly=Decimal("0.20"), currency="EUR")
HOURS_26 = timedelta(hours=26)


def a_notice(
    kind: GuardKind = GuardKind.COST,
    *,
    status: int = 8,
    owner: str = ANA,
    length: timedelta = HOURS_26,
    is_gone: bool = False,
    is_at_least: bool = False,
    usual: timedelta | None = None,
    **job: Any,
) -> GuardDelivery:
    """A guard notice of flowers-tb, which Ana owns."""
    facts = GuardFacts(
        kind=kind,
        hours=length // timedelta(hours=1),
        length=length,
        is_at_least=is_at_least,
        usual=usual,
    )
    return GuardDelivery(
        id="d1",
        place=HERE,
        project_id=PROJECT,
        epoch=1,
        attempts=0,
        card=None,
        delivery_mode=DeliveryMode.THREAD,
        facts=facts,
        job=a_job(status=status, duration=HOURS_26, **job),
        care=JobCare(owner=owner),
        is_gone=is_gone,
    )


def drawn(*, price: Price | None = PRICE, **facts: Any) -> Card:
    return guard_card(a_notice(**facts), price=price, ids=IDS)


def pressed(outcome: Outcome, **facts: Any) -> Card:
    return shown(a_notice(**facts), outcome)


def shown(delivery: Delivery, outcome: Outcome) -> Card:
    card = answered_card(delivery, outcome, link_hosts=LINK_HOSTS, ids=IDS, price=PRICE)
    assert card is not None
    return card


def render_of(name: str, language: Language = ENGLISH) -> Json:
    return render(CARDS[name](), language)


def watched(care: JobCare, **facts: Any) -> Card:
    shown = CardContent(job=a_job(**facts), followers=(BEN,), care=care)
    return followed_card(shown, link_hosts=LINK_HOSTS)


OFFERING = a_delivery(a_change(7, 8), offers_digest=True)


def chosen(*, is_declined: bool = False) -> DigestDecided:
    digest = None if is_declined else Digest(at=9 * 60)
    rules = PlaceRules(place=OFFERING.place, digest=digest, time_zone="Europe/Berlin", set_by=BEN)
    return DigestDecided(rules=rules, is_declined=is_declined, by=BEN)


TONIGHT, NEXT_WEEK = (
    Keep(until=NOW + timedelta(hours=4), by=ANA),
    Keep(until=NOW + timedelta(days=7), by=ANA),
)
STUCK: dict[str, Any] = {"kind": GuardKind.STUCK, "length": timedelta(minutes=17)}
CARDS: dict[str, Callable[[], Card]] = {
    "cost": drawn,
    "cost-without-a-price": lambda: drawn(price=None),
    "cost-without-an-owner": lambda: drawn(owner=""),
    "cost-at-least": lambda: drawn(is_at_least=True),
    "cost-ended-meanwhile": lambda: drawn(status=12),
    "cost-gone-meanwhile": lambda: drawn(is_gone=True),
    "cost-ended-and-runs-anew": lambda: guard_card(
        replace(a_notice(), over_at=NOW, is_another_run=True), price=PRICE, ids=IDS
    ),
    "cost-ended-at-least": lambda: drawn(status=12, is_at_least=True),
    "pressed-claimed-while-kept": lambda: shown(
        replace(a_notice(), care=JobCare(owner=BEN, keep=TONIGHT)), Claimed(by=BEN)
    ),
    "cost-hostile": lambda: drawn(name=HOSTILE_TEXTS[0], resource_id=HOSTILE_TEXTS[0]),
    "cost-without-a-resource": lambda: drawn(resource_id=""),
    "lease-over": lambda: drawn(kind=GuardKind.LEASE_OVER),
    "lease-over-without-a-price": lambda: drawn(kind=GuardKind.LEASE_OVER, price=None),
    "stuck-queued": lambda: drawn(status=7, **STUCK),
    "stuck-queued-unusually": lambda: drawn(status=7, usual=timedelta(minutes=3), **STUCK),
    "stuck-stopping": lambda: drawn(status=9, owner="", **STUCK),
    "stuck-stopping-unusually": lambda: drawn(status=9, usual=timedelta(minutes=3), **STUCK),
    "stuck-no-more": lambda: drawn(status=8, **STUCK),
    "pressed-kept": lambda: pressed(Kept(by=BEN, until=NOW + timedelta(hours=4))),
    "pressed-kept-by-the-clock": lambda: pressed(
        Kept(by=BEN, until=NOW + timedelta(days=1), clock="18:00 Asia/Shanghai")
    ),
    "pressed-kept-no-more": lambda: pressed(KeptNoMore(by=BEN)),
    "pressed-disclaimed": lambda: pressed(Disclaimed(by=ANA)),
    "pressed-claimed": lambda: pressed(Claimed(by=BEN)),
    "pressed-stopped": lambda: pressed(RequestedAction(action=JobAction.STOP, by=BEN, at=NOW)),
    "pressed-hostile": lambda: pressed(
        Kept(by=BEN, until=NOW), name=HOSTILE_TEXTS[0], resource_id=HOSTILE_TEXTS[0]
    ),
    "pressed-followed": lambda: shown(a_delivery(a_change(8, 12)), Followed(by=BEN)),
    "pressed-card-alone": lambda: shown(
        a_group(a_change(7, 8), a_change(8, 12, sequence=2)), Followed(by=BEN, is_card_alone=True)
    ),
    "pressed-digest-chosen": lambda: shown(OFFERING, chosen()),
    "pressed-digest-declined": lambda: shown(OFFERING, chosen(is_declined=True)),
    "pressed-digest-chosen-for-many": lambda: shown(
        replace(a_group(a_change(7, 8), a_change(8, 12, sequence=2)), offers_digest=True), chosen()
    ),
    "card-owned": lambda: watched(JobCare(owner=ANA)),
    "card-kept": lambda: watched(JobCare(owner=BEN, keep=TONIGHT)),
    "card-kept-for-long": lambda: watched(JobCare(keep=NEXT_WEEK)),
    "card-kept-but-ended": lambda: watched(JobCare(keep=TONIGHT), status=12),
    "failed-owned": lambda: change_card(a_change(8, 11), link_hosts=LINK_HOSTS, owner=ANA),
    "failures-owned": lambda: changes_card(
        [a_change(8, 11), replace(a_change(7, 8, id=206, name="resnet"), sequence=2)],
        owners={JobId(205): ANA, JobId(206): BEN},
    ),
}


CHINESE = language_of("zh-CN")
FILES = {
    **{name: partial(render_of, name) for name in CARDS},
    **{f"zh-CN-{name}": partial(render_of, name, CHINESE) for name in CARDS},
}


@pytest.mark.parametrize("name", FILES)
def test_guard_cards_are_as_they_were_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    found = FILES[name]()
    path = FOLDER / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")

    assert found == json.loads(path.read_text())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", CARDS)
def test_guard_cards_are_within_all_limits_and_mention_the_owner_alone(name: str) -> None:
    message = render(CARDS[name]())

    people = {ANA, BEN} if name.startswith(("card", "pressed")) else {ANA}
    hold_message(message, mentions=frozenset(people))


@pytest.mark.parametrize("name", [name for name in CARDS if "hostile" not in name])
def test_no_english_is_left_on_a_chinese_guard_card(name: str) -> None:
    drawn = json.dumps(render_of(name, CHINESE))
    for foreign in ("EUR", "resnet", "Europe/Berlin", a_job().resource_id):
        drawn = drawn.replace(foreign, "")

    assert english_in(json.loads(drawn)) == []


@needs_reference
@pytest.mark.parametrize("name", CARDS)
def test_guard_cards_have_the_shape_of_slacks_own_types(name: str) -> None:
    hold_to_schema("message", render(CARDS[name]()))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cost", ["stop", "keep 205 4h", "keep 205 until 18:00", "disclaim 205"]),
        ("cost-without-an-owner", ["stop", "keep 205 4h", "keep 205 until 18:00", "disclaim 205"]),
        ("lease-over", ["stop", "keep 205 4h", "keep 205 until 18:00", "disclaim 205"]),
        ("cost-ended-meanwhile", []),
        ("cost-gone-meanwhile", []),
        ("stuck-queued", ["stop", "disclaim 205"]),
        ("stuck-stopping", []),
        ("stuck-no-more", []),
    ],
)
def test_what_can_be_done_is_offered_and_no_more(name: str, said: list[str]) -> None:
    texts = [one.command.text for one in CARDS[name]().controls if isinstance(one, Action)]

    assert ["stop" if text.startswith("stop 205 #") else text for text in texts] == said
    assert [parse(text).text for text in texts] == texts


def test_a_guard_delivery_is_drawn_as_its_notice() -> None:
    notice = a_notice()
    card = delivery_card(notice, link_hosts=LINK_HOSTS, invitation=INVITATION, price=PRICE, ids=IDS)

    assert card == drawn()


@pytest.mark.parametrize(
    "delivery", [a_notice(), a_delivery(a_change(7, 8)), a_group(a_change(7, 8))]
)
def test_a_message_that_offered_no_digest_says_nothing_of_one(delivery: Delivery) -> None:
    assert answered_card(delivery, chosen(), link_hosts=LINK_HOSTS, ids=IDS) is None
