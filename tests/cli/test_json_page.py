"""docs/json.md describes every field that `--json` prints, and no other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import migrate
from tests.cli.outside import Outside
from tests.cli.recorded import record_a_life
from tests.program import ROOT, call

_PAGE = (ROOT / "docs" / "json.md").read_text()
_SECTIONS = {
    part.partition("\n")[0]: part.partition("\n")[2]
    for part in re.split(r"^## ", _PAGE, flags=re.M)
}
#: Fields whose own fields are those of a job.
_JOBS = {"visjob list [FILTER]", "visjob stop JOB --yes`, `visjob restart JOB --yes"}


def fields(facts: object) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(facts, list):
        for one in facts:
            yield from fields(one)
    elif isinstance(facts, dict):
        for key, value in facts.items():
            yield key
            yield from fields(value)


def described(heading: str) -> set[str]:
    """The fields in a section: the last part of each path."""
    names = re.findall(r"`([a-z_.\[\]]+)`", _SECTIONS[heading])
    return {name.rstrip("[]").rpartition(".")[2] for name in names}


def promised(heading: str) -> set[str]:
    """The fields that have a row of their own."""
    rows = re.findall(r"^\| (`[^|]+) \|", _SECTIONS[heading], flags=re.M)
    return {
        name.rstrip("[]").rpartition(".")[2]
        for row in rows
        for name in re.findall(r"`([^`]+)`", row)
    }


def check(heading: str, *printed: object) -> None:
    """Compare a section with what its command printed in one or several runs."""
    found = set(fields(list(printed)))
    known = described(heading)
    if heading.strip("`") in _JOBS:
        known |= described("`visjob show JOB`")
    assert found <= known | {"error", *described("Errors")}, heading
    assert promised(heading) <= found, heading


async def printed(env: dict[str, str], *words: str) -> object:
    """What a command prints."""
    return json.loads((await call(*words, "--json", env=env)).out)


async def test_what_the_cloud_tells_is_described(outside: Outside) -> None:
    check("`visjob show JOB`", await printed(outside.env, "show", "205"))
    check("`visjob list [FILTER]`", await printed(outside.env, "list"))
    check("`visjob doctor`", await printed(outside.env, "doctor"))


async def test_what_is_done_and_decided_is_described(outside: Outside) -> None:
    await migrate(outside.env["DATABASE_URL"])
    stopped = await printed(outside.env, "stop", "205", "--yes")
    outside.cloud.faults.add("fail", code="ModelArts.0105", text="no", http_status=400, count=None)
    refused = await printed(outside.env, "restart", "205", "--yes")

    check("`visjob stop JOB --yes`, `visjob restart JOB --yes`", stopped, refused)
    check("`visjob audit [N]`", await printed(outside.env, "audit"))


async def test_what_is_recorded_is_described(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    await record_a_life(url)
    env = {"DATABASE_URL": url, "VISJOB_POLL_SECONDS": "3600"}

    check("`visjob history JOB`", await printed(env, "history", "205"))
    check("`visjob cost [JOB]`", await printed(env, "cost"), await printed(env, "cost", "205"))
    check("`visjob why JOB`", await printed(env, "why", "205"))


@pytest.mark.parametrize("words", [("show",), ("history",), ("audit",), ("stop", "205")])
async def test_what_went_wrong_is_described(outside: Outside, words: tuple[str, ...]) -> None:
    [unset, unknown, wrong] = [
        await printed({}, *words),
        await printed(outside.env, *words[:1], "no-such-job", *words[1:]),
        await printed({**outside.env, "PORT": "x"}, *words),
    ]

    assert set(fields([unset, unknown, wrong])) <= {"error"} | described("Errors")
