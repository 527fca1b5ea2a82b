"""`visjob backup TO`: copy the SQLite file consistently."""

from pathlib import Path

import click

from bot.config import Settings
from bot.core.text import Text, say
from bot.locale import language_of
from bot.store.backup import back_up


def copy_database(settings: Settings, to: Path) -> Text:
    """Copy the SQLite file, and return a sentence for the operator. Raises StoreUnavailable, or
    click.UsageError if the database is PostgreSQL."""
    url = settings.database_url.get_secret_value()
    if not url.startswith("sqlite:"):
        refused = say(
            "DATABASE_URL names a PostgreSQL database. Its own tools copy it: "
            "pg_dump --format=custom --dbname=DATABASE_URL --file=TO"
        )
        raise click.UsageError(language_of(settings.language).plain(refused))
    size = back_up(url, to)
    return say(
        "Copied {size} bytes to {path}. To restore it: stop the bot, put this file where "
        "DATABASE_URL says, run `visjob migrate --reconcile`, start the bot.",
        size=f"{size:,}",
        path=str(to),
    )
