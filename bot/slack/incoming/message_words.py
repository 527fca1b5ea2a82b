"""Extract what a Slack message says, without markup: its text, blocks and attachments."""

import re
from collections.abc import Iterator

from bot.core.commands.targets.message_jobs import MessageWords
from bot.core.job import LARGEST_JOB_ID, JobId
from bot.slack.blocks import Json
from bot.slack.text_objects import unescaped

# docs.slack.dev/messaging/formatting-message-text
_LINK = re.compile(r"<(https?://[^<>|]*+)(?:\|([^<>]*+))?>", re.IGNORECASE)
_NAMED = re.compile(r"<[@#!][^<>]*+>")
_TEXTS = ("text", "title", "pretext", "fallback", "footer")
_LINKS = ("url", "title_link", "from_url", "original_url")
_INSIDE = ("blocks", "attachments", "elements", "fields", "accessory", "element", "rows", *_TEXTS)
_OWN_BUTTON = re.compile(r"\bid:([0-9]{1,19})\b")
_MOST_PIECES = 2_000


def words_of_message(message: Json, *, own_bot_id: str) -> MessageWords:
    """Return the texts and links of a message; of our own ones also the jobs on the buttons."""
    texts: list[str] = []
    links: list[str] = []
    for number, (is_link, piece) in enumerate(_pieces(message)):
        if number == _MOST_PIECES:
            break
        if is_link:
            links.append(piece)
        else:
            links += [unescaped(found[1]) for found in _LINK.finditer(piece)]
            texts.append(_plain(piece))
    is_ours = bool(own_bot_id) and message.get("bot_id") == own_bot_id
    own_ids = tuple(dict.fromkeys(_own_ids(message))) if is_ours else ()
    return MessageWords(
        texts=tuple(dict.fromkeys(texts)), links=tuple(dict.fromkeys(links)), own_ids=own_ids
    )


def _pieces(part: object) -> Iterator[tuple[bool, str]]:
    """Yield each text and each link of a part of a message, and whether it is a link."""
    if isinstance(part, list):
        for one in part:
            yield from _pieces(one)
    elif isinstance(part, dict):
        yield from ((False, text) for text in _texts_of(part))
        yield from ((True, part[name]) for name in _LINKS if isinstance(part.get(name), str))
        for name in _INSIDE:
            yield from _pieces(part.get(name))


def _texts_of(part: Json) -> Iterator[str]:
    elements = part.get("elements")
    if part.get("type") in _LINES_OF_TEXT and isinstance(elements, list):
        yield _joined(elements)
        return
    if part.get("type") in _WITHIN_A_LINE:
        return
    # A field of an attachment shows its `value`; an element of a block does not.
    for name in _TEXTS if "type" in part else (*_TEXTS, "value"):
        if isinstance(part.get(name), str):
            yield part[name]


_LINES_OF_TEXT = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")
_WITHIN_A_LINE = ("text", "link")


def _joined(elements: list[object]) -> str:
    """Join the elements of a line, which may differ in style: `41` in bold, and then ` min`."""
    texts = (one.get("text") if isinstance(one, dict) else None for one in elements)
    return "".join(text if isinstance(text, str) else " " for text in texts)


def _own_ids(part: object) -> Iterator[JobId]:
    if isinstance(part, list):
        for one in part:
            yield from _own_ids(one)
    if not isinstance(part, dict):
        return
    value = part.get("value")
    for found in _OWN_BUTTON.findall(value) if isinstance(value, str) else ():
        if int(found) <= LARGEST_JOB_ID:
            yield JobId(int(found))
    for name in ("blocks", "attachments", "elements", "accessory", "options"):
        yield from _own_ids(part.get(name))


def _plain(text: str) -> str:
    without_links = _LINK.sub(lambda link: f" {link[2] or ''} ", text)
    return unescaped(_NAMED.sub(" ", without_links))
