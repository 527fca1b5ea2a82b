"""Every regular expression of ours runs in linear time: the tests count steps, not seconds."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.backtracking import WORST_GROWTH, growth
from tests.sources import calls

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
_CALLS = {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}
# A test of the demo's cloud passes its own expression to this call.
_NOT_OURS = {("bot/demo/cloud/faults.py", "pattern")}


class Found(NamedTuple):
    """A regular expression, its place in the code, and the methods that apply it."""

    where: str
    pattern: re.Pattern[str]
    uses: frozenset[str]


def patterns() -> Iterator[Found]:
    """Yield every regular expression of the program."""
    for path, source in _texts().items():
        if "import re\n" in source:
            yield from _patterns_of(path, source)


@cache
def _texts() -> dict[str, str]:
    files = sorted((ROOT / "bot").rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text() for file in files}


def _patterns_of(path: str, source: str) -> Iterator[Found]:
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    named = {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern)}
    for name, pattern in named.items():
        if re.search(rf"^{name} = re\.compile", source, re.MULTILINE):
            yield Found(f"{path}:{name}", pattern, _uses(name, path))
    for call in calls(ROOT / path):
        if _is_of_re(call.func) and call.col_offset:
            yield from _patterns_in(path, call, frozenset(named))


def _patterns_in(path: str, call: ast.Call, named: frozenset[str]) -> Iterator[Found]:
    """Yield the patterns that a call contains as literals; both, if it chooses between two."""
    assert isinstance(call.func, ast.Attribute)
    given = ast.unparse(call.args[0])
    if (path, given) in _NOT_OURS:
        return
    texts = [n.value for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant)]
    strings = [text for text in texts if isinstance(text, str)]
    is_in_a_constant = call.func.attr == "compile" and named and not strings
    assert strings or is_in_a_constant, f"{path}: {given} cannot be judged"
    if call.func.attr == "compile" and isinstance(call.args[0], ast.JoinedStr):
        return  # the call uses a constant of the module, which is checked where it is compiled
    uses = frozenset({"fullmatch" if call.func.attr == "compile" else call.func.attr})
    for text in strings:
        yield Found(f"{path}:{call.lineno}", re.compile(text), uses)


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _CALLS
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _uses(name: str, path: str) -> frozenset[str]:
    """Return the methods that are called on a constant, in its own file and where it is
    imported."""
    importing = [text for text in _texts().values() if f"import {name}" in text]
    texts = [_texts()[path], *importing]
    uses = {use for text in texts for use in re.findall(rf"\b{name}\.(\w+)", text)}
    return frozenset(uses & _CALLS) or frozenset({"search"})


ALL = list(patterns())


def test_every_regular_expression_is_found() -> None:
    found = {one.where for one in ALL}

    assert {
        "bot/slack/incoming/reading.py:_TOKEN",
        "bot/core/commands/words/tokens.py:_WORD",
        "bot/core/link.py:_PLAIN_HTTPS",
    } <= found
    assert len(found) >= 40


@pytest.mark.parametrize("found", ALL, ids=[one.where for one in ALL])
def test_no_regular_expression_is_worse_than_linear(found: Found) -> None:
    for use in found.uses:
        worst, pump = growth(
            found.pattern, is_anchored=use in ("match", "fullmatch"), is_whole=use == "fullmatch"
        )
        assert worst <= WORST_GROWTH, f"{found.pattern.pattern} {use}: repeat {pump!r}"


@pytest.mark.parametrize(
    ("pattern", "is_linear"),
    [
        (r"<@[A-Z0-9]+(?:\|[^>]*)?>", False),
        (r"<@[A-Z0-9]+(?:\|[^<>]*)?>", True),
        (r'"(?:[^"\\]|\\.)*"|[\[{\]}]', False),
        (r"(a+)+b", False),
        (r"a*a*b", False),
        (r"\s+$", False),
        (r"[a-z]+[0-9]?x", False),
        (r"x[^x]*y", True),
        (r"(?:a|b)++c", False),
        (r"[0-9]+", True),
    ],
)
def test_what_is_worse_is_seen(pattern: str, *, is_linear: bool) -> None:
    worst, _ = growth(re.compile(pattern), is_anchored=False, is_whole=False)

    assert (worst <= WORST_GROWTH) == is_linear
