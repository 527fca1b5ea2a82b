"""The languages of places, in which their deliveries and cards are drawn."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select, text

from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.delivering.enqueue import refresh_cards

# A direct message gets the language of its person, until somebody sets a rule for it.
_ADOPT = text(
    "INSERT INTO place_rules (team_id, channel_id, language)"
    " VALUES (:team_id, :channel_id, :language)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET language = excluded.language"
    " WHERE place_rules.language = '' OR (:is_direct AND place_rules.set_by = ''"
    " AND place_rules.language <> excluded.language)"
)


def languages(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """Return, by channel id, the language tags of the places of these rows of one workspace. A
    place without a language of its own is left out."""
    c = tables.place_rules.c
    query = select(c.channel_id, c.language).where(
        c.team_id == rows[0]["team_id"],
        c.channel_id.in_({row["channel_id"] for row in rows}),
        c.language != "",
    )
    return {row.channel_id: row.language for row in transaction.connection.execute(query)}


def adopt_language(transaction: Transaction, place: Place, language: str) -> None:
    """Give this language to a place without one, or to a direct message without rules, and
    redraw its cards."""
    adopted = transaction.connection.execute(
        _ADOPT,
        {
            "team_id": place.team_id,
            "channel_id": place.channel_id,
            "language": language,
            "is_direct": place.is_direct,
        },
    )
    if adopted.rowcount:
        refresh_cards(transaction, place)
