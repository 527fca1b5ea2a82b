"""Home tabs and stacks of modals, with their hashes. No HTTP, no messages."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from bot.demo.workspace.answers import begun_values
from bot.demo.workspace.cast import APP_ID, BOT_ID
from bot.demo.workspace.feed import Feed

Json = dict[str, Any]


class ViewStore:
    """The open views of each person; changes are published to that person only."""

    def __init__(self, *, clock: Callable[[], datetime], feed: Feed, team_id: str) -> None:
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, list[Json]] = {}
        #: The conversation that each person used last; a modal can preselect it.
        self.looked_at: dict[str, str] = {}
        self._clock = clock
        self._feed = feed
        self._team_id = team_id
        self._count = 0

    def find(self, view_id: object = None, external_id: object = None) -> tuple[str, Json] | None:
        """Return the person and the view with this id or external id, or None."""
        for user, view in self._all():
            if view_id and view["id"] == view_id:
                return user, view
            if external_id and view["external_id"] == external_id:
                return user, view
        return None

    def top(self, user: str) -> Json | None:
        """Return the topmost modal of `user`, or None."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    def publish(self, user: str, given: Json) -> Json:
        """Replace a person's Home tab; its id stays the same."""
        old = self.homes.get(user)
        view = self._dress(given, view_id=old["id"] if old else None)
        self.homes[user] = view
        self._feed.publish({"kind": "home", "view": view}, to=user)
        return view

    def open(self, user: str, given: Json) -> Json:
        """Open a modal on an empty stack."""
        view = self._begun(user, self._dress(given))
        self.modals[user] = [view]
        self._tell_modal(user)
        return view

    def push(self, user: str, given: Json) -> Json:
        """Put a modal on top of the person's stack."""
        stack = self.modals.setdefault(user, [])
        root = stack[0]["id"] if stack else None
        dressed = self._dress(given, root=root, previous=stack[-1]["id"] if stack else None)
        view = self._begun(user, dressed)
        stack.append(view)
        self._tell_modal(user)
        return view

    def replace(self, user: str, old: Json, given: Json) -> Json:
        """Change an open view in place; its id stays, and typed values of inputs that remain."""
        view = self._dress(
            given, view_id=old["id"], root=old["root_view_id"], previous=old["previous_view_id"]
        )
        kept = {block.get("block_id") for block in view["blocks"]}
        typed = old["state"]["values"]
        if view["type"] == "modal":
            view = self._begun(user, view)
        view["state"]["values"] |= {name: typed[name] for name in typed if name in kept}
        old.clear()
        old.update(view)
        if self.homes.get(user) is old:
            self._feed.publish({"kind": "home", "view": old}, to=user)
        else:
            self._tell_modal(user)
        return old

    def close(self, user: str, view_id: object = None) -> None:
        """Close one modal, or all if no id is given."""
        stack = self.modals.get(user, [])
        self.modals[user] = [view for view in stack if view_id and view["id"] != view_id]
        self._tell_modal(user)

    def _all(self) -> Iterator[tuple[str, Json]]:
        yield from self.homes.items()
        for user, stack in self.modals.items():
            for view in stack:
                yield user, view

    def _tell_modal(self, user: str) -> None:
        self._feed.publish({"kind": "modal", "view": self.top(user)}, to=user)

    def _begun(self, user: str, view: Json) -> Json:
        view["state"]["values"] = begun_values(view["blocks"], self.looked_at.get(user))
        return view

    def _dress(
        self,
        given: Json,
        *,
        view_id: str | None = None,
        root: str | None = None,
        previous: str | None = None,
    ) -> Json:
        self._count += 1
        own_id = view_id or f"V0{self._count:08d}"
        return {
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **given,
            "id": own_id,
            "team_id": self._team_id,
            "app_id": APP_ID,
            "app_installed_team_id": self._team_id,
            "bot_id": BOT_ID,
            "root_view_id": root or own_id,
            "previous_view_id": previous,
            "state": {"values": {}},
            "hash": f"{int(self._clock().timestamp())}.{secrets.token_hex(4)}",
        }
