"""Settings that code gives: the environment is not read."""

from collections.abc import Mapping

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.config.settings import Settings


class _GivenSettings(Settings):
    """Settings given in full by code, under their variables' names: the environment is not read."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let code alone say."""
        return (init_settings,)


def settings_from(given: Mapping[str, str]) -> Settings:
    """Settings given by code under their variables' names; the environment is not read."""
    return _GivenSettings.model_validate(given)
