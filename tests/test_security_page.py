"""Each claim of SECURITY.md names tests that exist; locks have hashes, and actions are pinned."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text()
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
LOCKS = sorted(ROOT.glob("requirements*.txt"))
_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def test_every_row_names_tests_that_exist() -> None:
    found = Counter(
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in _TEST.findall(path.read_text())
    )
    rows = [row for row in PAGE.splitlines() if row.startswith("| ") and "---" not in row][1:]

    assert [row for row in rows if "`test_" not in row] == []
    assert [name for name in re.findall(r"`(test_\w+)`", PAGE) if found[name] != 1] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.name))
def test_every_requirement_has_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().strip())

    assert len(entries) > 10
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: str(path.name))
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    content: Any = yaml.safe_load(workflow.read_text())
    used = [
        step["uses"] for job in content["jobs"].values() for step in job["steps"] if "uses" in step
    ]

    assert used != []
    assert [name for name in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)] == []
    assert content["permissions"] == {}
