"""Check the answers given to `visjob init`: each is good, refused, or could not be checked."""

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.config import Settings
from bot.core.errors import (
    BotError,
    MessageRejected,
    MessengerUnavailable,
    Refusal,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.foreign_words import foreign_sentence
from bot.core.health import Verdict
from bot.core.text import Language, Words, enumeration, say, sentences
from bot.serve.adapters import open_app_calls, open_messenger, open_source
from bot.serve.clock import utc_now
from bot.slack.manifest import SCOPES
from bot.slack.outgoing.app_token import check_app_token
from bot.store.open import open_store, sqlite_path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswer:
    """The result of one check."""

    name: Words
    found: Words
    cure: Words = ""
    #: None if the other side did not answer, so the value may be good.
    is_good: bool | None = True

    @property
    def is_refusal(self) -> bool:
        """True if the other side refused the answers."""
        return self.is_good is False

    def line(self, language: Language) -> str:
        """Return the line for the operator."""
        sign = {True: "✅", False: "❌", None: "⚠️"}[self.is_good]
        name, found, cure = map(language.plain, (self.name, self.found, self.cure))
        follows = f"\n   → {cure}" if cure and self.is_good is not True else ""
        return f"{sign} {name}: {found}{follows}"


async def check_answers(settings: Settings, *, socket_mode: bool) -> list[CheckedAnswer]:
    """Check Slack, the cloud and the database."""
    found = await check_bot(settings)
    if socket_mode:
        found += await check_app(settings)
    return found + await check_cloud(settings) + await check_database(settings)


async def check_nothing(_: Settings) -> list[CheckedAnswer]:
    """Check nothing: only a request from Slack can prove a signing secret."""
    return []


async def check_bot(settings: Settings) -> list[CheckedAnswer]:
    """Check the bot token and its scopes with Slack."""
    name = say("Slack token")
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        try:
            identity = await messenger.identify()
        except BotError as error:
            return [_fault(name, error)]
    missing = [scope for scope in SCOPES if scope not in identity.scopes]
    if missing:
        lacks = say("lacks {scopes}", scopes=enumeration(missing))
        cure = say("create or reinstall the app from the link above")
        return [CheckedAnswer(name=name, found=lacks, cure=cure, is_good=False)]
    return [CheckedAnswer(name=name, found=say("a bot token of {team}", team=identity.team))]


async def check_app(settings: Settings) -> list[CheckedAnswer]:
    """Check the app-level token: ask Slack for a connection."""
    async with AsyncExitStack() as stack:
        check = await check_app_token(await open_app_calls(settings, stack))
    is_good = check.verdict is Verdict.OK
    return [CheckedAnswer(name=check.name, found=check.found, cure=check.cure, is_good=is_good)]


async def check_cloud(settings: Settings) -> list[CheckedAnswer]:
    """Check the login to the cloud."""
    name = "ModelArts"
    async with open_source(settings) as source:
        try:
            await source.check_login()
        except BotError as error:
            return [_fault(name, error)]
    found = say("login accepted, jobs of project {project} can be read", project=source.project_id)
    return [CheckedAnswer(name=name, found=found)]


async def check_database(settings: Settings) -> list[CheckedAnswer]:
    """Check that the database can be used; this never creates a missing SQLite file."""
    name, url = say("database"), settings.database_url.get_secret_value()
    if url.startswith("sqlite:") and not (file := sqlite_path(url)).exists():
        if os.access(file.parent, os.W_OK):
            found = say("`visjob serve` creates the SQLite file {path}", path=str(file))
            return [CheckedAnswer(name=name, found=found)]
        found = say("{path} cannot be made", path=str(file))
        cure = say("name a file in a folder that exists and is writable")
        return [CheckedAnswer(name=name, found=found, cure=cure, is_good=False)]
    try:
        store = open_store(url, clock=utc_now)
    except StoreUnavailable as error:
        return [_fault(name, error)]
    try:
        condition = await store.check()
    finally:
        await store.close()
    if not condition.is_reachable:
        return [
            CheckedAnswer(name=name, found=condition.problem, cure=condition.cure, is_good=None)
        ]
    if condition.problem:
        found = say("can be used. {problem}", problem=condition.problem)
        return [CheckedAnswer(name=name, found=found)]
    return [CheckedAnswer(name=name, found=say("can be used"))]


def _fault(name: Words, error: BotError) -> CheckedAnswer:
    """Return the finding of an error: a refusal if the other side answered, else unchecked, since
    the network may be at fault."""
    is_unanswered = isinstance(error, MessengerUnavailable | SourceUnavailable) or (
        isinstance(error, MessageRejected) and error.refusal in (Refusal.NOT_SENT, Refusal.TOO_FAST)
    )
    said = sentences(error.sentence, foreign_sentence(error.vendor_text, error.code))
    return CheckedAnswer(
        name=name, found=said, cure=error.hint, is_good=None if is_unanswered else False
    )
