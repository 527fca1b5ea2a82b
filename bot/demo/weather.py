"""Switch troubles on and off: Slack loses answers or draws no charts, or the cloud is down."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypedDict

from bot.core.ports.time import Clock
from bot.demo.cloud import StandInCloud
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.faults import Applied, Fault

SLACK = "slack"
CLOUD = "cloud"
CHARTS = "charts"

_A_DAY = timedelta(days=1)

_WRITES = ("chat.postMessage", "chat.update", "chat.delete")
# Slack rolls these blocks out gradually, so a workspace may lack them.
_NEW_BLOCKS = {"data_visualization", "data_table"}
_READS = ("conversations.history", "conversations.replies")


class Trouble(TypedDict):
    """One kind of trouble, in the form of the page's side panel."""

    name: str
    label: str
    is_on: bool


class Weather:
    """Switches troubles of the stand-ins; a person's own cloud (None) gets none."""

    def __init__(self, workspace: StandInWorkspace, cloud: StandInCloud | None) -> None:
        self._workspace = workspace
        self._cloud = cloud
        self._labels = {SLACK: "Slack loses answers", CHARTS: "Slack draws no charts"}
        if cloud:
            self._labels[CLOUD] = "The cloud is down"
        self._on: set[str] = set()
        #: The bot's memory of refused charts, which ends with the trouble.
        self.memory = ChartMemory(workspace.state.clock)

    def troubles(self) -> list[Trouble]:
        """Return all kinds of trouble, and which of them are on."""
        return [
            Trouble(name=name, label=label, is_on=name in self._on)
            for name, label in self._labels.items()
        ]

    def set(self, name: str, *, is_on: bool) -> None:
        """Begin or end a trouble. Raises LookupError for an unknown name."""
        label = self._labels[name]
        if is_on == (name in self._on):
            return
        self._on ^= {name}
        if name == SLACK:
            self._workspace.faults.choose_with(_LostAnswers() if is_on else None)
        elif name == CHARTS:
            self._workspace.state.unknown_blocks ^= _NEW_BLOCKS
            self.memory.forget()
        elif self._cloud and is_on:
            self._cloud.faults.add("html", count=None)
        elif self._cloud:
            self._cloud.faults.clear()
        sentence = f"{label}." if is_on else f"{label}: over."
        self._workspace.narrate(sentence, trouble={"name": name, "is_on": is_on})


class ChartMemory:
    """A WorkspaceMemory that can be cleared, so that charts return as soon as the trouble ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}

    async def are_charts_refused(self, team_id: str) -> bool:
        """Return True for a day after a refusal."""
        return team_id in self._until and self._clock() < self._until[team_id]

    async def refuse_charts(self, team_id: str) -> None:
        """Record a refusal, which counts for a day."""
        self._until[team_id] = self._clock() + _A_DAY

    def forget(self) -> None:
        """Forget every refusal, because Slack draws charts differently from now on."""
        self._until.clear()


class _LostAnswers:
    """A fault of every write and read of messages: HTTP 503, while every other write is applied."""

    def __init__(self) -> None:
        self._applied: Iterator[Applied] = itertools.cycle(("yes", "no"))

    def __call__(self, method: str, _channel: object) -> Fault | None:
        if method in _WRITES:
            return Fault(kind="http_error", applied=next(self._applied))
        return Fault(kind="http_error") if method in _READS else None
