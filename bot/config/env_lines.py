"""Find bad lines of the `.env` file; messages give line numbers and never the content."""

import logging
import os
import re
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.config.problem import Problem
from bot.config.settings import Settings
from bot.config.sources import NO_TEXT
from bot.core.foreign_words import system_words
from bot.core.text import Text, Words, enumeration, say, say_many

_FILE = str(Settings.model_config["env_file"])
_ENCODING = str(Settings.model_config["env_file_encoding"])
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Another program's names may hold more. `$env:NAME` of PowerShell and invisible letters are slips.
_NAME_OF_ANYBODY = re.compile(r"[\w.-]+")
# The parser takes seconds for more.
_LARGEST_FILE = 256 * 1024

# The library's own message for a bad line does not name the file.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)


def unusable() -> Problem | None:
    """Return the problem of a `.env` that cannot be read as a whole; None if there is none."""
    file = Path(_FILE)
    try:
        if file.is_symlink() and not file.exists():
            return _problem(say("{name} is a link to a file that is not there", name=_FILE))
        if not file.exists() or file.is_dir() or file.samefile(os.devnull):
            return None
        if not file.is_file():  # it is read more than once, and a pipe gives its content once
            return _problem(say("{name} is a device or a pipe, not a file", name=_FILE))
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except OSError as error:
        return _unreadable(system_words(error))
    if len(content) > _LARGEST_FILE:
        return _unreadable(say("it is larger than {number} KiB", number=_LARGEST_FILE // 1024))
    return None if _is_text(content) else _unreadable(NO_TEXT)


def _is_text(content: bytes) -> bool:
    try:
        content.decode(_ENCODING)
    except UnicodeDecodeError:
        return False
    return b"\0" not in content  # in UTF-16, each second byte is zero


def bad_lines() -> tuple[Problem, ...]:
    """Return a problem if `.env` is a folder or has lines that are not NAME=value."""
    file = Path(_FILE)
    if file.is_dir():
        return (_problem(say("{name} is a folder, not a file", name=_FILE)),)
    if not file.exists():
        return ()
    with file.open(encoding=_ENCODING) as stream:
        lines = [str(one.original.line) for one in parse_stream(stream) if _is_bad(one)]
    if not lines:
        return ()
    found = say_many(
        "{file} is not NAME=value in line {lines}",
        "{file} is not NAME=value in lines {lines}",
        len(lines),
        file=_FILE,
        lines=enumeration(lines),
    )
    return (_problem(found),)


def _unreadable(why: Words) -> Problem:
    return _problem(say("{name} is a file that cannot be read: {why}", name=_FILE, why=why))


def _problem(found: Text) -> Problem:
    return Problem(
        name=_FILE,
        found=found,
        expected=say("lines of NAME=value, or no such file"),
        example="PORT=3000",
    )


def _is_bad(line: Binding) -> bool:
    if line.key is None:  # an empty line, or a comment
        return line.error
    name = _NAME if line.value is None else _NAME_OF_ANYBODY
    return line.error or not name.fullmatch(line.key)
