"""Small good pieces of Block Kit for tests to change one thing in."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(**more: Any) -> Json:
    return {"text": plain("One"), "value": "1", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def confirm(**more: Any) -> Json:
    made = {"title": plain("Sure?"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n")}
    return {**made, **more}


def cells(rows: int, columns: int) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def chart(**more: Any) -> Json:
    series = [{"name": "loss", "data": [{"label": "1", "value": 3.0}]}]
    drawn = {"type": "line", "series": series, "axis_config": {"categories": ["1"]}, **more}
    return {"type": "data_visualization", "title": "loss", "chart": drawn}


def data_table(down: int, across: int, **more: Any) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * across
    return {"type": "data_table", "caption": "Losses", "rows": [row] * down, **more}


def bold(text: str) -> Json:
    words = {"type": "text", "text": text, "style": {"bold": True}}
    section = {"type": "rich_text_section", "elements": [words]}
    return {"type": "rich_text", "elements": [section]}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}
