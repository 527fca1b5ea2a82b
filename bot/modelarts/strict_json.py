"""Parse bytes into one JSON object, and refuse JSON that parsers read differently. Pure and total.

For any bytes, `read_object` returns an object or raises SourceUnavailable.
"""

import json
from collections.abc import Iterable

import orjson

from bot.core.errors import SourceUnavailable
from bot.core.text import Text, Words, say

DEEPEST_NESTING = 32

# RFC 8259, 8.1: a parser may ignore a byte order mark. Some gateways and proxies add one.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_HINT = say("Nothing was changed by this. Try again; if it persists, check MODELARTS_ENDPOINT.")


def read_object(body: bytes) -> dict[str, object]:
    """Parse one strict JSON object. Raises SourceUnavailable, which says what came instead."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    value = _read_plain(body)
    return _read_strictly(body) if value is None else value


def _read_plain(body: bytes) -> dict[str, object] | None:
    """Parse harmless JSON quickly; None for JSON that must be parsed strictly.

    The quick parser keeps the last of two members with one name, and makes a float of a long
    number. Then the text that it writes back differs from the body in more than white space.
    """
    try:
        value = orjson.loads(body)
        written = orjson.dumps(value)
        indented = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    is_same = body == written or body.translate(None, _SPACE) == written.translate(None, _SPACE)
    is_plain = is_same and isinstance(value, dict) and _TOO_DEEP not in indented
    return value if is_plain else None


_SPACE = b" \t\r\n"
# A line indented this far may be one level too deep; the strict parser counts the levels.
_TOO_DEEP = b"\n" + b"  " * DEEPEST_NESTING


def _read_strictly(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        raise untrusted_answer(_describe(body, error)) from error
    if not isinstance(value, dict):
        raise untrusted_answer(say("JSON that is not an object"))
    if _is_too_deep(body, value):
        raise untrusted_answer(_TOO_NESTED)
    return value


def untrusted_answer(what: Words) -> SourceUnavailable:
    """Return the error for an answer that is no observation; `what` says what came instead."""
    return SourceUnavailable(
        say("The cloud gave an answer that cannot be trusted: {what}.", what=what), hint=_HINT
    )


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Trap(say("JSON that says one thing twice"))
    return members


def _refuse_constant(name: str) -> object:
    raise _Trap(say("JSON with the number {number}", number=name))


class _Trap(ValueError):
    """JSON that the parser accepts and we refuse."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


_TOO_NESTED = say("JSON nested deeper than {count} levels", count=DEEPEST_NESTING)


def _describe(body: bytes, error: Exception) -> Text:
    start = body[:200].lstrip().lower()
    if not start:
        return say("nothing at all")
    if start.startswith(b"<"):
        return say("a web page instead of JSON")
    if isinstance(error, UnicodeDecodeError):
        return say("bytes that are not UTF-8")
    if isinstance(error, RecursionError):
        return _TOO_NESTED
    if isinstance(error, json.JSONDecodeError):
        return say("{count} bytes that are not whole JSON", count=len(body))
    # The only other ValueError of the parser is for a number of thousands of digits.
    return error.what if isinstance(error, _Trap) else say("a number that is too long")


def _is_too_deep(body: bytes, value: object) -> bool:
    if body.count(b"{") + body.count(b"[") <= DEEPEST_NESTING:
        return False
    level = _list_containers([value])
    for _ in range(DEEPEST_NESTING):
        level = [
            child
            for parent in level
            for child in _list_containers(parent.values() if isinstance(parent, dict) else parent)
        ]
    return bool(level)


def _list_containers(values: Iterable[object]) -> list[dict[str, object] | list[object]]:
    return [value for value in values if isinstance(value, dict | list)]
