"""Who is told that a channel is paused, and what happens where they cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.core.delivery_report import Pause
from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
    StoreUnavailable,
)
from bot.core.project import Project
from bot.core.subscription import Place
from bot.courier.pause_notifier import PauseNotifier
from tests.make import ANA, NOW, OURS, TEAM
from tests.typing_fakes import FakePeople
from tests.watch_fakes import HERE, FakeConversations

BEN = "U0BEN00001"
PAUSE = Pause(place=HERE, paused_at=NOW, people=(ANA, BEN))


@dataclass
class FakePausesOf:
    """Pauses that nobody was told of, and who was told."""

    untold: list[Pause] = field(default_factory=lambda: [PAUSE])
    told: list[list[str]] = field(default_factory=list)
    error: StoreUnavailable | None = None

    async def unannounced_pauses(self, team_id: str, *, limit: int) -> tuple[Pause, ...]:
        assert team_id == TEAM
        if self.error:
            raise self.error
        return tuple(self.untold[:limit])

    async def order_pause_notes(
        self, project: Project, pause: Pause, told: Sequence[Place]
    ) -> None:
        assert project == OURS
        self.untold.remove(pause)
        self.told.append([place.channel_id for place in told])


class SomeConversations(FakeConversations):
    """Ana's direct message opens, Ben's does not."""

    async def direct(self, _: str, user_id: str) -> str:
        if user_id == BEN and self.error:
            raise self.error
        return f"D{user_id[1:]}"


@dataclass
class FakeRules:
    """The languages that direct messages were given."""

    adopted: dict[str, str] = field(default_factory=dict)

    async def adopt_language(self, place: Place, language: str) -> None:
        self.adopted[place.channel_id] = language


def a_notifier(
    pauses: FakePausesOf,
    conversations: FakeConversations,
    *,
    people: FakePeople | None = None,
    rules: FakeRules | None = None,
) -> PauseNotifier:
    return PauseNotifier(pauses, conversations, people or FakePeople(), rules or FakeRules())


async def test_each_person_is_told_in_their_language_where_slack_tells_it() -> None:
    rules = FakeRules()
    people = FakePeople(languages={BEN: "zh-CN"})

    notifier = a_notifier(FakePausesOf(), FakeConversations(), people=people, rules=rules)
    await notifier.tell_due(OURS)

    assert rules.adopted == {f"D{BEN[1:]}": "zh-CN"}


async def test_each_person_is_told_once() -> None:
    pauses = FakePausesOf()
    pause_notifier = a_notifier(pauses, FakeConversations())

    await pause_notifier.tell_due(OURS)
    await pause_notifier.tell_due(OURS)

    assert pauses.told == [[f"D{ANA[1:]}", f"D{BEN[1:]}"]]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MessageRejected("no", refusal=Refusal.CONTENT, code="user_disabled"), [[f"D{ANA[1:]}"]]),
        (MessageRejected("no", refusal=Refusal.SCOPE), [[f"D{ANA[1:]}"]]),
        (MessageRejected("no", refusal=Refusal.TOO_FAST), []),
        (MessageRejected("no", refusal=Refusal.NOT_SENT), []),
        (MessengerUnavailable("no answer"), []),
    ],
)
async def test_who_cannot_be_written_to_is_left_out_and_a_silent_slack_is_asked_again(
    error: MessengerError, told: list[list[str]]
) -> None:
    pauses = FakePausesOf()

    await a_notifier(pauses, SomeConversations(error=error)).tell_due(OURS)

    assert pauses.told == told
    assert pauses.untold == ([] if told else [PAUSE])


async def test_nothing_is_told_without_a_database() -> None:
    pauses = FakePausesOf(error=StoreUnavailable("The database does not answer."))

    await a_notifier(pauses, FakeConversations()).tell_due(OURS)

    assert pauses.told == []
