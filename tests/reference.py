"""Read Slack's reference data, which is stored beside the project and is no part of it."""

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[2] / "shared"
ORACLES = REFERENCE / "oracles"
#: Marks a test that reads the data; without the data it is deselected.
needs_reference = pytest.mark.reference


def method_page(name: str) -> dict[str, Any]:
    """Return Slack's documentation of one Web API method."""
    page: dict[str, Any] = json.loads((ORACLES / "slack-methods" / f"{name}.json").read_text())
    return page
