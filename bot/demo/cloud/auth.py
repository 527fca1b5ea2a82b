"""Authenticate callers of the stand-in cloud: tokens, key pairs, and their locks; no HTTP."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.demo.cloud.answers import gateway_no, iam_no, keystone_no, modelarts_no
from bot.demo.cloud.signature import SentRequest, is_signed, read_authorization

AuthKind = Literal["token", "key", "none"]

TOKEN_LIFE = timedelta(hours=24)
SKEW = timedelta(minutes=15)
#: No request takes longer than this to arrive.
_ON_ITS_WAY = timedelta(minutes=1)
TRIES = 5
KEY_LOCK = timedelta(minutes=5)
PASSWORD_LOCK = timedelta(minutes=15)
_TOKEN_BYTES = 2048
_BAD_IAM = "Incorrect IAM authentication information: "


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudCredentials:
    """Made-up credentials of the cloud; with `security_token` the key pair is temporary."""

    username: str = "visjob"
    password: str = field(default="tensorboard-2019", repr=False)
    domain: str = "OTC00000000001000000447"
    access_key: str = "VISJOBDEMOACCESSKEY1"
    secret_key: str = field(default="0nlyForTheStandInCloud0123456789abcdef01", repr=False)
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An issued token; a token without a project is refused by ModelArts."""

    text: str = field(repr=False)
    issued: datetime
    expires: datetime
    project_id: str | None


@dataclass(slots=True)
class Lock:
    """A lock that shuts for a while after five failures in a row."""

    shut_for: timedelta
    failures: int = 0
    until: datetime | None = None

    def is_shut(self, now: datetime) -> bool:
        """Return True while the lock is shut; reset a lock whose time has passed."""
        if self.until is not None and now >= self.until:
            self.until, self.failures = None, 0
        return self.until is not None

    def fail(self, now: datetime) -> None:
        """Count a failure; the fifth in a row shuts the lock."""
        self.failures += 1
        if self.failures >= TRIES:
            self.until = now + self.shut_for

    def succeed(self) -> None:
        """Reset the count, because only failures in a row matter."""
        self.failures = 0


class Gatekeeper:
    """Issues tokens and admits requests; raises `Refused` with the vendor's own words."""

    def __init__(
        self, credentials: CloudCredentials, project_id: str, clock: Callable[[], datetime]
    ) -> None:
        self._credentials = credentials
        self._project_id = project_id
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._issued = 0
        self._key_lock = Lock(KEY_LOCK)
        self._password_lock = Lock(PASSWORD_LOCK)
        self._jumped_from: datetime | None = None

    def before_jump(self) -> None:
        """Record the time before a jump of the clock: requests signed shortly before stay valid."""
        self._jumped_from = self._clock()

    def log_in(self, username: str, password: str, domain: str, project_id: str | None) -> Token:
        """Issue a token; earlier tokens stay valid. Five wrong passwords in a row lock the user."""
        now = self._clock()
        if self._password_lock.is_shut(now):
            raise iam_no("0061", "The account is locked. Try again in 15 minutes.", status=401)
        known = self._credentials
        if (username, password, domain) != (known.username, known.password, known.domain):
            self._password_lock.fail(now)
            text = "The username or password is wrong."
            raise keystone_no(text, status=401, title="Unauthorized")
        self._password_lock.succeed()
        self._issued += 1
        token = Token(
            text=_token_text(self._project_id, self._issued),
            issued=now,
            expires=now + TOKEN_LIFE,
            project_id=project_id,
        )
        self._tokens[token.text] = token
        return token

    def forget_tokens(self) -> None:
        """Void every issued token, as the cloud does when a user's rights change."""
        self._tokens.clear()

    def admit(self, request: SentRequest) -> None:
        """Admit a request, or raise `Refused`."""
        match kind_of(request):
            case "token":
                self._admit_token(request.headers["x-auth-token"])
            case "key":
                self._admit_signature(request)
            case "none":
                raise gateway_no("0301", _BAD_IAM + "x-auth-token not found", status=401)

    def _admit_token(self, text: str) -> None:
        token = self._tokens.get(text)
        if token is None:
            raise gateway_no("0301", _BAD_IAM + "decrypt token fail", status=401)
        if token.expires <= self._clock():
            text = f"token expires, expires_at:{iso_time(token.expires)}"
            raise gateway_no("0301", _BAD_IAM + text, status=401)
        if token.project_id is None:
            raise modelarts_no("0204", "The token carries no project.", status=401)

    def _admit_signature(self, request: SentRequest) -> None:
        now = self._clock()
        authorization = read_authorization(request.headers["authorization"])
        if authorization is None:
            raise gateway_no("0301", _BAD_IAM + "authorization format is wrong", status=401)
        if authorization.access_key != self._credentials.access_key:
            text = f"Get secretKey failed,ak:{authorization.access_key},err:ak not exist"
            raise gateway_no("0301", _BAD_IAM + text, status=401)
        if self._key_lock.is_shut(now):
            text = "AK access failed to reach the limit,forbidden"
            raise gateway_no("0301", _BAD_IAM + text, status=401)
        self._check_date(request.headers.get("x-sdk-date", ""), now)
        if not is_signed(
            request, authorization, self._credentials.secret_key
        ) or not self._has_security(request, authorization.signed_headers):
            self._key_lock.fail(now)
            raise gateway_no("0301", _BAD_IAM + "verify aksk signature fail", status=401)
        self._key_lock.succeed()
        if request.headers.get("x-project-id", self._project_id) != self._project_id:
            raise modelarts_no("0210", "The project ID is invalid.")

    def _check_date(self, sent: str, now: datetime) -> None:
        try:
            signed_at = datetime.strptime(sent, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            text = _BAD_IAM + "x-sdk-date is missing or malformed"
            raise gateway_no("0301", text, status=401) from None
        if abs(now - signed_at) > SKEW and not self._was_on_its_way(signed_at):
            text = f"signature expired, signature time:{sent}, server time:{now:%Y%m%dT%H%M%SZ}"
            raise gateway_no(
                "0303", "Incorrect app authentication information: " + text, status=401
            )

    def _was_on_its_way(self, signed_at: datetime) -> bool:
        return self._jumped_from is not None and (abs(self._jumped_from - signed_at) <= _ON_ITS_WAY)

    def _has_security(self, request: SentRequest, signed_headers: tuple[str, ...]) -> bool:
        expected = self._credentials.security_token
        if expected is None:
            return True
        sent = request.headers.get("x-security-token")
        return sent == expected and "x-security-token" in signed_headers


def kind_of(request: SentRequest) -> AuthKind:
    """Return how a request authenticates; a token wins over a signature."""
    if "x-auth-token" in request.headers:
        return "token"
    return "key" if "authorization" in request.headers else "none"


def iso_time(moment: datetime) -> str:
    """Return a moment in ISO 8601 with microseconds and Z, as IAM writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _token_text(project_id: str, number: int) -> str:
    # Real tokens are signed blobs of some kilobytes; this one has the same size and look.
    blob = hashlib.shake_256(f"{project_id} {number}".encode()).digest(_TOKEN_BYTES)
    return "MII" + base64.b64encode(blob, altchars=b"+-").decode()
