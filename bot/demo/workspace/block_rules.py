"""Check the blocks of messages and views as Slack does, beyond the shape of each block."""

from collections.abc import Collection, Iterator
from typing import Any, Literal

from bot.demo.workspace.block_elements import plain
from bot.demo.workspace.block_limits import (
    BLOCKS,
    CHARTS_PER_MESSAGE,
    DATA_TABLE_TOTAL,
    MESSAGE_BLOCKS,
    REFUSED_BLOCKS,
    TABLES_PER_MESSAGE,
    VIEW_BLOCKS,
)
from bot.demo.workspace.block_shapes import (
    Check,
    Problem,
    anything,
    flag,
    many,
    record,
    string,
    tagged,
)
from bot.demo.workspace.block_tables import characters, uneven_rows

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

_BLOCK = tagged(lambda: BLOCKS)
_VIEW_FIELDS: dict[str, Check] = {
    "callback_id": string(255, minimum=0),
    "private_metadata": string(3000, minimum=0),
    "external_id": string(255, minimum=0),
    "clear_on_close": flag,
    "notify_on_close": flag,
    "submit_disabled": flag,
}
_TITLES: dict[str, Check] = {"submit": plain(24), "close": plain(24)}
_VIEW_SHAPES: dict[str, Check] = {
    "home": record({"type": anything, "blocks": anything}, _VIEW_FIELDS),
    "modal": record(
        {"type": anything, "title": plain(24), "blocks": anything}, {**_VIEW_FIELDS, **_TITLES}
    ),
}


def check_blocks(
    blocks: object, surface: Surface, at: str = "/blocks", *, unknown: Collection[str] = ()
) -> list[Problem]:
    """Return all problems for which Slack would refuse a list of blocks; `unknown` are types that
    are not rolled out to the workspace."""
    limit = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    problems = list(many(_BLOCK, limit, minimum=0)(blocks, at))
    if isinstance(blocks, list):
        known = [block if isinstance(block, dict) else {} for block in blocks]
        problems += _repeated_ids(known, at)
        problems += _strange_beginnings(known, at)
        problems += _wrong_type(known, {*REFUSED_BLOCKS[surface], *unknown}, at)
        problems += _totals(known, at)
    return problems


def check_view(view: object, *, expected: Surface | None = None) -> list[Problem]:
    """Return all problems of a view for Slack; its type must be `expected`, unless that is None."""
    problems = list(tagged(lambda: _VIEW_SHAPES)(view, "/view"))
    if not isinstance(view, dict) or view.get("type") not in _VIEW_SHAPES:
        return problems
    surface = view["type"]
    if expected and surface != expected:
        problems.append(Problem("/view/type", f"must be {expected}"))
    if "blocks" in view:
        problems += check_blocks(view["blocks"], surface, "/view/blocks")
    asks = any(b.get("type") == "input" for b in view.get("blocks") or [] if isinstance(b, dict))
    if surface == "modal" and asks and "submit" not in view:
        problems.append(Problem("/view", "missing required field: submit", "missing_field"))
    return problems


def said(problems: list[Problem]) -> list[str]:
    """Return problems as sentences of `response_metadata.messages`."""
    return [f"[ERROR] {each.message} [json-pointer:{each.pointer}]" for each in problems]


def _repeated_ids(blocks: list[Json], at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield Problem(f"{at}/{index}/block_id", f"`block_id` {block_id} already exists")
            seen.add(block_id)
        elements = block.get("elements") if block.get("type") == "actions" else None
        ids = [e.get("action_id") for e in elements or [] if isinstance(e, dict)]
        for place, action_id in enumerate(ids):
            if action_id is not None and action_id in ids[:place]:
                where = f"{at}/{index}/elements/{place}/action_id"
                yield Problem(where, f"`action_id` {action_id} already exists")


def _strange_beginnings(blocks: list[Json], at: str) -> Iterator[Problem]:
    """Yield a problem for an initial value that is no option, or is longer than allowed."""
    for index, block in enumerate(blocks):
        element = block.get("element")
        if not isinstance(element, dict):
            continue
        where = f"{at}/{index}/element"
        options = element.get("options")
        begun = [element.get("initial_option"), *_listed(element.get("initial_options"))]
        if isinstance(options, list) and any(one and one not in options for one in begun):
            yield Problem(where, "initial option must be one of the options")
        words, longest = element.get("initial_value"), element.get("max_length")
        if isinstance(words, str) and isinstance(longest, int) and len(words) > longest:
            yield Problem(where, f"`initial_value` must be no more than {longest} characters")


def _listed(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _wrong_type(blocks: list[Json], refused: Collection[str], at: str) -> Iterator[Problem]:
    for index, block in enumerate(blocks):
        if block.get("type") in refused:
            yield Problem(f"{at}/{index}/type", f"unsupported type: {block['type']}")


def _totals(blocks: list[Json], at: str) -> Iterator[Problem]:
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > TABLES_PER_MESSAGE:
        yield Problem(at, "only one table allowed per message")
    if kinds.count("data_visualization") > CHARTS_PER_MESSAGE:
        yield Problem(at, f"no more than {CHARTS_PER_MESSAGE} charts allowed per message")
    tables = [block.get("rows") for block in blocks if block.get("type") == "data_table"]
    if sum(map(characters, tables)) > DATA_TABLE_TOTAL:
        yield Problem(at, f"data tables must be less than {DATA_TABLE_TOTAL + 1} characters")
    for index, block in enumerate(blocks):
        if block.get("type") == "data_visualization":
            yield from _uneven_series(block.get("chart"), f"{at}/{index}/chart")
        if block.get("type") == "data_table":
            yield from uneven_rows(block, f"{at}/{index}")


def _uneven_series(chart: object, at: str) -> Iterator[Problem]:
    if not isinstance(chart, dict) or not isinstance(chart.get("axis_config"), dict):
        return
    categories = chart["axis_config"].get("categories")
    series = chart.get("series")
    for index, each in enumerate(series if isinstance(series, list) else []):
        points = each.get("data") if isinstance(each, dict) else None
        labels = [p.get("label") for p in points or [] if isinstance(p, dict)]
        if labels != categories:
            yield Problem(f"{at}/series/{index}/data", "must have one value for each category")
