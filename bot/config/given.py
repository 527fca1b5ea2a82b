"""Build settings from values in code, without reading the environment."""

from collections.abc import Mapping

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.config.settings import Settings


class _GivenSettings(Settings):
    """Settings from code alone, under the names of their variables."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read values from code, and from no other source."""
        return (init_settings,)


def settings_from(given: Mapping[str, str]) -> Settings:
    """Return settings made of `given`, by names of variables; the environment is not read."""
    return _GivenSettings.model_validate(given)
