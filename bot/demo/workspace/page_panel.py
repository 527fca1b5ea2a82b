"""The side panel of the page: the cloud, and the actions on it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from inspect import isawaitable
from typing import Any

Json = dict[str, Any]


class Panel:
    """Passes the orders of the side panel to their owners; `cloud` is the content of the panel."""

    def __init__(self, now: datetime, on_push: Callable[[int, int | None], object] | None) -> None:
        self.cloud: Json = {
            "clock": now.isoformat(),
            "zone": "UTC",
            "moments": [],
            "jobs": [],
            "can_push": False,
            "troubles": [],
        }
        self.on_push = on_push
        #: Called with the id of a job that the page restarts.
        self.on_restart: Callable[[int], object] | None = None
        #: Called with the name of a trouble and whether it begins or ends.
        self.on_trouble: Callable[..., object] | None = None
        #: Called with the name of the moment to jump to.
        self.on_moment: Callable[[str], object] | None = None

    def panel_orders(self) -> dict[str, Callable[[Json, str], Awaitable[Json]]]:
        """Return the orders of the panel, by name."""
        return {
            "push": self._push,
            "restart": self._restart,
            "trouble": self._trouble,
            "moment": self._moment,
        }

    async def _push(self, order: Json, _user: str) -> Json:
        owner = _present(self.on_push, "pushed")
        pushed = owner(int(order["job_id"]), order.get("status"))
        if isawaitable(pushed):
            await pushed
        return {}

    async def _restart(self, order: Json, _user: str) -> Json:
        _present(self.on_restart, "restarted")(int(order["job_id"]))
        return {}

    async def _trouble(self, order: Json, _user: str) -> Json:
        _present(self.on_trouble, "troubled")(order["name"], is_on=bool(order["is_on"]))
        return {}

    async def _moment(self, order: Json, _user: str) -> Json:
        _present(self.on_moment, "waited for")(order["name"])
        return {}


def _present(owner: Callable[..., object] | None, done: str) -> Callable[..., object]:
    if owner is None:
        raise LookupError(f"nothing here can be {done}")
    return owner
