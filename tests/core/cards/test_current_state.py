"""How a followed job stands: what `why` says before anything has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.jobs.current_state import CurrentState, next_look, nothing_yet, state_now
from bot.core.cards.why.why_everywhere import why_everywhere_card
from bot.core.job import VisualizationJob
from bot.core.next_look import until_next_look
from bot.core.subscription import DeliveryMode, Subscription, SubscriptionState
from bot.core.timeline import JobRecord
from tests.history_fakes import a_record
from tests.make import NOW, a_job
from tests.watch_fakes import HERE, a_subscription

POLL = timedelta(seconds=30)
FOLLOWED = replace(a_subscription(), created_at=NOW - timedelta(minutes=5))


def state(
    job: VisualizationJob, record: JobRecord | None = None, *, age: float = 5
) -> CurrentState:
    return CurrentState(
        job=job, now=job.read_at + timedelta(seconds=age), interval=POLL, record=record
    )


STATES = {
    "running says for how long": (state(a_job()), "(205) has been running for 2 h 14 min."),
    "stopped says since when": (
        state(a_job(status=12), a_record((8, 12, 2), since=9)),
        "was stopped after 2 h 14 min. Unchanged since 2026-03-24 12:17 UTC.",
    ),
    "failed before anybody watched": (
        state(a_job(status=11), a_record(since=2, job=a_job(status=11))),
        "Unchanged since 2026-03-24 12:17 UTC, when I first looked.",
    ),
    "gone": (state(a_job(), a_record((8, -1, 1), since=2)), "flowers-tb (205) was deleted."),
    "in an outage": (state(a_job(), age=91), "has not been confirmed since"),
}


@pytest.mark.parametrize(("state", "said"), STATES.values(), ids=STATES.keys())
def test_the_state_now_is_said_with_since_when(state: CurrentState, said: str) -> None:
    assert said in str(state_now(state))


@pytest.mark.parametrize(
    ("stands", "here", "said"),
    [
        (state(a_job()), FOLLOWED, "I look again in about 25 s, and post here what has"),
        (state(a_job(), age=30), FOLLOWED, "I look again in a moment, and post here"),
        (state(a_job(status=12)), FOLLOWED, "I look again in about 1 min, and post here"),
        (
            state(a_job()),
            replace(FOLLOWED, delivery_mode=DeliveryMode.CARD),
            "I look again in about 25 s, and show on its card what has changed.",
        ),
        (
            state(a_job()),
            replace(FOLLOWED, state=SubscriptionState.ENDED),
            "Following has ended. It resumes if the job restarts within 24 h.",
        ),
        (state(a_job(), age=91), FOLLOWED, "ModelArts isn't answering."),
    ],
)
def test_the_next_look_is_announced_with_what_comes_of_it(
    stands: CurrentState, here: Subscription, said: str
) -> None:
    assert said in str(next_look(stands, [here])).replace("\u00a0", " ")


def test_a_held_place_is_not_promised_a_post() -> None:
    told = next_look(state(a_job()), [FOLLOWED], is_held=True)

    assert str(told).replace("\u00a0", " ") == "I look again in about 25 s."


def test_that_nothing_has_changed_yet_is_said_until_something_has() -> None:
    since = FOLLOWED.created_at

    assert "nothing has changed since then" in str(nothing_yet([FOLLOWED], None))
    assert "2026-03-24 14:12 UTC" in str(nothing_yet([FOLLOWED], since - timedelta(seconds=1)))
    assert nothing_yet([FOLLOWED], since) == ""
    assert nothing_yet([], None) == ""


def test_an_ended_job_is_looked_at_less_often() -> None:
    assert until_next_look(a_job().status, POLL) == POLL
    assert until_next_look(a_job(status=12).status, POLL) == 3 * POLL
    assert until_next_look(a_job(status=12).status, timedelta(minutes=4)) == timedelta(minutes=5)


def test_a_terminal_says_the_same_of_every_place() -> None:
    record = a_record(since=0.1)

    card = why_everywhere_card(
        changes=(),
        receipts={},
        following={HERE: [FOLLOWED]},
        state=state(record.job, record),
    )

    told = str(card.summary)
    assert "has been running for 2 h 14 min." in told
    assert "nothing has changed since then." in told
    assert "I look again in about 25 s." in told
    assert "The channel gets every change." in told
