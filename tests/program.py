"""Run the real program with a chosen environment, as a subprocess or in this process."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from click.testing import CliRunner

from bot.cli import cli
from tests.waiting import SECONDS, until

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The exit code and the output of a run."""

    code: int
    out: str
    err: str


async def start(
    *arguments: str, env: Mapping[str, str], python: Sequence[str] = ()
) -> asyncio.subprocess.Process:
    """Start `python -m bot …` with no environment except `env` and what a process needs."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *python,
        "-m",
        "bot",
        *arguments,
        cwd=ROOT,
        env={**_kept(), **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(
    *arguments: str, env: Mapping[str, str] | None = None, python: Sequence[str] = ()
) -> Ended:
    """Run `python -m bot …` to its end; `python` are options of the interpreter."""
    process = await start(*arguments, env=env or {}, python=python)
    return await end(process)


async def call(*arguments: str, env: Mapping[str, str] | None = None, typed: str = "") -> Ended:
    """Run a command in this process, which is ten times as fast; not for tests of the start
    itself. `typed` is its whole input."""
    others = dict.fromkeys(os.environ)
    result = await asyncio.to_thread(
        CliRunner().invoke, cli, arguments, env={**others, **_kept(), **(env or {})},
        input=typed, catch_exceptions=False,
    )  # fmt: skip
    return Ended(code=result.exit_code, out=result.stdout, err=result.stderr)


async def end(process: asyncio.subprocess.Process) -> Ended:
    """Wait for the end of a started program."""
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate()
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


async def until_answers(env: Mapping[str, str], status: int) -> Any:
    """Wait until `/readyz` of a started program answers with this status, and return the body."""
    async with aiohttp.ClientSession() as session:

        async def body() -> Any:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get(f"http://127.0.0.1:{env['PORT']}/readyz") as answer:
                    return await answer.json() if answer.status == status else None
            return None

        return await until(body)


def _kept() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
