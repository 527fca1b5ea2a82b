"""`visjob doctor` before the SQLite file is there: it promises only what `visjob serve` can do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import call


def _link(folder: Path, to: str) -> str:
    (folder / "link.db").symlink_to(to)
    return str(folder / "link.db")


def _with_log(folder: Path) -> str:
    (folder / "moved.db-wal").write_bytes(b"changes")
    return str(folder / "moved.db")


@pytest.mark.parametrize(
    ("make", "verdict", "found"),
    [
        (lambda folder: f"{folder}/new.db", "ok", "creates the SQLite file"),
        (lambda folder: _link(folder, "new.db"), "ok", "creates the SQLite file"),
        (lambda folder: f"{folder}/gone/new.db", "failed", "There is no folder"),
        (lambda folder: _link(folder, "gone/new.db"), "failed", "There is no folder"),
        (lambda folder: _link(folder, "link.db"), "failed", "I can't use"),
        (lambda folder: f"{folder}/{'n' * 300}", "failed", "I can't use"),
        (lambda _: f"{__file__}/new.db", "failed", "There is no folder"),
        (_with_log, "failed", "its log moved.db-wal is there"),
    ],
    ids=[
        "missing",
        "link",
        "folder missing",
        "link into nowhere",
        "loop",
        "long",
        "below a file",
        "moved without its log",
    ],
)
async def test_a_missing_file_is_well_only_if_it_can_be_made(
    make: Callable[[Path], str], verdict: str, found: str, tmp_path: Path
) -> None:
    ended = await call("doctor", "--json", env={"DATABASE_URL": f"sqlite:///{make(tmp_path)}"})

    [row] = [row for row in json.loads(ended.out) if row["check"] == "database"]
    assert (row["verdict"], found in row["found"]) == (verdict, True)
    assert "visjob serve` makes it" not in (row["cure"] or "")
