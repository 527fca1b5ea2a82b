"""Compare the translation catalogues with the code. `scripts/texts` and a test run this module."""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.sources import calls, sources

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "bot" / "locale"


def sentence_calls() -> Iterator[tuple[Path, ast.Call]]:
    """Yield each call of `say` or `say_many` in the program; Babel's own search misses nested
    calls."""
    for path in sources():
        for call in calls(path):
            if getattr(call.func, "id", "") in ("say", "say_many"):
                yield path.relative_to(ROOT), call


def messages(call: ast.Call) -> list[str]:
    """Return the sentences of a call: one, or singular and plural; empty text for no literal."""
    count = 2 if getattr(call.func, "id", "") == "say_many" else 1
    found = [one.value if isinstance(one, ast.Constant) else "" for one in call.args[:count]]
    return [one if isinstance(one, str) else "" for one in found]


def extracted() -> Catalog:
    """Return a catalogue of every sentence of the program."""
    found = Catalog(fuzzy=False)
    for path, call in sentence_calls():
        one, *many = messages(call)
        # Without line numbers, so that a sentence that only moved changes no catalogue.
        found.add((one, *many) if many else one, locations=[(str(path), 0)])
    return found


class _Dateless(Catalog):
    """A catalogue whose header depends on its language only."""

    @property  # type: ignore[misc]  # Babel's property has a setter, too
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", self.locale_identifier or ""),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=utf-8"),
        ]


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Yield each translated catalogue with its file."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        catalogue = _Dateless(locale=path.parts[-3], header_comment="", fuzzy=False)
        with path.open("rb") as file:
            for message in read_po(file, locale=path.parts[-3]):
                if message.id:
                    catalogue[message.id] = message
        yield path, catalogue


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue to its file, and compile it beside it."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue, which the program reads."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def update() -> None:
    """Add the sentences of the code to each catalogue, drop the others, and compile it."""
    code = extracted()
    for path, catalogue in catalogues():
        catalogue.update(code, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        write(path, catalogue)


def problems() -> Iterator[str]:
    """Yield each difference between a catalogue and the sentences of the code."""
    code = {message.id for message in extracted() if message.id}
    for path, catalogue in catalogues():
        known = {message.id: message for message in catalogue if message.id}
        yield from (f"{path.name}: missing: {one}" for one in code - known.keys())
        yield from (f"{path.name}: unused: {one}" for one in known.keys() - code)
        for message in known.values():
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.fuzzy or not all(strings):
                yield f"{path.name}: not translated: {message.id}"
        if path.with_suffix(".mo").read_bytes() != compiled(catalogue):
            yield f"{path.name}: not compiled"


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    found = sorted(problems())
    sys.stdout.write("".join(f"{one}\n" for one in found))
    sys.exit(bool(found))
