"""Decide how much of a value may be shown: it may be a secret in the wrong setting."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.config.addresses import is_host
from bot.core.text import Words, say_many

_HARMLESS = re.compile(r"[\w ./,:+*'-]{1,80}")
_SLACK_TOKEN = re.compile(r"xox|xapp", re.IGNORECASE)
# A word this long that mixes letters and digits may be a key or a hash.
_LONG_WORD = re.compile(r"[A-Za-z0-9_+=-]{16,}")

_ROOTED = re.compile(r"(?:~|\.{0,2})/\w|[A-Za-z]:[\\/]")


def printable(text: str) -> Words:
    """Return the value in quotes if it cannot be a secret; of a URL, scheme, host and port only."""
    if "://" in text or "@" in text:
        return _printable_url(text)
    return repr(text) if _is_harmless(text) else printable_path(text)


def printable_path(text: str) -> Words:
    """Return the path in quotes if it exists or looks like an absolute path, else only its length:
    the text may be a pasted secret."""
    try:
        path = Path(text)
        leads = path.exists() or (len(path.parts) > 2 and path.parent.is_dir())
    except (OSError, ValueError):
        leads = False
    is_path = leads or (_ROOTED.match(text) is not None and _is_harmless(text.lstrip("~")))
    return repr(text) if is_path and not _SLACK_TOKEN.search(text) else counted(text)


def counted(text: str) -> Words:
    """Return the length of the value in words, which reveals nothing else."""
    return say_many("a value of {count} character", "a value of {count} characters", len(text))


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the passwords in a URL, both as written and percent-decoded."""
    rest = url.partition("://")[2]
    login = re.match(r"[^@/]*(?=@)", rest)
    found = [login[0].partition(":")[2]] if login else []
    parameters = rest[login.end() if login else 0 :].partition("?")[2]
    found += [value for name, value in parse_qsl(parameters) if name in ("password", "sslpassword")]
    return tuple({*found, *map(unquote, found)} - {""})


def _is_harmless(text: str) -> bool:
    if not _HARMLESS.fullmatch(text) or _SLACK_TOKEN.search(text):
        return False
    return not any(
        re.search(r"\d", word) and re.search(r"[A-Za-z]", word) for word in _LONG_WORD.findall(text)
    )


def _printable_url(text: str) -> Words:
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        return counted(text)
    if not (url.scheme and is_host(host) and _is_harmless(host)):
        return counted(text)
    # An @ after the host means that the apparent host is part of a login.
    if "@" in text.partition(url.netloc)[2] or url.netloc.count("@") > 1:
        return counted(text)
    shown = f"{url.scheme}://" + (f"[{host}]" if ":" in host else host)
    shown += f":{port}" if port else ""
    whole = f"{url.scheme}://{url.netloc}"
    return repr(shown if text.lower().rstrip("/") == whole.lower() == shown else f"{shown}/…")
