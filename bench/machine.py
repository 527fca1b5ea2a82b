"""The machine that is measured on: its versions, and whether other programs took its processors."""

import json
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

#: Above this share, other programs distort the figures of wall clocks.
QUIET_ENOUGH = 0.10

_PACKAGES = ("aiohttp", "uvloop", "slack-bolt", "slack-sdk", "httpx")
_BOLT_JS = Path(__file__).parent / "peers/node/node_modules/@slack/bolt/package.json"
_SPIN = """
from time import perf_counter, process_time
wall, own = perf_counter(), process_time()
while perf_counter() - wall < 1.0: pass
print(1 - (process_time() - own) / (perf_counter() - wall))
"""


def find_spin_gap() -> float:
    """Keep every processor busy, and return the largest share of a second that one lost."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", _SPIN], stdout=subprocess.PIPE, text=True)
        for _ in range(count_processors())
    ]
    return max(float(process.communicate()[0]) for process in spinning)


def count_processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def list_versions() -> str:
    """Return the versions of the measured software."""
    found = [f"CPython {platform.python_version()}"]
    found += [f"{name} {version(name)}" for name in _PACKAGES]
    if shutil.which("node"):
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        found.append(f"node {node.stdout.strip().removeprefix('v')}")
    if _BOLT_JS.exists():
        found.append(f"@slack/bolt {json.loads(_BOLT_JS.read_text())['version']}")
    return ", ".join(found)
