"""Read and check the settings; no other package reads the environment."""

from bot.config.given import settings_from
from bot.config.load import (
    CLOUD_ONLY,
    DATABASE_ONLY,
    NOTHING,
    SERVE,
    SERVE_SOCKET_MODE,
    Need,
    doubts,
    load_settings,
    problems_of,
    read_settings,
)
from bot.config.problem import BadSettings, Problem
from bot.config.settings import Settings
from bot.config.table import SETTINGS_TABLE, SettingRow
from bot.config.unknown import UnknownSetting, unknown_settings

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
    "UnknownSetting",
    "doubts",
    "load_settings",
    "problems_of",
    "read_settings",
    "settings_from",
    "unknown_settings",
]
