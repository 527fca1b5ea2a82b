"""The table of settings for the documentation."""

from dataclasses import dataclass

from bot.config.fields import names_of, word_of
from bot.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One row of the table; `default` is in words or empty."""

    name: str
    meaning: str
    default: str


SETTINGS_TABLE: tuple[SettingRow, ...] = tuple(
    SettingRow(
        name=names_of(field)[0],
        meaning=field.description,
        default=str(word_of(field, "shown")) or (str(field.default) if field.default else ""),
    )
    for field in Settings.model_fields.values()
    if field.description
)
