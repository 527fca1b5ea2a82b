"""The app as it is installed in the workspace: its tokens, scopes and OAuth codes. No HTTP."""

import secrets
from dataclasses import dataclass, field
from typing import Literal

from bot.demo.workspace.calls import Refused

CallerKind = Literal["bot", "app", "anyone"]


@dataclass(slots=True, kw_only=True)
class Installation:
    """The app as it is installed; `dead` is the error that every token meets after an uninstall."""

    bot_token: str
    app_token: str | None
    scopes: frozenset[str]
    client_id: str = "1000000001.2000000002"
    client_secret: str = "stand-in-client-secret"  # noqa: S105 (opens nothing outside the demo)
    dead: str | None = None
    codes: set[str] = field(default_factory=set)

    def scopes_of(
        self, token: str | None, kind: CallerKind, needed: tuple[str, ...]
    ) -> frozenset[str]:
        """Return what a token may do, if it is of this kind and has any needed scope.

        Raises `Refused`.
        """
        if kind == "anyone":
            return frozenset()
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

    def issue_code(self) -> str:
        """Return a one-use OAuth code, as a person gets by pressing Allow."""
        code = secrets.token_hex(16)
        self.codes.add(code)
        return code
