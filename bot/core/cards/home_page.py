"""What every part of a person's Home is drawn from: what is known, rows, headings, pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from bot.core.cards.calm_words import PlaceCalm
from bot.core.cards.card import Card, Control
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.subscription_words import is_direct
from bot.core.cards.wording import job_words
from bot.core.change import StatusChange
from bot.core.commands.job_reference import JobById
from bot.core.commands.subscribe import Subscribe
from bot.core.health import SourceHealth
from bot.core.job import JobId, VisualizationJob
from bot.core.link import live_link
from bot.core.spending import Price
from bot.core.subscription import JobTarget, Subscription, SubscriptionState
from bot.core.text import Text, Words

#: One part of Home: cards with no line between them.
Section = tuple[Card, ...]

# What one glance takes in; the next page has more.
ROWS_OF_A_PAGE = 5
LONG_AGO = datetime.min.replace(tzinfo=UTC)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the database contributes to a person's Home."""

    subscriptions: tuple[Subscription, ...]
    #: Recorded in the last 24 h, of whatever job, oldest first.
    failures: tuple[StatusChange, ...]
    #: The jobs that the person has claimed.
    claimed: tuple[JobId, ...] = ()
    #: Of the person's direct messages; None while Slack does not say which those are.
    calm: PlaceCalm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Home is drawn from: the last job list, how well the cloud answers, the person's own
    (None while the database does not answer), and when it is drawn."""

    jobs: Sequence[VisualizationJob]
    source: SourceHealth
    own: Own | None
    now: datetime
    slash_command: str
    link_hosts: tuple[str, ...]
    #: Of an hour of a running job, where the settings name one.
    price: Price | None = None


def row_controls(job: VisualizationJob, known: Known) -> tuple[Control, ...]:
    """The buttons of a job's row; they follow it by direct message."""
    mine = known.own.subscriptions if known.own else ()
    is_followed = any(
        one.target == JobTarget(job.id)
        and is_direct(one.place)
        and one.state is not SubscriptionState.ENDED
        for one in mine
    )
    ref = JobById(job.id)
    return job_actions(
        ref,
        card=JobCard.HOME,
        following=Following.YES if is_followed else Following.NO,
        link=live_link(job, known.link_hosts),
        subscribe=Subscribe(job=ref, where="dm"),
        name=job_words(job),
    )


def head(title: Text, words: Words, *, controls: tuple[Control, ...] = ()) -> Card:
    """What opens a section."""
    return Card(summary="", title=title, lines=((words,),), controls=controls)


def paged(rows: Iterable[_T], page: int, size: int) -> list[_T]:
    """The rows of a page, which counts from 1."""
    return list(rows)[(page - 1) * size : page * size]


def count_pages(rows: int, size: int) -> int:
    """How many pages so many rows fill; at least one."""
    return max(1, -(-rows // size))
