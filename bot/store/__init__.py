"""The persistent state of the bot, in SQLite or PostgreSQL; the only package that contains SQL."""

from bot.store.backup import back_up
from bot.store.open import migrate, open_store, reconcile
from bot.store.store import SqlStore, StoreCondition

__all__ = ["SqlStore", "StoreCondition", "back_up", "migrate", "open_store", "reconcile"]
