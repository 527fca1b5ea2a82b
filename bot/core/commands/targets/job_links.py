"""Find the job's id in a pasted URL of its TensorBoard page, of the console or of the API."""

import re

from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand
from bot.core.text import say

_LINK = re.compile(r"https?://\S++", re.IGNORECASE)
_BETWEEN_PARTS = re.compile(r"[/?#]")


def is_link(word: Word) -> bool:
    """Return whether a word contains a URL, or a path of TensorBoard or the API with a job's id."""
    return bool(_LINK.search(word.text) or _id_in_path(word.text))


def id_in_link(text: str) -> str:
    """Return the job's id in a URL; empty for other text. Raises BadCommand if a URL has no id."""
    found = _LINK.search(text)
    if not found:
        return _id_in_path(text)
    address, _, fragment = found[0].partition("#")
    path = address.partition("?")[0].split("/")
    numbers = _ids_in(path[3:]) or _ids_in(fragment.split("/"))
    if not numbers:
        raise BadCommand(
            say("I found no job id in that link."),
            hint=say("A TensorBoard link ends in the job's id, as …/tensorboard/…/205/ does."),
        )
    return numbers[-1]


def _id_in_path(text: str) -> str:
    """Return the id in a path of TensorBoard or the API that has no scheme; empty for none."""
    return _known_id(_BETWEEN_PARTS.split(text)) if "/" in text else ""


def _ids_in(parts: list[str]) -> list[str]:
    """Return the numbers in a path; only the job's id if the path is of TensorBoard or the API."""
    if known := _known_id(parts):
        return [known]
    return [number for part in parts if (number := bare(part)).isdecimal()]


def _known_id(parts: list[str]) -> str:
    for at, part in enumerate(parts):
        following = parts[at + 2 :] if part == "tensorboard" else parts[at + 1 :]
        is_known = part in ("tensorboard", "visualization-jobs")
        if is_known and following and (number := bare(following[0])).isdecimal():
            return number
    return ""
