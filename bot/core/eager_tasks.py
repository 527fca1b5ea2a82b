"""Tasks that run at once, as far as they can without waiting."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def begin(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Start a task; from Python 3.12 on it first runs as far as it can without waiting."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=loop, eager_start=True)
    else:  # noqa: RET505 - the type checker sees only one of the two branches
        return loop.create_task(work)
