"""A small world and fakes for the tests of shortcuts, pasted links and greetings."""

import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.core.cards.card import Card
from bot.core.cards.form import Form
from bot.core.cards.reply import Reply
from bot.core.commands.request import Request
from bot.core.commands.targets.message_jobs import MessageWords
from bot.core.project import Project
from bot.core.shared_link import unfurled_hosts
from bot.core.subscription import Place
from bot.demo.workspace.cast import DEFAULT_SCOPES, ME
from tests.fakes import FakeSource
from tests.make import LINK_HOSTS, a_card, a_job
from tests.world import World, open_world, settle

Json = dict[str, Any]

JOBS = (a_job(205), a_job(240, name="bert-finetune"), a_job(41, status=12, name="41st-try"))
LINK = JOBS[0].service_url


@asynccontextmanager
async def open_small(
    folder: Path,
    source: FakeSource | None = None,
    *,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    command: str = "/visjob",
) -> AsyncIterator[World]:
    """Open a world whose bot knows three jobs, and draws cards for links to two hosts."""
    source = source or FakeSource(JOBS)
    async with open_world(
        folder,
        jobs=source,
        scopes=scopes,
        VISJOB_LINK_HOSTS=",".join(LINK_HOSTS),
        VISJOB_COMMAND=command,
    ) as made:
        source.clock = made.clock
        made.workspace.state.unfurl_domains = set(unfurled_hosts(LINK_HOSTS))
        yield await settle(made)


def called(world: World, method: str) -> list[Json]:
    """Return the arguments of each call of a Slack method, also of refused calls."""
    return [entry.arguments for entry in world.workspace.journal if entry.method == method]


def person(user_id: str = ME, team_id: str = "T0VISION01") -> Json:
    """Return the fields of an interaction that name the person and the workspace."""
    return {"user": {"id": user_id, "team_id": team_id}, "team": {"id": "T0VISION01"}}


def subscribed(folder: Path) -> list[tuple[str, int]]:
    """Return the channel and the job of each subscription in the world's SQLite file."""
    with closing(sqlite3.connect(folder / "visjob.db")) as database:
        return list(database.execute("SELECT channel_id, job_id FROM subscription"))


class FakeOffers:
    """An Offers that returns the same card for everything."""

    def search(self, team_id: str) -> Card:
        del team_id
        return a_card()

    def watch(self, said: MessageWords | None, *, team_id: str, channel_id: str) -> Reply:
        del said, team_id, channel_id
        return Reply(card=a_card())

    def chosen_form(self, sentence: str, *, team_id: str, channel_id: str) -> Form | None:
        del sentence, team_id, channel_id
        return None

    async def preview(self, url: str, request: Request) -> Card | None:
        del url, request
        return None

    def project_of(self, team_id: str) -> Project:
        return Project(team_id=team_id, project_id="p")


class FakeClicks:
    """A ClickLog that records nothing."""

    async def note_click(self, place: Place) -> None:
        del place


class FakeGreetings:
    """A Greetings for which every place was greeted already."""

    async def greet(self, place: Place) -> bool:
        del place
        return False

    async def forget_greeting(self, place: Place) -> None:
        del place

    async def order_greeting(
        self, project: Project, place: Place, *, is_shared: bool, language: str
    ) -> None:
        del project, place, is_shared, language
