"""Parse README.md and docs/ into fenced lines, words in code font, and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
#: Pages that tell people to type something; the other pages also name what no longer exists.
GUIDES = tuple(page for page in PAGES if page.stem not in ("why", "proof", "performance"))

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line or a piece of code of a page, which tells people to type it."""

    page: Path
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text}"


def fenced_lines(page: Path) -> Iterator[Line]:
    """Yield each line of a fence without a language; these are commands. Comments after # are cut
    off."""
    for language, block in _FENCE.findall(page.read_text()):
        if not language:
            for line in block.splitlines():
                if text := line.partition(" #")[0].strip():
                    yield Line(page, text)


def code_words(page: Path) -> Iterator[Line]:
    """Yield each piece of inline code, also in tables."""
    for text in _CODE.findall(_prose(page)):
        yield Line(page, text.replace("\\|", "|"))


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Return the targets of the page's links and pictures."""
    return _LINK.findall(_CODE.sub("", _prose(page)))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the page's headings."""
    return {_anchor(heading) for heading in _HEADING.findall(_prose(page))}


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def rows_below(page: Path, heading: str) -> Iterator[str]:
    """Yield the first cell of each table row below a heading, up to the next heading of its
    rank."""
    rank = heading.partition(" ")[0]
    text = page.read_text().partition(f"\n{heading}\n")[2]
    part = re.split(rf"^{rank} ", text, maxsplit=1, flags=re.MULTILINE)[0]
    lines = part.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_row = line.startswith("| ") and not line.startswith("| ---")
        if is_row and not following.startswith("| ---"):
            yield line.removeprefix("| ").partition(" | ")[0]


#: Placeholders in the sentences of a page, each with an example.
_EXAMPLES = {
    "#ch": "#C024BE91L",
    "events": "failed,deleted",
    "job": "205",
    "letter": "6f1b7c52-6c0e-4c6e-9d53-5b1c3f1d7a01",
    "n": "5",
    "text": "flowers",
    "text*": "flowers*",
    "time": "18:00",
    "verb": "list",
}


def meant(pattern: str) -> Iterator[str]:
    """Yield every sentence of a pattern: <a|b> is a choice, […] is optional."""
    pieces = re.split(r"(<[^<>]*>|\[(?:[^\[\]<>]|<[^<>]*>)*\])", pattern)
    for chosen in product(*map(_choices, pieces)):
        yield " ".join("".join(chosen).split())


def _choices(piece: str) -> list[str]:
    if piece.startswith("<"):
        return [_example(word) for word in piece[1:-1].split("|")]
    if piece.startswith("["):
        inner = piece[1:-1]
        parts = [inner] if "<" in inner else inner.split("|")
        return ["", *(said for part in parts for said in meant(_example(part)))]
    return [piece]


def _example(word: str) -> str:
    return _EXAMPLES.get(word, word)
