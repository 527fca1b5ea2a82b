"""What answers `settings` and draws Home, over doors in memory."""

from bot.catalog import Catalog
from bot.core.ports.store import History, Subscriptions
from bot.core.ports.time import Clock, Monotonic
from bot.responder.overviews import Overviews
from bot.responder.places import Places
from bot.responder.settler import Settler
from tests.calm_fakes import FakeCalm, FakeRules
from tests.care_fakes import FakeCare
from tests.make import LINK_HOSTS
from tests.typing_fakes import some_zones
from tests.watch_fakes import (
    FakeConversations,
    FakeHistory,
    FakePauses,
    FakeSubscriptions,
)


def some_overviews(
    catalog: Catalog,
    clock: Clock,
    *,
    subscriptions: Subscriptions | None = None,
    history: History | None = None,
    conversations: FakeConversations | None = None,
) -> Overviews:
    """Homes of a project whose jobs are billed at no known price."""
    return Overviews(
        catalog=catalog,
        subscriptions=subscriptions or FakeSubscriptions(),
        history=history or FakeHistory(),
        care=FakeCare(),
        calm=FakeCalm(),
        rules=FakeRules(),
        conversations=conversations or FakeConversations(),
        slash_command="/visjob",
        link_hosts=LINK_HOSTS,
        price=None,
        clock=clock,
    )


def a_settler(monotonic: Monotonic) -> Settler:
    """One who remembers nothing beyond the test."""
    places = Places(FakeConversations(), FakePauses(), monotonic=monotonic)
    return Settler(FakeRules(), places=places, zones=some_zones())
