"""Checks for the shape of JSON values, which yield what is wrong and where. Knows nothing of Slack.

A check takes a value and its JSON pointer, and yields problems; larger checks combine smaller ones.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: its place as a JSON pointer, and the rule in words and as data."""

    pointer: str
    message: str
    code: str = "failed_constraint"
    constraint: dict[str, object] = field(default_factory=dict)


Check = Callable[[object, str], Iterator[Problem]]


def string(maximum: int | None = None, *, minimum: int = 1) -> Check:
    """Accept text of `minimum` to `maximum` characters."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string", constraint={"type": "string"})
        elif len(value) < minimum:
            rule: dict[str, object] = {"type": "min_length", "expected": minimum}
            yield Problem(at, f"must be more than {minimum - 1} characters", constraint=rule)
        elif maximum is not None and len(value) > maximum:
            rule = {"type": "max_length", "expected": maximum}
            yield Problem(at, f"must be less than {maximum + 1} characters", constraint=rule)

    return check


def flag(value: object, at: str) -> Iterator[Problem]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield Problem(at, "must provide a boolean", constraint={"type": "boolean"})


def number(minimum: float | None = None, maximum: float | None = None) -> Check:
    """Accept a finite number from `minimum` to `maximum`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
            yield Problem(at, "must provide a number", constraint={"type": "number"})
        elif minimum is not None and value < minimum:
            yield Problem(at, f"must be at least {minimum}")
        elif maximum is not None and value > maximum:
            yield Problem(at, f"must be at most {maximum}")

    return check


def choice(*words: str) -> Check:
    """Accept one of a few words."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in words:
            rule: dict[str, object] = {"type": "enum", "expected": list(words)}
            yield Problem(at, f"must be one of: {', '.join(words)}", constraint=rule)

    return check


def anything(value: object, at: str) -> Iterator[Problem]:  # noqa: ARG001 (a check like the others)
    """Accept everything."""
    yield from ()


def many(item: Check, maximum: int | None = None, *, minimum: int = 1) -> Check:
    """Accept a list of `minimum` to `maximum` items that each pass `item`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array", constraint={"type": "array"})
            return
        if len(value) < minimum:
            rule: dict[str, object] = {"type": "min_items", "expected": minimum}
            yield Problem(at, f"no fewer than {minimum} items required", constraint=rule)
        if maximum is not None and len(value) > maximum:
            rule = {"type": "max_items", "expected": maximum}
            yield Problem(at, f"no more than {maximum} items allowed", constraint=rule)
        for index, each in enumerate(value):
            yield from item(each, f"{at}/{index}")

    return check


def record(required: dict[str, Check], optional: dict[str, Check]) -> Check:
    """Accept an object with all required fields and no unknown ones."""
    known = {**required, **optional}

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object", constraint={"type": "object"})
            return
        for name in required:
            if name not in value:
                yield Problem(at, f"missing required field: {name}", "missing_field")
        for name, each in value.items():
            if name in known:
                yield from known[name](each, f"{at}/{name}")
            else:
                yield Problem(
                    f"{at}/{name}", f"invalid additional property: {name}", "unknown_field"
                )

    return check


def tagged(shapes: Callable[[], dict[str, Check]]) -> Check:
    """Accept an object whose `type` names a shape; shapes are looked up late, so they may nest."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object", constraint={"type": "object"})
            return
        name = value.get("type")
        shape = shapes().get(name) if isinstance(name, str) else None
        if shape is None:
            rule: dict[str, object] = {"type": "enum", "expected": sorted(shapes())}
            yield Problem(f"{at}/type", f"unsupported type: {name}", constraint=rule)
        else:
            yield from shape(value, at)

    return check


def both(*checks: Check) -> Check:
    """Accept a value that every check accepts."""

    def check(value: object, at: str) -> Iterator[Problem]:
        for each in checks:
            yield from each(value, at)

    return check


def one_of_fields(*names: str) -> Check:
    """Accept an object that has exactly one of these fields."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and len([name for name in names if name in value]) != 1:
            yield Problem(at, f"must provide exactly one of: {', '.join(names)}", "missing_field")

    return check


def any_of_fields(*names: str) -> Check:
    """Accept an object that has at least one of these fields."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and not any(name in value for name in names):
            yield Problem(at, f"must provide at least one of: {', '.join(names)}", "missing_field")

    return check
