"""Which tests are quick: the same in every order, so that the quick and the slow are all tests."""

import asyncio
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


async def _quick(seed: int) -> set[str]:
    arguments = ("-q", "--collect-only", f"--randomly-seed={seed}", "tests/store/delivering")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", *arguments),
        cwd=HERE.parent,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return {line for line in out.decode().splitlines() if "::" in line}


@pytest.mark.slow
async def test_the_order_of_tests_decides_nothing() -> None:
    once, again = await asyncio.gather(_quick(1), _quick(2))

    assert once == again != set()
