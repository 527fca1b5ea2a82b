"""What all parts of a person's Home share: their facts, rows, headings and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from bot.core.cards.card import Card, Control
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions
from bot.core.cards.wording import job_words
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.change import StatusChange
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.health import SourceHealth
from bot.core.hold import Hold
from bot.core.job import JobId, VisualizationJob
from bot.core.link import live_link
from bot.core.spending import Price
from bot.core.subscription import (
    JobTarget,
    Place,
    ProjectTarget,
    Subscription,
    SubscriptionState,
    matches,
)
from bot.core.text import Text, Words

#: One part of Home: cards without a divider between them.
Section = tuple[Card, ...]

#: Slack accepts 100 blocks: each row takes two, and all other parts need room.
ROWS_OF_A_PAGE = 20
#: The most lines without buttons in one part; `list` shows all jobs.
LINES_AT_MOST = 15
# So few further rows stay on the page, because a page of their own would cost a click.
_ROWS_TOO_FEW_FOR_A_PAGE = 5
LONG_AGO = datetime.min.replace(tzinfo=UTC)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalFacts:
    """The facts of a person's Home that come from the database."""

    subscriptions: tuple[Subscription, ...]
    #: The failures of any job that were recorded in the last 24 h, oldest first.
    failures: tuple[StatusChange, ...]
    #: The jobs that the person owns.
    owned: frozenset[JobId] = frozenset()
    #: The rules and holds of the person's direct messages; None while Slack does not name their
    #: conversation.
    held: PlaceHolds | None = None
    #: Places of these subscriptions that the person can no longer see.
    hidden: frozenset[Place] = frozenset()
    #: The present holds of the channels that these subscriptions post to.
    channel_holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """The facts that Home shows: the last job list, the health of the source, the person's own
    facts (None while the database does not answer), and the present time."""

    jobs: Sequence[VisualizationJob]
    source: SourceHealth
    personal: PersonalFacts | None
    now: datetime
    slash_command: str
    link_hosts: tuple[str, ...]
    #: The price of an hour of a running job, if the settings name one.
    price: Price | None = None


def row_controls(job: VisualizationJob, facts: HomeFacts) -> tuple[Control, ...]:
    """Return the buttons of a job's row; its Subscribe means a subscription by direct message."""
    mine = facts.personal.subscriptions if facts.personal else ()
    is_followed = any(
        one.target == JobTarget(job.id)
        and one.place.is_direct
        and one.state is not SubscriptionState.ENDED
        for one in mine
    )
    ref = JobById(job.id)
    return job_actions(
        ref,
        card=JobCard.HOME,
        following=Following.YES if is_followed else Following.NO,
        link=live_link(job, facts.link_hosts),
        subscribe=Subscribe(job=ref, where="dm"),
        name=job_words(job),
    )


def is_yours(job: VisualizationJob, facts: HomeFacts) -> bool:
    """Return True for a job that the person owns, or follows by its id or a part of its name."""
    personal = facts.personal
    if personal is None:
        return False
    return job.id in personal.owned or any(
        not isinstance(one.target, ProjectTarget) and matches(one.target, job)
        for one in personal.subscriptions
    )


def head(title: Text, words: Words, *, controls: tuple[Control, ...] = ()) -> Card:
    """Return the heading of a section."""
    return Card(summary="", title=title, lines=((words,),), controls=controls)


def paged(rows: Sequence[_T], page: int) -> Sequence[_T]:
    """Return the rows of a page, which counts from 1."""
    begin = (page - 1) * ROWS_OF_A_PAGE
    is_last = page >= count_pages(len(rows))
    return rows[begin:] if is_last else rows[begin : begin + ROWS_OF_A_PAGE]


def count_pages(rows: int) -> int:
    """Return how many pages so many rows fill; at least one."""
    return max(1, -(-(rows - _ROWS_TOO_FEW_FOR_A_PAGE) // ROWS_OF_A_PAGE))
