"""The type of a step of the demo's story."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.world import World

Json = dict[str, Any]
Act = Callable[[World], Awaitable[list[Json]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A sentence of the story, its action, and the words that must be visible afterwards."""

    sentence: str
    do: Act
    sees: tuple[str, ...]
