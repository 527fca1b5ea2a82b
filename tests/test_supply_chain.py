"""All installed packages are listed, locked and audited: `scripts/audit`, `scripts/sbom`, locks."""

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import __version__
from tests.ports import free_port

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", re.MULTILINE)


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason="group check is not installed")


async def script(name: str, *arguments: str, **env: str) -> tuple[int, str]:
    """Run a script of scripts/; return its exit code and its output."""
    child = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / name),
        *arguments,
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "PYTHON": sys.executable, **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    return child.returncode or 0, said.decode()


@asynccontextmanager
async def osv(vulnerable: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """Serve a vulnerability database with one entry; yield its address and the names that it was
    asked for."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        name = (await request.json())["package"]["name"] if request.can_read_body else ""
        asked.append(name)
        known = [{"id": "OSV-2026-1", "affected": [], "summary": "bad"}]
        return web.json_response({"vulns": known} if name and name == vulnerable else {})

    app = web.Application()
    app.router.add_route("*", "/v1/query", answer)
    runner, port = web.AppRunner(app), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/v1/query", asked
    await runner.cleanup()


@needs("pip_audit")
@pytest.mark.slow
async def test_an_audit_asks_about_every_package_that_is_installed_at_run_time() -> None:
    async with osv() as (url, asked):
        code, said = await script("audit", OSV_URL=url)

    assert (code, "No known vulnerabilities found" in said) == (0, True), said
    assert {"aiohttp", "slack-bolt", "sqlalchemy", "pytest", "mypy"} <= set(asked)


@needs("pip_audit")
@pytest.mark.slow
async def test_an_audit_fails_by_the_name_of_what_is_vulnerable() -> None:
    async with osv("yarl") as (url, _):
        code, said = await script("audit", OSV_URL=url)

    assert code == 1
    assert re.search(r"^yarl .*OSV-2026-1", said, re.MULTILINE)


@needs("pip_audit")
@pytest.mark.parametrize(("env", "code"), [({}, 0), ({"GITHUB_ACTIONS": "true"}, 1)])
async def test_an_audit_without_its_service_says_that_it_audited_nothing(
    env: dict[str, str], code: int
) -> None:
    ended, said = await script("audit", OSV_URL=f"http://127.0.0.1:{free_port()}/", **env)

    assert ended == code
    assert said.startswith("not audited: " if code else "skipped: ")
    assert "cannot be reached" in said


@needs("cyclonedx_py")
@pytest.mark.slow
async def test_the_bill_of_materials_has_every_locked_run_time_package(tmp_path: Path) -> None:
    file = tmp_path / "visjob.cdx.json"

    code, said = await script("sbom", str(file))

    made: Json = json.loads(file.read_text())
    listed = {component["name"] for component in made["components"]}
    assert (code, said) == (0, "")
    assert listed == set(LOCKED.findall((ROOT / "requirements.txt").read_text()))
    assert made["metadata"]["component"]["version"] == __version__
    assert all(component["externalReferences"] for component in made["components"])


def test_every_group_has_a_lock() -> None:
    project: Json = tomllib.loads((ROOT / "pyproject.toml").read_text())
    script_text = (ROOT / "scripts/lock").read_text()

    for group, wanted in project["dependency-groups"].items():
        lock = ROOT / f"requirements-{group}.txt"
        locked = {name.lower() for name in LOCKED.findall(lock.read_text())}
        names = {re.split(r"[<>=;\[ ]", one)[0].lower() for one in wanted}
        assert names <= locked, group
        assert f"{lock.name}" in script_text


def test_every_script_can_be_run() -> None:
    files = [path for path in (ROOT / "scripts").iterdir() if path.is_file()]
    shells = [path for path in files if "bash" in path.read_text().splitlines()[0]]

    assert [path.name for path in files if not os.access(path, os.X_OK)] == []
    for path in shells:
        done = subprocess.run(["bash", "-n", str(path)], capture_output=True, check=False)
        assert done.returncode == 0, path
