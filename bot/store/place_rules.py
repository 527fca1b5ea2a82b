"""Read and set the rules of places: the PlaceRulesBook port over SQL."""

from sqlalchemy import or_, select, text

from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rule_rows import row_of, rules_from
from bot.store.delivering.digest_offers import note_click, take_offer
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.greetings import forget_greeting, greet, order_greeting
from bot.store.delivering.languages import adopt_language
from bot.store.delivering.rule_holds import follow_rules

_SET = text(
    "INSERT INTO place_rules (team_id, channel_id,"
    " quiet_begins_at, quiet_ends_at, quiet_is_weekdays_only, quiet_lets_failures_pass,"
    " digest_at, digest_is_weekdays_only, language, time_zone, set_by,"
    " digest_time_zone, digest_set_by)"
    " VALUES (:team_id, :channel_id,"
    " :quiet_begins_at, :quiet_ends_at, :quiet_is_weekdays_only, :quiet_lets_failures_pass,"
    " :digest_at, :digest_is_weekdays_only, :language, :time_zone, :set_by,"
    " :digest_time_zone, :digest_set_by)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET"
    " quiet_begins_at = excluded.quiet_begins_at, quiet_ends_at = excluded.quiet_ends_at,"
    " quiet_is_weekdays_only = excluded.quiet_is_weekdays_only,"
    " quiet_lets_failures_pass = excluded.quiet_lets_failures_pass,"
    " digest_at = excluded.digest_at, digest_is_weekdays_only = excluded.digest_is_weekdays_only,"
    " language = excluded.language, time_zone = excluded.time_zone, set_by = excluded.set_by,"
    " digest_time_zone = excluded.digest_time_zone, digest_set_by = excluded.digest_set_by"
)


def rules_of(transaction: Transaction, place: Place) -> PlaceRules:
    """Return the rules of a place; none of them is set if the place has no row."""
    query = select(tables.place_rules).where(of_place(tables.place_rules, place))
    row = transaction.connection.execute(query).one_or_none()
    return rules_from(row) if row else PlaceRules(place=place)


def _all_rules(transaction: Transaction, team_id: str) -> tuple[PlaceRules, ...]:
    c = tables.place_rules.c
    is_set = or_(
        c.quiet_begins_at.is_not(None),
        c.digest_at.is_not(None),
        c.language != "",
        c.time_zone != "",
    )
    query = select(tables.place_rules).where(c.team_id == team_id, is_set).order_by(c.channel_id)
    return tuple(map(rules_from, transaction.connection.execute(query)))


def set_rules(transaction: Transaction, rules: PlaceRules, *, request_key: str = "") -> None:
    """Store a place's rules and update its holds; redraw its cards if the language changed."""
    claim_request(transaction, rules.place.team_id, request_key)
    before = rules_of(transaction, rules.place)
    transaction.connection.execute(_SET, row_of(rules))
    follow_rules(transaction, rules)
    if before.language != rules.language:
        refresh_cards(transaction, rules.place)


def _decline_digest(transaction: Transaction, place: Place) -> None:
    take_offer(transaction, place)


class SqlPlaceRules(SqlPort):
    """The PlaceRulesBook port over SQL."""

    rules_of = reading(rules_of)
    all_rules = reading(_all_rules)
    set_rules = writing(set_rules)
    greet = writing(greet)
    order_greeting = writing(order_greeting)
    forget_greeting = writing(forget_greeting)
    decline_digest = writing(_decline_digest)
    note_click = writing(note_click)
    adopt_language = writing(adopt_language)
