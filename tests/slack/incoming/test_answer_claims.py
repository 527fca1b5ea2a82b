"""Of all who have an answer to an event, one posts it."""

import asyncio

import pytest

from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import StoreUnavailable
from bot.slack.incoming.answer_claims import AnswerClaims, is_silent
from tests.make import ANA, TEAM, a_card
from tests.request_fakes import FakeRequests

ANSWER = Reply(card=a_card())
SHARED = Reply(card=a_card(), audience=Audience.CHANNEL)
REPEATED = Reply(card=a_card(), is_idle=True, is_repeated=True)


def asked(key: str = "Ev1") -> Request:
    return Request(text="205", team_id=TEAM, user_id=ANA, key=key)


async def test_the_second_who_has_an_answer_posts_nothing() -> None:
    requests = FakeRequests()
    first, second = AnswerClaims(requests), AnswerClaims(requests)

    assert await first.take(asked(), ANSWER)
    assert not await second.take(asked(), ANSWER)
    assert await second.take(asked("Ev2"), None), "a bug of ours is answered as well"
    await first.finish(asked())

    assert requests.begun == {"Ev1 answer": "205", "Ev2 answer": "205"}
    assert requests.finished == ["Ev1 answer"]


@pytest.mark.parametrize(
    ("sentence", "request_", "reply"),
    [
        ("an event that has no name", asked(""), ANSWER),
        ("an answer for everybody, which is claimed already", asked(), SHARED),
    ],
)
async def test_what_needs_no_claim_writes_nothing(
    sentence: str, request_: Request, reply: Reply
) -> None:
    requests = FakeRequests()

    assert await AnswerClaims(requests).take(request_, reply), sentence
    assert requests.begun == {}, sentence


async def test_without_a_database_everybody_answers() -> None:
    requests = FakeRequests()
    requests.error = StoreUnavailable("away")
    claims = AnswerClaims(requests)

    assert [await claims.take(asked(), ANSWER) for _ in range(2)] == [True, True]
    assert await claims.take_preview(TEAM, "Ev1")
    await claims.finish(asked())


async def test_whoever_comes_after_the_deed_lets_the_doer_speak_first() -> None:
    requests = FakeRequests()
    late = asyncio.create_task(AnswerClaims(requests, patience=0.01).take(asked(), REPEATED))
    await asyncio.sleep(0)

    assert await AnswerClaims(requests).take(asked(), ANSWER)
    assert await late is False
    assert await AnswerClaims(requests, patience=0).take(asked("Ev2"), REPEATED)


async def test_the_cards_of_a_link_are_put_up_once() -> None:
    claims = AnswerClaims(FakeRequests())

    assert [await claims.take_preview(TEAM, key) for key in ("Ev1", "Ev1", "", "")] == [
        True, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "is_nothing"),
    [
        (None, False),
        (ANSWER, False),
        (SHARED, False),
        (REPEATED, False),
        (Reply(card=a_card(), is_idle=True), True),
        (Reply(card=a_card(), audience=Audience.NOBODY), True),
    ],
)
def test_what_is_not_posted_needs_no_claim(reply: Reply | None, is_nothing: bool) -> None:
    assert is_silent(reply) == is_nothing
