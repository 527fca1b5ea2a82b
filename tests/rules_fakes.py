"""Build what answers `settings` and what draws Home, with in-memory fakes of their ports."""

from bot.catalog import Catalog
from bot.core.ports.store import History, Subscriptions
from bot.core.ports.time import Clock, Monotonic
from bot.responder.home_reader import HomeReader
from bot.responder.places import Places
from bot.responder.settings_answers import SettingsAnswers
from tests.care_fakes import FakeCare
from tests.make import LINK_HOSTS
from tests.snooze_fakes import FakeRules, FakeSnoozes
from tests.typing_fakes import some_zones
from tests.watch_fakes import (
    FakeConversations,
    FakeHistory,
    FakePauses,
    FakeSubscriptions,
)


def a_home_reader(
    catalog: Catalog,
    clock: Clock,
    *,
    subscriptions: Subscriptions | None = None,
    history: History | None = None,
    conversations: FakeConversations | None = None,
    care: FakeCare | None = None,
) -> HomeReader:
    """Return the HomeReader of a project without a price."""
    conversations = conversations or FakeConversations()
    return HomeReader(
        catalog=catalog,
        subscriptions=subscriptions or FakeSubscriptions(),
        history=history or FakeHistory(),
        care=care or FakeCare(),
        snoozes=FakeSnoozes(),
        rules=FakeRules(),
        conversations=conversations,
        places=Places(conversations, FakePauses(), monotonic=lambda: 0.0),
        slash_command="/visjob",
        link_hosts=LINK_HOSTS,
        price=None,
        clock=clock,
    )


def a_settler(monotonic: Monotonic) -> SettingsAnswers:
    """Return a SettingsAnswers over fakes in memory."""
    places = Places(FakeConversations(), FakePauses(), monotonic=monotonic)
    return SettingsAnswers(FakeRules(), places=places, zones=some_zones())
