"""Follow docs/installing.md step by step, from a fresh copy of the code to a card.

`scripts/walk` runs this module. pytest does not, because the module fetches packages. `--locked`
leaves out the installation with the newest packages.
"""

import asyncio
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.demo.workspace.cast import EXPERIMENTS
from tests.cli.outside import APP_TOKEN, Outside, opened
from tests.doc_pages import ROOT, fenced_lines
from tests.ports import free_port
from tests.program import until_answers

_PAGE = ROOT / "docs/installing.md"
_NOT_COPIED = shutil.ignore_patterns(".venv*", ".git", "node_modules", "__pycache__", ".*_cache")
_HONCHO = (sys.executable, "-m", "honcho", "--no-prefix", "start", "web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """A stranger in a folder with the code, with a stand-in cloud and Slack."""

    folder: Path
    outside: Outside

    async def install(self, line: str, into: str) -> None:
        """Type the line of the page that installs the program."""
        await self._type(["bash", "-c", line.replace(".venv", into)], {})
        await self._type([str(self.folder / into / "bin/visjob"), "--version"], {})

    async def set_up(self) -> None:
        """Let `visjob init` write .env from the environment, and `visjob doctor` check it."""
        program = str(self.folder / ".venv/bin/visjob")
        given = {**self.outside.env, "DATABASE_URL": "sqlite:///visjob.db"}
        del given["PORT"]  # each start gets its own port
        await self._type([program, "init", "--yes", "--url", "https://visjob.example.com"], given)
        await self._type([program, "doctor"], {})

    async def serve(self, *command: str, socket_mode: bool = False) -> None:
        """Start the bot, and ask for a job in Slack."""
        began, port = time.monotonic(), str(free_port())
        env = {"PORT": port, "SLACK_APP_TOKEN": APP_TOKEN if socket_mode else ""}
        bot = await self._start(command, env)
        try:
            await until_answers({"PORT": port}, 200)
            workspace = self.outside.workspace
            workspace.request_url = None if socket_mode else f"http://127.0.0.1:{port}/slack/events"
            [*_, card] = await workspace.type(EXPERIMENTS, "/visjob 205")
        finally:
            bot.terminate()
            await bot.communicate()
        assert card["text"].startswith("flowers-tb has been running"), card["text"]
        _say(began, " ".join(command), card["text"][:60])

    async def _type(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        began, child = time.monotonic(), await self._start(command, env)
        said, _ = await child.communicate()
        if child.returncode:
            sys.exit(f"{shlex.join(command)} ended with {child.returncode}:\n{said.decode()}")
        _say(began, shlex.join(command))

    async def _start(
        self, command: Sequence[str], env: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        path = f"{self.folder / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in os.environ if name.startswith(("HOME", "PIP_"))}
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env={**kept, "PATH": path, **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


def _say(began: float, *words: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {'  →  '.join(words)}\n")
    sys.stdout.flush()


async def main() -> None:
    """Follow each path of the page that needs no other machine."""
    locked = next(line.text for line in fenced_lines(_PAGE) if "--no-deps ." in line.text)
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above, "visjob")
        shutil.copytree(ROOT, folder, ignore=_NOT_COPIED)
        async with opened(Path(above)) as outside:
            walker = Walker(folder=folder, outside=outside)
            await walker.install(locked, ".venv")
            await walker.set_up()
            await walker.serve(str(folder / ".venv/bin/visjob"), "serve")
            await walker.serve(
                str(folder / ".venv/bin/visjob"), "serve", "--socket-mode", socket_mode=True
            )
            await walker.serve(*_HONCHO)
            if "--locked" in sys.argv:
                return
            await walker.install("python3 -m venv .venv && .venv/bin/pip install -q .", "newest")
            await walker.serve(str(folder / "newest/bin/visjob"), "serve")


if __name__ == "__main__":
    asyncio.run(main())
