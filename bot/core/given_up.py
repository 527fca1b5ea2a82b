"""Work whose waiters may all have given up."""

import asyncio
from typing import Any


def note_end(task: asyncio.Task[Any]) -> None:
    """Retrieve the error of abandoned work, so that the event loop does not log it as unhandled."""
    if not task.cancelled():
        task.exception()
