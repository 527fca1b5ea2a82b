"""The request for an IAM token, made with a password, and the token in its answer.

This module is pure: it sends nothing and keeps nothing.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from bot.core.errors import SourceUnavailable
from bot.core.text import say
from bot.modelarts.faults import read_answer
from bot.modelarts.transport import HEADERS

LONGEST_TOKEN_LIFE = timedelta(hours=24)

#: What to do if IAM gives no token and our request is not the cause.
IAM_HINT = say("Try again in a minute; if it persists, check MODELARTS_IAM_ENDPOINT.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, and the time by our clock at which it ends."""

    value: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCredentials:
    """Credentials, and the project that a token is for; `domain` is the name of the account."""

    iam_endpoint: str
    username: str
    password: str = field(repr=False)
    domain: str
    project_id: str

    # docs.otc.t-systems.com/identity-access-management/api-ref: "Obtaining a User Token Through
    # Password Authentication".
    def to_request(self) -> httpx.Request:
        """Return the request for a token; its answer omits the catalog of all services."""
        base = self.iam_endpoint.rstrip("/").removesuffix("/v3")
        user = {
            "name": self.username,
            "password": self.password,
            "domain": {"name": self.domain},
        }
        identity = {"methods": ["password"], "password": {"user": user}}
        # ModelArts accepts only a token that is scoped to a project.
        scope = {"project": {"id": self.project_id}}
        return httpx.Request(
            "POST",
            f"{base}/v3/auth/tokens?nocatalog=true",
            headers=HEADERS,
            json={"auth": {"identity": identity, "scope": scope}},
            extensions={"service": "IAM"},
        )


def read_token(response: httpx.Response, *, now: datetime) -> Token:
    """Return the token of a good answer. Raises JobSourceError for any other answer."""
    members = read_answer(response, now=now).get("token")
    value = response.headers.get("x-subject-token", "")
    if not isinstance(members, dict) or not (value.isascii() and value.isprintable() and value):
        raise SourceUnavailable(say("IAM answered without a token."), hint=IAM_HINT)
    # Both times are the cloud's, so an error of our clock does not distort the token's life.
    ends_at = _read_time(members.get("expires_at"))
    issued_at = _read_time(members.get("issued_at")) or now
    if ends_at is None or ends_at <= issued_at:
        raise SourceUnavailable(say("IAM gave us an expired token."), hint=IAM_HINT)
    return Token(value=value, ends_at=now + min(ends_at - issued_at, LONGEST_TOKEN_LIFE))


def _read_time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
