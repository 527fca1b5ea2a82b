"""Measure how the steps of a regular expression's backtracking search grow with the text."""

import importlib
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

_sre: Any = importlib.import_module("re._constants")
_parser: Any = importlib.import_module("re._parser")

Node = tuple[Any, Any]
Then = Callable[[int], bool]

SHORT, LONG = 40, 80
#: With one step per letter the steps double with the text; anything worse grows fourfold at least.
WORST_GROWTH = 3.0
_MOST_STEPS = 20_000
_CLASSES: dict[Any, Callable[[str], bool]] = {
    _sre.CATEGORY_DIGIT: str.isdecimal,
    _sre.CATEGORY_SPACE: str.isspace,
    _sre.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    _sre.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    _sre.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}
_USUAL = "aA0 -_./|é\0"


class TooManySteps(Exception):
    """The search of a short text takes more steps than a linear search may."""


def growth(pattern: re.Pattern[str], *, is_anchored: bool, is_whole: bool) -> tuple[float, str]:
    """Return by what factor the steps grow if the worst text doubles, and what that text repeats.
    `is_anchored`: match only at the beginning; `is_whole`: match only the whole text."""
    worst = 0.0, ""
    for pump in pumps(pattern):
        for tail in ("", "\0"):
            try:
                short, long = (
                    _Search(pattern, (pump * length)[:length] + tail).steps(
                        is_anchored=is_anchored, is_whole=is_whole
                    )
                    for length in (SHORT, LONG)
                )
                worst = max(worst, (long / short, pump))
            except TooManySteps:
                return float("inf"), pump
    return worst


@cache
def _parsed(pattern: re.Pattern[str]) -> list[Node]:
    return list(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))


def pumps(pattern: re.Pattern[str]) -> list[str]:
    """Return texts whose repetition may be slow: parts of matches, and pairs of their letters."""
    found: dict[str, None] = {}
    for whole in _samples(_parsed(pattern)):
        for start in range(min(len(whole), 8)):
            for end in range(start + 1, min(len(whole), start + 8) + 1):
                found[whole[start:end]] = None
    letters = list(dict.fromkeys("".join(found)))[:6]
    for one in letters:
        for other in letters:
            found[one + other] = None
    # Two pumps that give the same text, such as `a` and `aa`, count as one.
    return list({(pump * LONG)[:LONG]: pump for pump in reversed(found)}.values())


def _samples(nodes: Sequence[Node]) -> list[str]:
    """Return some texts that match; each alternative of a choice is in one of them."""
    texts = [""]
    for node in nodes:
        texts = [text + more for text in texts for more in _samples_of(node)][:6]
    return texts


def _samples_of(node: Node) -> list[str]:
    op, value = node
    if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT):
        return [sample * max(value[0], 1) for sample in _samples(list(value[2]))]
    if op is _sre.SUBPATTERN:
        return _samples(list(value[-1]))
    if op is _sre.ATOMIC_GROUP:
        return _samples(list(value))
    if op is _sre.BRANCH:
        return [sample for way in value[1] for sample in _samples(list(way))[:4]]
    if op in (_sre.AT, _sre.ASSERT, _sre.ASSERT_NOT):
        return [""]
    known = [chr(value)] if op is _sre.LITERAL else []
    told = [chr(c) for kind, c in value if kind is _sre.LITERAL] if op is _sre.IN else []
    ranges = [chr(c[0]) for kind, c in value if kind is _sre.RANGE] if op is _sre.IN else []
    fitting = [c for c in (*known, *ranges, *told, *_USUAL) if _fits(node, c, ignores_case=False)]
    return list(dict.fromkeys(fitting))[:2]


class _Search:
    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._nodes = _parsed(pattern)
        self._ignores_case = bool(pattern.flags & re.IGNORECASE)
        self._text = text
        self._steps = 0

    def steps(self, *, is_anchored: bool, is_whole: bool) -> int:
        """Return how many steps it takes to find every match, as `sub` and `finditer` do."""
        sys.setrecursionlimit(20_000)
        at = 0
        ends: list[int] = []

        def end(position: int) -> bool:
            ends.append(position)
            return not is_whole or position == len(self._text)

        while at <= len(self._text):
            is_found = self._run(self._nodes, 0, at, end)
            if is_anchored:
                break
            at = max(ends[-1], at + 1) if is_found else at + 1
        return self._steps

    def _run(self, nodes: Sequence[Node], number: int, at: int, then: Then) -> bool:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise TooManySteps
        if number == len(nodes):
            return then(at)
        return self._node(nodes[number], at, lambda end: self._run(nodes, number + 1, end, then))

    def _node(self, node: Node, at: int, then: Then) -> bool:
        op, value = node
        if op in (_sre.MAX_REPEAT, _sre.MIN_REPEAT):
            return self._repeat(value, 0, at, then, is_lazy=op is _sre.MIN_REPEAT)
        if op is _sre.POSSESSIVE_REPEAT:
            kept: list[int] = []
            return self._repeat(value, 0, at, lambda end: _keep(kept, end)) and then(kept[-1])
        if op is _sre.SUBPATTERN:
            return self._run(list(value[-1]), 0, at, then)
        if op is _sre.BRANCH:
            return any(self._run(list(way), 0, at, then) for way in value[1])
        if op in (_sre.ASSERT, _sre.ASSERT_NOT):
            start = at if value[0] > 0 else at - 1  # our patterns look back by one letter only
            is_there = start >= 0 and self._run(list(value[1]), 0, start, lambda _: True)
            return is_there is (op is _sre.ASSERT) and then(at)
        if op is _sre.AT:
            is_start = value in (_sre.AT_BEGINNING, _sre.AT_BEGINNING_STRING)
            return at == (0 if is_start else len(self._text)) and then(at)
        fits = at < len(self._text) and _fits(node, self._text[at], ignores_case=self._ignores_case)
        return fits and then(at + 1)

    def _repeat(
        self, value: Any, count: int, at: int, then: Then, *, is_lazy: bool = False
    ) -> bool:
        least, most, nodes = value

        def more() -> bool:
            return count < most and self._run(
                list(nodes), 0, at,
                lambda end: end > at
                and self._repeat(value, count + 1, end, then, is_lazy=is_lazy),
            )  # fmt: skip

        def enough() -> bool:
            return count >= least and then(at)

        return enough() or more() if is_lazy else more() or enough()


def _keep(kept: list[int], end: int) -> bool:
    kept.append(end)
    return True


def _fits(node: Node, char: str, *, ignores_case: bool) -> bool:
    if ignores_case:
        return any(_fits(node, c, ignores_case=False) for c in (char.lower(), char.upper()))
    op, value = node
    if op is _sre.LITERAL:
        return bool(ord(char) == value)
    if op is _sre.NOT_LITERAL:
        return bool(ord(char) != value)
    if op is _sre.ANY:
        return char != "\n"
    if op is not _sre.IN:
        raise NotImplementedError(node)
    is_negated = value[0][0] is _sre.NEGATE
    return any(_is_one(kind, what, char) for kind, what in value[is_negated:]) is not is_negated


def _is_one(kind: Any, what: Any, char: str) -> bool:
    if kind is _sre.LITERAL:
        return bool(ord(char) == what)
    if kind is _sre.RANGE:
        return bool(what[0] <= ord(char) <= what[1])
    if kind is _sre.CATEGORY:
        return _CLASSES[what](char)
    raise NotImplementedError(kind)
