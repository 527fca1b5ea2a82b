"""Find bad lines of the `.env` file; messages give line numbers and never the content."""

import logging
import re
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.config.problem import Problem
from bot.config.settings import Settings
from bot.config.sources import NO_TEXT
from bot.core.foreign_words import system_words
from bot.core.text import Text, enumeration, say, say_many

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# The library's own message for a bad line does not name the file.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)


def bad_lines() -> tuple[Problem, ...]:
    """Return a problem if `.env` is a folder or has lines that are not NAME=value. Raises OSError
    or UnicodeDecodeError."""
    file = Path(str(Settings.model_config["env_file"]))
    if file.is_dir():
        return (_problem(say("{name} is a folder, not a file", name=file.name)),)
    if not file.exists():
        return ()
    with file.open(encoding=Settings.model_config["env_file_encoding"]) as stream:
        lines = [str(one.original.line) for one in parse_stream(stream) if _is_bad(one)]
    if not lines:
        return ()
    found = say_many(
        "{file} is not NAME=value in line {lines}",
        "{file} is not NAME=value in lines {lines}",
        len(lines),
        file=file.name,
        lines=enumeration(lines),
    )
    return (_problem(found),)


def unreadable(error: OSError | UnicodeDecodeError) -> Problem:
    """Return the problem of a `.env` file that cannot be read."""
    why = system_words(error) if isinstance(error, OSError) else NO_TEXT
    return _problem(say("{name} is a file that cannot be read: {why}", name=".env", why=why))


def _problem(found: Text) -> Problem:
    return Problem(
        name=".env",
        found=found,
        expected=say("lines of NAME=value, or no such file"),
        example="PORT=3000",
    )


def _is_bad(line: Binding) -> bool:
    is_word = line.key is not None and line.value is None and not _NAME.fullmatch(line.key)
    return line.error or is_word
