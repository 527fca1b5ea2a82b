"""The environment, read once and checked whole; nothing else in the bot reads it."""

from bot.config.given import settings_from
from bot.config.load import (
    CLOUD_ONLY,
    DATABASE_ONLY,
    NOTHING,
    SERVE,
    SERVE_SOCKET_MODE,
    BadSettings,
    Need,
    Problem,
    doubts,
    load_settings,
    problems_of,
    read_settings,
)
from bot.config.settings import Settings
from bot.config.table import SETTINGS_TABLE, SettingRow

__all__ = [
    "CLOUD_ONLY",
    "DATABASE_ONLY",
    "NOTHING",
    "SERVE",
    "SERVE_SOCKET_MODE",
    "SETTINGS_TABLE",
    "BadSettings",
    "Need",
    "Problem",
    "SettingRow",
    "Settings",
    "doubts",
    "load_settings",
    "problems_of",
    "read_settings",
    "settings_from",
]
