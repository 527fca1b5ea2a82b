"""Slack's own reference data: it lies beside the project and is no part of it."""

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[2] / "shared"
ORACLES = REFERENCE / "oracles"
#: A test that reads the data; it is deselected where there is none.
needs_reference = pytest.mark.reference


def method_page(name: str) -> dict[str, Any]:
    """What Slack documents of one Web API method."""
    page: dict[str, Any] = json.loads((ORACLES / "slack-methods" / f"{name}.json").read_text())
    return page
