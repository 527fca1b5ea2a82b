"""What people read: whole sentences, each in the catalogue of every language."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.locale import language_of

babel = pytest.importorskip("babel", reason="Babel is not installed")

from tests import catalogues  # noqa: E402 - needs Babel

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
# What no sentence ends with, and no sentence is alone.
CONNECTIVES = {"a", "an", "and", "at", "by", "from", "is", "of", "on", "or"} | {
    "since", "the", "to", "until", "with", "within",
}  # fmt: skip


def sentence_calls() -> Iterator[tuple[str, ast.Call]]:
    """Each `say(…)` and `say_many(…)` of the code, with its place."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in ("say", "say_many"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def messages(call: ast.Call) -> list[object]:
    """The sentences of a call; None for what is no literal."""
    count = 2 if getattr(call.func, "id", "") == "say_many" else 1
    return [one.value if isinstance(one, ast.Constant) else None for one in call.args[:count]]


def named(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message.replace("`", "")) if name}


def test_every_sentence_of_the_code_is_a_literal_and_names_its_values() -> None:
    wrong = []
    for place, call in sentence_calls():
        given = {keyword.arg for keyword in call.keywords}
        for message in messages(call):
            if not isinstance(message, str) or named(message) - {"count"} != given - {"count"}:
                wrong.append(f"{place}: {message}")

    assert wrong == []


def test_no_sentence_is_glued_from_halves() -> None:
    glued = []
    for place, call in sentence_calls():
        for message in messages(call):
            words = str(message).split()
            if message != str(message).strip() or not words or words[-1] in CONNECTIVES:
                glued.append(f"{place}: {message!r}")

    assert glued == []


def test_the_catalogues_hold_the_sentences_of_the_code_and_are_compiled() -> None:
    assert sorted(catalogues.problems()) == []


def test_a_translation_names_the_values_of_its_sentence() -> None:
    wrong = []
    for _, catalogue in catalogues.catalogues():
        for message in catalogue:
            source = [*([message.id] if isinstance(message.id, str) else message.id)][-1]
            [target] = [message.string] if isinstance(message.string, str) else message.string or ()
            if source and marks(source) != marks(target):
                wrong.append((source, target))

    assert wrong == []


def marks(sentence: str) -> tuple[set[str], int, bool]:
    """What a translation must keep: values, code, and spaces that must not break."""
    return named(sentence), sentence.count("`"), "\u00a0" in sentence


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        language_of("tlh")
