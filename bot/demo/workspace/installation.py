"""The installed app: its tokens and scopes. No HTTP."""

from dataclasses import dataclass
from typing import Literal

from bot.demo.workspace.calls import Refused

CallerKind = Literal["bot", "app"]


@dataclass(slots=True, kw_only=True)
class Installation:
    """The installed app; `dead` is the error of every call after an uninstall."""

    bot_token: str
    app_token: str | None
    scopes: frozenset[str]
    dead: str | None = None

    def scopes_of(
        self, token: str | None, kind: CallerKind, needed: tuple[str, ...]
    ) -> frozenset[str]:
        """Return the scopes of a token of this kind that has any needed scope. Raises `Refused`."""
        if not token:
            raise Refused("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        if self.dead:
            raise Refused(self.dead)
        if kind != ("app" if token == self.app_token else "bot"):
            raise Refused("not_allowed_token_type")
        if needed and not self.scopes.intersection(needed):
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=",".join(needed), provided=provided)
        return self.scopes
