"""Write the `.env` file: completely and readable by its owner alone, or not at all."""

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from bot.config.settings import Settings
from bot.config.sources import texts_in

_ENCODING = "utf-8"
# Docker, systemd and shells read a value of these characters unchanged, so it needs no quotes.
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,~-]*")
_HEAD = "# Written by `visjob init`. Every setting: .env.example, and docs/settings.md.\n"


class Unwritable(ValueError):
    """The error for a value that no `.env` file can hold; `name` is its setting."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def given_texts() -> dict[str, str]:
    """Return the settings of the environment alone, by our own names; the `.env` file is not read.
    A value that cannot be read counts as not set."""
    ours = [field for field in Settings.model_fields.values() if field.description]
    found = texts_in(ours, EnvSettingsSource(Settings))
    return {name: text for name, text in found.items() if isinstance(text, str)}


def write_env_file(path: Path, values: Mapping[str, str], *, replaces: bool) -> None:
    """Write lines of NAME=value with mode 0600. Raises Unwritable, FileExistsError or OSError, and
    then leaves an existing file unchanged."""
    text = _HEAD + "".join(f"{name}={_quoted(value)}\n" for name, value in values.items())
    number, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(number, "w", encoding=_ENCODING) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _check(part, values)
        if replaces:
            part.replace(path)
        else:
            _rename_to_new(part, path)
    finally:
        with suppress(OSError):
            part.unlink()


def _rename_to_new(part: Path, path: Path) -> None:
    try:
        os.link(part, path)  # unlike a rename, a link never overwrites a file
    except FileExistsError:
        raise
    except OSError:  # this file system has no hard links
        if path.exists() or path.is_symlink():
            raise FileExistsError(path) from None
        part.replace(path)


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _check(file: Path, values: Mapping[str, str]) -> None:
    """Raise Unwritable if the file reads back differently: a `${…}` cannot be quoted there."""
    source = DotEnvSettingsSource(Settings, env_file=file, env_file_encoding=_ENCODING)
    read = source.env_vars
    for name, value in values.items():
        if read.get(name) != value:
            raise Unwritable(name)
