"""The languages of places: their deliveries are drawn in them, and their cards drawn anew."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select, text

from bot.core.cards.subscription_words import is_direct
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.delivering.enqueue import refresh_cards

# A direct message follows its person, until that person has settled something for it.
_ADOPT = text(
    "INSERT INTO place_rules (team_id, channel_id, language)"
    " VALUES (:team_id, :channel_id, :language)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET language = excluded.language"
    " WHERE place_rules.language = '' OR (:is_direct AND place_rules.set_by = ''"
    " AND place_rules.language <> excluded.language)"
)


def languages(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """The tag of each channel of these rows, of one workspace, that has one of its own."""
    c = tables.place_rules.c
    query = select(c.channel_id, c.language).where(
        c.team_id == rows[0]["team_id"],
        c.channel_id.in_({row["channel_id"] for row in rows}),
        c.language != "",
    )
    return {row.channel_id: row.language for row in transaction.connection.execute(query)}


def adopt_language(transaction: Transaction, place: Place, language: str) -> None:
    """Let a place without a language have this one."""
    adopted = transaction.connection.execute(
        _ADOPT,
        {
            "team_id": place.team_id,
            "channel_id": place.channel_id,
            "language": language,
            "is_direct": is_direct(place),
        },
    )
    if adopted.rowcount:
        refresh_cards(transaction, place)
