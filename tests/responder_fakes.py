"""A whole Responder over ports in memory, except for those that a test passes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.catalog import Catalog
from bot.core.cards.card import Action, Card, Menu
from bot.core.ports.care import Care
from bot.core.ports.store import History, Recordings, Store, Subscriptions
from bot.responder.care_answers import CareAnswers
from bot.responder.dead_letters import DeadLetterAnswers, DeadLetterStore
from bot.responder.job_answers import JobAnswers
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from bot.responder.places import Pauses, Places
from bot.responder.quiet_answers import QuietAnswers
from bot.responder.responder import Responder
from bot.responder.subscriber import Subscriber
from tests.acting_fakes import an_acting
from tests.care_fakes import FakeAnsweredMessages, FakeCare
from tests.fakes import FakeSource, FakeStore, ManualClock, all_well
from tests.history_fakes import FakeRecordings, a_reporter, an_explainer
from tests.make import LINK_HOSTS
from tests.rules_fakes import a_home_reader, a_settler
from tests.snooze_fakes import FakeRules, FakeSnoozes, some_quiet_answers
from tests.typing_fakes import FakeMessages, FakePeople, a_reader, some_zones
from tests.watch_fakes import (
    FakeCards,
    FakeConversations,
    FakeDeadLetters,
    FakeHistory,
    FakePauses,
    FakeSubscriptions,
)


@dataclass(kw_only=True)
class Ports:
    """What a Responder asks and writes to, and its settings."""

    store: Store = field(default_factory=FakeStore)
    subscriptions: Subscriptions = field(default_factory=FakeSubscriptions)
    history: History = field(default_factory=FakeHistory)
    recordings: Recordings = field(default_factory=FakeRecordings)
    dead_letters: DeadLetterStore = field(default_factory=FakeDeadLetters)
    care: Care = field(default_factory=FakeCare)
    conversations: FakeConversations = field(default_factory=FakeConversations)
    pauses: Pauses = field(default_factory=FakePauses)
    people: FakePeople = field(default_factory=FakePeople)
    snoozes: FakeSnoozes = field(default_factory=FakeSnoozes)
    rules: FakeRules = field(default_factory=FakeRules)
    #: The cards that are renewed, and those in whose threads people write.
    cards: FakeCards = field(default_factory=FakeCards)
    messages: FakeMessages = field(default_factory=FakeMessages)
    slash_command: str = "/visjob"
    guard_hours: Sequence[int] = ()
    #: In seconds.
    patience: float = 1.2


def a_responder(
    catalog: Catalog, source: FakeSource, clock: ManualClock, ports: Ports
) -> Responder:
    """Return a Responder about the jobs of a catalog that reads `source`."""
    last_asked = LastAsked(ports.store)
    finder = JobFinder(catalog, last_asked)
    places = Places(ports.conversations, ports.pauses, monotonic=clock.monotonic)
    quiet_answers = some_quiet_answers(
        catalog, finder, ports.subscriptions, places, clock,
        snoozes=ports.snoozes, rules=ports.rules, people=ports.people,
    )  # fmt: skip
    subscriber = _subscriber(catalog, finder, places, quiet_answers, clock, ports)
    care = CareAnswers(
        catalog=catalog,
        finder=finder,
        care=ports.care,
        subscriptions=ports.subscriptions,
        zones=some_zones(ports.people),
        reminds=True,
        clock=clock,
    )
    acting = an_acting(source, catalog, finder, clock)
    jobs = JobAnswers(
        catalog=catalog,
        finder=finder,
        subscriber=subscriber,
        care_answers=care,
        acting=acting,
        reporter=a_reporter(catalog, finder),
        cards=ports.cards,
        link_hosts=LINK_HOSTS,
    )
    return Responder(
        catalog=catalog,
        jobs=jobs,
        care_answers=care,
        quiet_answers=quiet_answers,
        acting=acting,
        last_asked=last_asked,
        subscriber=subscriber,
        home_reader=a_home_reader(
            catalog, clock, subscriptions=ports.subscriptions, history=ports.history
        ),
        settings_answers=a_settler(clock.monotonic),
        dead_letters=DeadLetterAnswers(catalog, ports.dead_letters, ports.conversations),
        health=all_well,
        reader=a_reader(finder, slash_command=ports.slash_command, cards=ports.messages),
        answered_messages=FakeAnsweredMessages(),
        slash_command=ports.slash_command,
        clock=clock,
    )


def _subscriber(
    catalog: Catalog,
    finder: JobFinder,
    places: Places,
    quiet_answers: QuietAnswers,
    clock: ManualClock,
    ports: Ports,
) -> Subscriber:
    explainer = an_explainer(
        catalog,
        finder,
        ports.subscriptions,
        places,
        clock,
        history=ports.history,
        recordings=ports.recordings,
        place_holds=quiet_answers,
    )
    return Subscriber(
        catalog=catalog,
        finder=finder,
        subscriptions=ports.subscriptions,
        explainer=explainer,
        places=places,
        zones=some_zones(ports.people),
        place_holds=quiet_answers,
        slash_command=ports.slash_command,
        guard_hours=ports.guard_hours,
        clock=clock,
        patience=ports.patience,
    )


def buttons(card: Card) -> dict[str, str]:
    """Return the sentence of each button and menu item of a card, by its label."""
    menus = [action for c in card.controls if isinstance(c, Menu) for action in c.actions]
    beside = [c for c in card.controls if isinstance(c, Action)]
    return {str(action.label): action.command.text for action in (*beside, *menus)}
