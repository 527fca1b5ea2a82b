"""Where a setting's text may come from."""

from dataclasses import dataclass
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from bot.config.fields import is_secret, names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFile:
    """Stands in for a secret whose file gave none; validation turns it into a problem."""

    why: str


class NamedTexts(PydanticBaseSettingsSource):
    """The text of each setting, under any of its names.

    Our own name wins over the vendors'; for one name the first of `places` wins. A secret may
    be given as NAME_FILE instead: the path of a file that holds it.
    """

    def __init__(
        self, settings_cls: type[BaseSettings], *places: PydanticBaseSettingsSource
    ) -> None:
        super().__init__(settings_cls)
        self._places = [place.env_vars for place in places if isinstance(place, EnvSettingsSource)]

    def __call__(self) -> dict[str, object]:
        """Look up every setting; those that nobody set are left out."""
        found = {
            names_of(field)[0]: self._find(field)
            for field in self.settings_cls.model_fields.values()
        }
        return {name: text for name, text in found.items() if text is not None}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        """Look up one setting (pydantic's signature)."""
        return self._find(field), field_name, False

    def _find(self, field: FieldInfo) -> str | UnreadableFile | None:
        for name in names_of(field):
            for place in self._places:
                if text := (place.get(name) or "").strip():
                    return text
                if is_secret(field) and (path := place.get(f"{name}_FILE")):
                    return _read_secret(path)
        return None


def _read_secret(path: str) -> str | UnreadableFile:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        return UnreadableFile(why=f"the file {path} cannot be read: {why}")
    return text or UnreadableFile(why=f"the file {path} is empty")
