"""The rows of `visjob doctor` about the database: access, rights, free space, deliveries."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cli.rows import failed, ok, warning
from bot.config import Settings
from bot.core.cards.wording import duration_words
from bot.core.delivery_report import OVERDUE_AFTER
from bot.core.errors import StoreUnavailable
from bot.core.health import Check, Verdict
from bot.core.text import say, say_many
from bot.serve.adapters import store_checks
from bot.serve.clock import utc_now
from bot.store.damage import check_soundness
from bot.store.database.database import CALL_DEADLINE
from bot.store.database.new_file import is_missing as is_missing_file
from bot.store.database.new_file import refuse_left_log
from bot.store.open import open_store, sqlite_path
from bot.store.store import SqlStore

_MEGABYTE = 2**20
# A year of a busy project needs less.
_ROOM_WORTH_KNOWING = 500 * _MEGABYTE
_ROOM_THAT_BREAKS = 20 * _MEGABYTE


async def database_rows(settings: Settings) -> AsyncIterator[Check]:
    """Yield all rows about the database."""
    url = settings.database_url.get_secret_value()
    is_sqlite = url.startswith("sqlite:")
    if is_sqlite and (new := _new_file(url)):
        yield _creation(new)
        yield _room(new.parent)
        return
    try:
        store = open_store(url, clock=utc_now)
    except StoreUnavailable as error:
        yield failed(_DATABASE, error.sentence, error.hint)
        return
    try:
        async for check in _rows_of(store, settings):
            yield check
    finally:
        await store.close()
    if is_sqlite and (folder := sqlite_path(url).parent).is_dir():
        yield _room(folder)


@asynccontextmanager
async def good_store(settings: Settings) -> AsyncIterator[SqlStore | None]:
    """Yield the store, or None if it cannot be used. This never creates a missing SQLite file."""
    url = settings.database_url.get_secret_value()
    try:
        is_missing = url.startswith("sqlite:") and is_missing_file(sqlite_path(url))
        store = None if is_missing else open_store(url, clock=utc_now)
    except StoreUnavailable:
        store = None
    if store is None:
        yield None
        return
    try:
        yield store if (await store.check()).is_good else None
    finally:
        await store.close()


def _new_file(url: str) -> Path | None:
    """Return the path of the SQLite file if it does not exist and can be created, else None."""
    file = Path(url.removeprefix("sqlite:///"))
    try:
        # SQLite follows links, and creates the file at their end.
        end = Path(os.path.realpath(file))
    except OSError:  # the current folder was removed
        return None
    try:
        end.lstat()
    except FileNotFoundError:
        return file if os.access(end.parent, os.W_OK) else None
    except OSError:  # SQLite reports what is wrong when it opens the file
        pass
    return None


def _creation(new: Path) -> Check:
    try:
        refuse_left_log(new)
    except StoreUnavailable as error:
        return failed(_DATABASE, error.sentence, error.hint)
    return ok(_DATABASE, say("`visjob serve` creates the SQLite file {path}", path=str(new)))


async def _rows_of(store: SqlStore, settings: Settings) -> AsyncIterator[Check]:
    url = settings.database_url.get_secret_value()
    is_sqlite = url.startswith("sqlite:")
    found = await store_checks(store, within=CALL_DEADLINE)
    for check in found:
        if is_sqlite and check.key == "schema" and check.cure:
            yield ok(check.name, say("`visjob serve` creates it by itself on SQLite"))
        else:
            yield check
    if is_sqlite and found[0].verdict is Verdict.OK:
        yield await _file(url)
    if all(check.verdict is Verdict.OK for check in found):
        yield await _outbox(store, settings.command)
        if not is_sqlite:
            yield await _rights(store)


async def _file(url: str) -> Check:
    try:
        found = await check_soundness(url)
    except StoreUnavailable as error:
        return failed(_FILE, error.sentence, error.hint)
    if found.damage:
        return failed(
            _FILE,
            say("damaged: {damage}", damage=found.damage),
            say(
                "stop the bot and restore a backup, or save what can be read with"
                " `sqlite3 FILE .recover`"
            ),
        )
    if not found.is_complete:
        return ok(_FILE, say("no damage found; it is too large to be checked to its end"))
    return ok(_FILE, say("no damage found"))


async def _outbox(store: SqlStore, command: str) -> Check:
    try:
        is_late = await store.has_overdue()
        count = await store.history.count_dead_letters()
    except StoreUnavailable as error:
        return failed(_OUTBOX, error.sentence, error.hint)
    if is_late:
        return failed(
            _OUTBOX,
            say(
                "a message that nothing holds back has waited for more than {span}",
                span=duration_words(OVERDUE_AFTER),
            ),
            say("see whether `visjob serve` runs, and whether its log says that Slack fails"),
        )
    if not count:
        return ok(_OUTBOX, say("no undelivered messages"))
    found = say_many(
        "{count} undelivered message: given up, and not tried again by itself",
        "{count} undelivered messages: given up, and not tried again by themselves",
        count,
    )
    cure = say(
        "say `{command} status letters` in Slack: it tells why, and sends them again",
        command=command,
    )
    return warning(_OUTBOX, found, cure)


async def _rights(store: SqlStore) -> Check:
    try:
        needed, later = await store.missing_grants()
    except StoreUnavailable as error:
        return failed(_RIGHTS, error.sentence, error.hint)
    if needed:
        cure = say("let the owner of the tables type: {grant}", grant=needed)
        return failed(_RIGHTS, say("the role may not read and write every table"), cure)
    if later:
        found = say("the role may make no tables, which the next version may need")
        cure = say("let the owner of the schema type: {grant}", grant=later)
        return warning(_RIGHTS, found, cure)
    return ok(_RIGHTS, say("the role may read, write and make tables"))


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    megabytes = f"{free // _MEGABYTE:,}"
    found = say("{number} MB free in {folder}", number=megabytes, folder=str(folder.absolute()))
    cure = say("make room there, or set DATABASE_URL to a file on a larger disk")
    if free < _ROOM_THAT_BREAKS:
        return failed(_DISK, found, cure)
    return warning(_DISK, found, cure) if free < _ROOM_WORTH_KNOWING else ok(_DISK, found)


_DATABASE, _FILE, _OUTBOX = say("database"), say("database file"), say("outbox")
_RIGHTS, _DISK = say("database rights"), say("disk")
