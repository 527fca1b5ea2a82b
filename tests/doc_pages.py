"""What README.md and docs/ say, taken apart: their fenced lines, their code words, their tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
#: What they tell people to type; the reasons and the records name what once was, too.
GUIDES = tuple(page for page in PAGES if page.stem not in ("why", "proof", "performance"))

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a page tells people to type."""

    page: Path
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text}"


def fenced_lines(page: Path) -> Iterator[Line]:
    """Each line of a fence without a language: commands, without what a # says of them."""
    for language, block in _FENCE.findall(page.read_text()):
        if not language:
            for line in block.splitlines():
                if text := line.partition(" #")[0].strip():
                    yield Line(page, text)


def code_words(page: Path) -> Iterator[Line]:
    """Each piece of code in a sentence or a table."""
    for text in _CODE.findall(_prose(page)):
        yield Line(page, text.replace("\\|", "|"))


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Where its links lead, its pictures too."""
    return _LINK.findall(_CODE.sub("", _prose(page)))


def anchors(page: Path) -> set[str]:
    """The names of its headings, as GitHub makes them."""
    return {_anchor(heading) for heading in _HEADING.findall(_prose(page))}


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def rows_below(page: Path, heading: str) -> Iterator[str]:
    """The first cell of each row of the tables below a heading, up to the next of its rank."""
    rank = heading.partition(" ")[0]
    text = page.read_text().partition(f"\n{heading}\n")[2]
    part = re.split(rf"^{rank} ", text, maxsplit=1, flags=re.MULTILINE)[0]
    lines = part.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_row = line.startswith("| ") and not line.startswith("| ---")
        if is_row and not following.startswith("| ---"):
            yield line.removeprefix("| ").partition(" | ")[0]


#: What stands for something in the sentences of a page, and an example of it.
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
    """Every sentence that a pattern means: <a|b> is one of these, […] may be left out."""
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
