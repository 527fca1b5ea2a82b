"""Trouble on demand, until somebody ends it: Slack loses answers or draws no charts, or the cloud
goes dark."""

import itertools
from collections.abc import Iterator
from typing import TypedDict

from bot.demo.cloud import StandInCloud
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.faults import Applied, Fault

SLACK = "slack"
CLOUD = "cloud"
CHARTS = "charts"

_WRITES = ("chat.postMessage", "chat.update", "chat.delete")
# Slack gives them to one workspace after the other.
_NEW_BLOCKS = {"data_visualization", "data_table"}
_READS = ("conversations.history", "conversations.replies")


class Trouble(TypedDict):
    """One kind of trouble, as the page's side panel offers it."""

    name: str
    label: str
    is_on: bool


class Weather:
    """Makes the stand-ins fail; a person's own cloud (None) is left alone."""

    def __init__(self, workspace: StandInWorkspace, cloud: StandInCloud | None) -> None:
        self._workspace = workspace
        self._cloud = cloud
        self._labels = {SLACK: "Slack loses answers", CHARTS: "Slack draws no charts"}
        if cloud:
            self._labels[CLOUD] = "The cloud is down"
        self._on: set[str] = set()

    def troubles(self) -> list[Trouble]:
        """All that can be made to go wrong, and what does."""
        return [
            Trouble(name=name, label=label, is_on=name in self._on)
            for name, label in self._labels.items()
        ]

    def set(self, name: str, *, is_on: bool) -> None:
        """Begin or end a trouble. Raises LookupError if there is none of this name."""
        label = self._labels[name]
        if is_on == (name in self._on):
            return
        self._on ^= {name}
        if name == SLACK:
            self._workspace.faults.choose_with(_LostAnswers() if is_on else None)
        elif name == CHARTS:
            self._workspace.state.unknown_blocks ^= _NEW_BLOCKS
        elif self._cloud and is_on:
            self._cloud.faults.add("html", count=None)
        elif self._cloud:
            self._cloud.faults.clear()
        self._workspace.narrate(f"{label}." if is_on else f"{label}: over.")


class _LostAnswers:
    """Every call that delivers gets a 503; every other write is done all the same."""

    def __init__(self) -> None:
        self._applied: Iterator[Applied] = itertools.cycle(("yes", "no"))

    def __call__(self, method: str, _channel: object) -> Fault | None:
        if method in _WRITES:
            return Fault(kind="http_error", applied=next(self._applied))
        return Fault(kind="http_error") if method in _READS else None
