"""`visjob backup TO`: a consistent copy of the SQLite file."""

from pathlib import Path

import click

from bot.config import Settings
from bot.core.text import Text, say
from bot.locale import language_of
from bot.store.backup import back_up


def copy_database(settings: Settings, to: Path) -> Text:
    """Make it; what was done, for the operator. Raises StoreUnavailable, or click.UsageError
    where there is no such file."""
    url = settings.database_url.get_secret_value()
    if not url.startswith("sqlite:"):
        refused = say(
            "DATABASE_URL names a PostgreSQL database. Its own tools copy it: "
            "pg_dump --dbname=DATABASE_URL --file=TO"
        )
        raise click.UsageError(language_of(settings.language).plain(refused))
    size = back_up(url, to)
    return say(
        "Copied {size} bytes to {path}. To restore it: stop the bot, put this file where "
        "DATABASE_URL says, run `visjob migrate --reconcile`, start the bot.",
        size=f"{size:,}",
        path=str(to),
    )
