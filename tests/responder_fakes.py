"""A whole Responder over ports in memory, except for those that a test replaces."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from bot.core.cards.card import Action, Card, Menu
from bot.core.ports.store import Store
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.reporter import ReportSettings
from bot.responder.responder import Responder
from bot.serve.responding import ResponderPorts, ResponderSettings, build_responder
from tests.acting_fakes import an_acting
from tests.care_fakes import FakeAnsweredMessages, FakeCare
from tests.fakes import FakeSource, FakeStore, ManualClock, all_well
from tests.history_fakes import GAP, FakeRecordings
from tests.make import LINK_HOSTS
from tests.snooze_fakes import FakeRules, FakeSnoozes
from tests.typing_fakes import FakeMessages, FakePeople
from tests.watch_fakes import (
    FakeCards,
    FakeConversations,
    FakeDeadLetters,
    FakeHistory,
    FakePauses,
    FakeSubscriptions,
)

SETTINGS = ResponderSettings(
    slash_command="/visjob",
    link_hosts=LINK_HOSTS,
    guard_hours=(8, 24),
    poll_interval=timedelta(seconds=30),
    reports=ReportSettings(retention=timedelta(days=180), gap=GAP, price=None),
    usual_zone=ZoneInfo("UTC"),
    is_language_chosen=False,
)


def ports_in_memory(clock: ManualClock) -> ResponderPorts:
    """Return ports that have recorded nothing yet."""
    return ResponderPorts(
        subscriptions=FakeSubscriptions(),
        history=FakeHistory(),
        recordings=FakeRecordings(),
        dead_letters=FakeDeadLetters(),
        care=FakeCare(),
        snoozes=FakeSnoozes(),
        rules=FakeRules(),
        pauses=FakePauses(),
        followed_cards=FakeMessages(),
        threads=FakeMessages(),
        conversations=FakeConversations(),
        people=FakePeople(),
        cards=FakeCards(),
        answered_messages=FakeAnsweredMessages(),
        health=all_well,
        clock=clock,
        monotonic=clock.monotonic,
    )


def a_responder(
    catalog: Catalog,
    source: FakeSource,
    clock: ManualClock,
    ports: ResponderPorts,
    *,
    store: Store | None = None,
    settings: ResponderSettings = SETTINGS,
) -> Responder:
    """Return a Responder about the jobs of a catalog that reads `source`."""
    last_asked = LastAsked(store or FakeStore())
    finder = JobFinder(catalog, last_asked)
    return build_responder(
        ports,
        settings,
        catalog=catalog,
        finder=finder,
        last_asked=last_asked,
        acting=an_acting(source, catalog, finder, clock),
    )


def buttons(card: Card) -> dict[str, str]:
    """Return the sentence of each button and menu item of a card, by its label."""
    menus = [action for c in card.controls if isinstance(c, Menu) for action in c.actions]
    beside = [c for c in card.controls if isinstance(c, Action)]
    return {str(action.label): action.command.text for action in (*beside, *menus)}
