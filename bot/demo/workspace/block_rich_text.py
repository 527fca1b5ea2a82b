"""The shapes of Block Kit's rich text and table cells, as data.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from bot.demo.workspace.block_shapes import (
    Check,
    anything,
    choice,
    flag,
    many,
    number,
    record,
    string,
    tagged,
)

_STYLE = record(
    {},
    {
        name: flag
        for name in (
            "bold",
            "code",
            "italic",
            "strike",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        )
    },
)


def _inline(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"style": _STYLE, **(optional or {})})


_TEXT = _inline({"text": string()})
_LINK = _inline({"url": string(3000)}, {"text": string(minimum=0), "unsafe": flag})
_INLINE: dict[str, Check] = {
    "text": _TEXT,
    "link": _LINK,
    "user": _inline({"user_id": string()}),
    "usergroup": _inline({"usergroup_id": string()}),
    "channel": _inline({"channel_id": string()}),
    "team": _inline({"team_id": string()}),
    "broadcast": _inline({"range": choice("here", "channel", "everyone")}),
    "color": _inline({"value": string()}),
    "emoji": _inline({"name": string()}, {"unicode": string(), "url": string()}),
    "date": _inline(
        {"timestamp": number(), "format": string()}, {"url": string(), "fallback": string()}
    ),
}
_ANY_INLINE = tagged(lambda: _INLINE)
_BORDER = number(0, 1)
_SECTION = record({"type": anything, "elements": many(_ANY_INLINE, minimum=0)}, {})
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": record(
        {
            "type": anything,
            "style": choice("bullet", "ordered"),
            "elements": many(tagged(lambda: {"rich_text_section": _SECTION})),
        },
        {"border": _BORDER, "indent": number(0, 8), "offset": number(0)},
    ),
    "rich_text_preformatted": record(
        {
            "type": anything,
            "elements": many(tagged(lambda: {"text": _TEXT, "link": _LINK})),
        },
        {"border": _BORDER, "language": string()},
    ),
    "rich_text_quote": record(
        {"type": anything, "elements": many(_ANY_INLINE)}, {"border": _BORDER}
    ),
}
RICH_TEXT = record(
    {"type": choice("rich_text"), "elements": many(tagged(lambda: _PARTS))},
    {"block_id": string(255)},
)
CELL = tagged(
    lambda: {
        "raw_text": record({"type": anything, "text": string()}, {}),
        "raw_number": record({"type": anything, "value": number(), "text": string()}, {}),
        "rich_text": RICH_TEXT,
    }
)
