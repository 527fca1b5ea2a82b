"""Split a list into pages with cursors. https://docs.slack.dev/apis/web-api/pagination"""

import base64
import binascii
from typing import Any

from bot.demo.workspace.calls import Call, Refused


def page(
    items: list[Any], call: Call, *, largest: int, default: int = 100
) -> tuple[list[Any], str]:
    """Return one page of items, and the next cursor, empty at the end. Raises Refused."""
    limit = call.get("limit", default) or default
    if not isinstance(limit, int) or not 0 < limit <= largest:
        raise Refused("invalid_limit")
    start = 0
    if cursor := call.get("cursor"):
        try:
            start = int(base64.b64decode(str(cursor), validate=True).removeprefix(b"after:"))
        except (binascii.Error, ValueError):
            raise Refused("invalid_cursor") from None
    rest = len(items) > start + limit
    after = base64.b64encode(b"after:%d" % (start + limit)).decode() if rest else ""
    return items[start : start + limit], after
