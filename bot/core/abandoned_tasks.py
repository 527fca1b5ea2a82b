"""Tasks that may go on after everybody who waited for them has given up."""

import asyncio
from typing import Any


def retrieve_error(task: asyncio.Task[Any]) -> None:
    """Retrieve the error of abandoned work, so that the event loop does not log it as unhandled."""
    if not task.cancelled():
        task.exception()
