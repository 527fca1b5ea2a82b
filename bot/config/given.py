"""Build settings from texts, of the environment and the `.env` file, or given in code."""

from collections.abc import Mapping

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from bot.config.settings import Settings
from bot.config.sources import Unreadable, texts_in


def read_texts() -> dict[str, str | Unreadable]:
    """Return the text of each setting that is set; the environment overrides the `.env` file."""
    fields = Settings.model_fields.values()
    return texts_in(fields, EnvSettingsSource(Settings), DotEnvSettingsSource(Settings))


def settings_from(texts: Mapping[str, object]) -> Settings:
    """Return settings made of texts by names of variables, and of nothing else. Raises
    ValidationError."""
    return Settings.model_validate(texts)
