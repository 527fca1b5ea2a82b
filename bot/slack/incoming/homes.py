"""Draw people's Home tabs: when they look or click, and soon after a job has changed.

docs.slack.dev/reference/methods/views.publish
"""

from collections.abc import Hashable
from dataclasses import dataclass

import structlog

from bot.core.bounded_dict import BoundedDict
from bot.core.commands.request import Request
from bot.core.errors import MessengerError
from bot.core.ports.time import Monotonic
from bot.core.project import Project
from bot.slack.blocks import Json
from bot.slack.contact import Contact
from bot.slack.controls import renews
from bot.slack.incoming.answering import Answering, Answers
from bot.slack.incoming.languages import Languages
from bot.slack.incoming.reading import hash_of, page_of
from bot.slack.views import home_view

_log = structlog.get_logger(__name__)

#: Because of news, one person's Home is drawn at most once in so many seconds.
NEWS_SECONDS = 60.0
# Slack does not say when a person leaves Home; one who comes back gets a new drawing anyway.
_LOOKED_AT_SECONDS = 8 * 3600.0
_TICK_SECONDS = 5.0
# Slack takes about a hundred a minute: docs.slack.dev/apis/web-api/rate-limits, tier 4.
_MOST_OF_A_TICK = 5
_MOST_REMEMBERED = 10_000
_CONFLICT = "hash_conflict"

_Person = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class _Shown:
    """What a person's Home shows now."""

    page: int
    #: Slack's name for this version of it; empty while unknown.
    hash: str
    glance: Hashable
    looked_at: float
    #: When the Home was last drawn because of news.
    renewed_at: float


class Homes:
    """The Home tabs of people. A drawing that another one overtook is repeated once."""

    def __init__(
        self,
        answers: Answers,
        answering: Answering,
        contact: Contact,
        languages: Languages,
        *,
        monotonic: Monotonic,
    ) -> None:
        self._answers = answers
        self._answering = answering
        self._contact = contact
        self._languages = languages
        self._monotonic = monotonic
        self._shown = BoundedDict[_Person, _Shown](_MOST_REMEMBERED)

    async def draw(self, team_id: str, user_id: str, *, page: int = 1, view: object = None) -> None:
        """Draw a page for a person who looks at it. `view` is what Slack says that Home shows."""
        now = self._monotonic()
        person = (team_id, user_id)
        shown = self._shown.get(person)
        if shown is None:
            shown = _Shown(page=page, hash="", glance=None, looked_at=now, renewed_at=-NEWS_SECONDS)
        shown.page, shown.looked_at = page, now
        shown.hash = hash_of(view) or shown.hash
        self._shown[person] = shown
        await self._draw(person, shown)

    async def click(self, request: Request, body: Json) -> None:
        """Answer a click in its row or in a modal; then draw Home again, which may have changed."""
        view = body["view"]
        if renews(body["actions"][0]):
            reply = await self._answering.reply(request)
            if reply is None or (reply.is_problem and not reply.is_idle):
                await self._answering.in_new_modal(request, body, reply)
        else:
            await self._answering.in_modal(request, body)
        await self.draw(request.team_id, request.user_id, page=page_of(view), view=view)

    async def renew(self, project: Project) -> float:
        """Draw the Homes whose glance is out of date; return the seconds until the next look.
        Raises nothing."""
        now, glance = self._monotonic(), self._answers.glance(project.team_id)
        due = [
            (person, shown)
            for person, shown in self._shown.items()
            if person[0] == project.team_id
            and shown.glance != glance
            and now - shown.renewed_at >= NEWS_SECONDS
            and now - shown.looked_at < _LOOKED_AT_SECONDS
        ]
        due.sort(key=lambda one: one[1].renewed_at)
        for person, shown in due[:_MOST_OF_A_TICK]:
            shown.renewed_at = now
            await self._draw(person, shown)
        return _TICK_SECONDS

    async def _draw(self, person: _Person, shown: _Shown) -> None:
        """Draw a Home; after a conflict once more, because the other drawing may be older."""
        if await self._publish(person, shown) == _CONFLICT:
            shown.hash = ""
            await self._publish(person, shown)

    async def _publish(self, person: _Person, shown: _Shown) -> str:
        """Publish a Home. Return Slack's code if it was refused: the next event draws it again."""
        # Take version and glance first: a drawing from older facts must not replace a newer one.
        version, page = shown.hash, shown.page
        shown.glance = self._answers.glance(person[0])
        sections = await self._answers.home(*person, page)
        if not sections:
            return ""
        view = home_view(sections, await self._languages.of(*person), page=page)
        try:
            shown.hash = await self._contact.publish_home(person[1], view, version=version)
        except MessengerError as error:
            _log.warning("home_failed", user=person[1], error=str(error), code=error.code)
            return error.code
        return ""
