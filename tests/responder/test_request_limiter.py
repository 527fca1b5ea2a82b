"""The limit of sentences per person, and the claim of public answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.core.cards.card import Card, Choice
from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import StoreUnavailable
from bot.responder.fair_share import FairShare
from bot.responder.request_limiter import RequestLimiter
from tests.fakes import ManualClock
from tests.make import ANA, TEAM, a_card
from tests.request_fakes import FakeRequests


class FakeResponder:
    """A Responder with the same answer to every sentence; it is public if the sentence ends so."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def respond(self, request: Request) -> Reply:
        self.asked.append(request.text)
        is_public = request.text.endswith(" share")
        return Reply(card=a_card(), audience=Audience.CHANNEL if is_public else Audience.ASKER)

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        del team_id, typed
        return ()

    def glance(self, team_id: str) -> None:
        pass

    async def home(self, team_id: str, user_id: str, page: int) -> Sequence[Sequence[Card]]:
        del team_id, user_id, page
        return ((a_card(),),)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def responder() -> FakeResponder:
    return FakeResponder()


@pytest.fixture
def requests() -> FakeRequests:
    return FakeRequests()


@pytest.fixture
def limiter(responder: FakeResponder, clock: ManualClock, requests: FakeRequests) -> RequestLimiter:
    return RequestLimiter(responder, requests, monotonic=clock.monotonic)


def said(text: str, key: str = "", *, user_id: str = ANA) -> Request:
    return Request(text=text, team_id=TEAM, user_id=user_id, channel_id="C0EXP00001", key=key)


async def flood(limiter: RequestLimiter, count: int, text: str = "help") -> list[Reply]:
    return [await limiter.respond(said(text)) for _ in range(count)]


async def test_a_person_is_answered_sixty_times_a_minute_and_then_told_to_wait(
    limiter: RequestLimiter, clock: ManualClock, responder: FakeResponder
) -> None:
    replies = await flood(limiter, 1_000, "205")

    assert [reply.is_problem for reply in replies].count(False) == 60
    assert "60 requests" in str(replies[60].card.summary)
    assert "Wait a few seconds" in str(replies[60].card.summary)
    assert len(responder.asked) == 60
    assert not (await limiter.respond(said("help", user_id="U0BEN00001"))).is_problem

    clock.advance(seconds=10)
    later = await flood(limiter, 20)
    assert [reply.is_problem for reply in later].count(False) == 10
    clock.advance(minutes=5)
    assert not any(reply.is_problem for reply in await flood(limiter, 60))


async def test_what_is_too_fast_is_worth_one_message_a_minute(
    limiter: RequestLimiter, clock: ManualClock
) -> None:
    refused = (await flood(limiter, 200))[60:]
    assert [reply.is_idle for reply in refused].count(False) == 1
    assert len({id(reply.card) for reply in refused}) == 1, "its body is made once"

    clock.advance(seconds=60)
    again = (await flood(limiter, 70))[60:]
    assert [reply.is_idle for reply in again].count(False) == 1


@pytest.mark.parametrize("way", [{"is_mention": True}, {"clicked_ts": "1774361825.000100"}])
async def test_who_typed_too_fast_is_told_so_where_no_acknowledgement_says_it_too(
    limiter: RequestLimiter, way: dict[str, Any]
) -> None:
    await flood(limiter, 200)

    replies = [await limiter.respond(replace(said("205"), **way)) for _ in range(20)]

    assert all(reply.is_problem for reply in replies)
    assert [reply.is_idle for reply in replies] == [False] + [True] * 19


async def test_ones_own_page_is_left_as_it_is_where_it_was_opened_too_often(
    limiter: RequestLimiter,
) -> None:
    drawn = [await limiter.home(TEAM, ANA, 1) for _ in range(61)]

    assert all(drawn[:60])
    assert drawn[60] == ()


async def test_people_who_are_idle_cost_no_memory(clock: ManualClock) -> None:
    share = FairShare(per_minute=60, monotonic=clock.monotonic)
    for number in range(25_000):
        share.take(f"U{number}")
    assert len(share) <= 10_000

    clock.advance(seconds=61)
    share.take("U1")

    assert len(share) == 1


async def test_a_public_answer_is_given_once_and_finished(
    limiter: RequestLimiter, requests: FakeRequests
) -> None:
    first = await limiter.respond(said("205 share", "Ev1"))
    again = await limiter.respond(said("205 share", "Ev1"))
    await limiter.posted(said("205 share", "Ev1"))

    assert (first.audience, again.audience) == (Audience.CHANNEL, Audience.ASKER)
    assert again.is_idle
    assert requests.begun == {"Ev1": "205 share"}
    assert requests.finished == ["Ev1"]


@pytest.mark.parametrize("text", ["205", "list", "help", "205 shares"])
async def test_what_only_its_asker_sees_needs_no_database(
    limiter: RequestLimiter, requests: FakeRequests, text: str
) -> None:
    requests.error = StoreUnavailable("away")

    for _ in range(2):
        assert not (await limiter.respond(said(text, "Ev1"))).is_idle
    assert requests.begun == {}


async def test_without_a_database_nothing_is_posted_for_everybody_and_its_asker_hears_why(
    limiter: RequestLimiter, requests: FakeRequests
) -> None:
    requests.error = StoreUnavailable("away")

    reply = await limiter.respond(said("205 share", "Ev1"))
    await limiter.posted(said("205 share", "Ev1"))

    assert (reply.audience, reply.is_problem, reply.is_idle) == (Audience.ASKER, True, False)
    assert "database is away" in str(reply.card.summary)
    assert "without `share`" in str(reply.card.summary)


async def test_what_cannot_be_stored_as_it_was_typed_is_stored_without_it(
    limiter: RequestLimiter, requests: FakeRequests
) -> None:
    await limiter.respond(said("list \ud800\0 share", "Ev1"))

    assert requests.begun == {"Ev1": "list ? share"}


async def test_whoever_asks_keeps_the_index_fresh(
    responder: FakeResponder, clock: ManualClock, requests: FakeRequests
) -> None:
    asked: list[str] = []
    limiter = RequestLimiter(
        responder, requests, monotonic=clock.monotonic, note_asked=asked.append
    )
    await limiter.respond(said("status"))
    limiter.suggest("T1", "wal")
    await limiter.home("T1", ANA, 0)

    assert asked == [said("").team_id, "T1", "T1"]
