"""All tables as the queries use them. The migrations create them; a test compares the two."""

from bot.store.database.care_tables import action, audit_entry, care
from bot.store.database.columns import metadata
from bot.store.database.outbox_tables import (
    audit,
    card,
    delivery,
    gate,
    hold,
    inbox,
    late_records,
    place,
    restore,
    server,
    workspace,
)
from bot.store.database.rule_tables import place_rules, workspace_memory
from bot.store.database.watch_tables import (
    call_budget,
    change,
    last_asked,
    project,
    spent_calls,
    subscription,
    watch_lease,
    watched_job,
)

__all__ = [
    "action",
    "audit",
    "audit_entry",
    "call_budget",
    "card",
    "care",
    "change",
    "delivery",
    "gate",
    "hold",
    "inbox",
    "last_asked",
    "late_records",
    "metadata",
    "place",
    "place_rules",
    "project",
    "restore",
    "server",
    "spent_calls",
    "subscription",
    "watch_lease",
    "watched_job",
    "workspace",
    "workspace_memory",
]
