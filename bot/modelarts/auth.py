"""Logins to the cloud: a cached IAM token, or a signature with an access key pair.

Both are `httpx.Auth` flows: they yield requests and read responses; the client does the I/O.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx

from bot.core.errors import JobSourceError, SourceUnavailable
from bot.core.ports.time import Clock
from bot.core.text import say
from bot.modelarts import signing
from bot.modelarts.faults import find_login_fault, is_lock, is_stale_token
from bot.modelarts.iam import IAM_HINT, PasswordCredentials, Token, read_token
from bot.modelarts.lockout import Lockout

# The login policy locks a user for 15 minutes after five wrong passwords.
# docs.otc.t-systems.com/identity-access-management/umn: "Login Authentication Policy".
PASSWORD_PAUSE = timedelta(minutes=15)
# The gateway locks a key pair for 5 minutes after five bad signatures in a row.
# docs.otc.t-systems.com/api-gateway/umn: "Common Errors Related to IAM Authentication Information".
SIGNATURE_PAUSE = timedelta(minutes=5)

#: A token is renewed this long before it ends, or a tenth of its life before if that is less.
RENEWAL_MARGIN = timedelta(minutes=30)
#: After an attempt to renew a token that is still valid, the next attempt waits for so long. After
#: the cloud refused a new token as stale, no refusal makes us fetch another for so long.
RENEWAL_GAP = timedelta(seconds=60)


class KeySigning(httpx.Auth):
    """A login that signs each request with an access key pair.

    Until the cloud has accepted one signature, requests are sent one at a time: a wrong key must
    not cause a burst of bad signatures.
    """

    def __init__(
        self,
        *,
        access_key: str,
        secret_key: str,
        security_token: str | None = None,
        project_id: str,
        clock: Clock,
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._security_token = security_token
        self._project_id = project_id
        self._clock = clock
        self._lockout = Lockout(limit=2, pause=SIGNATURE_PAUSE, clock=clock)
        self._proven = False
        self._turn = asyncio.Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that must never be shown, not even inside the cloud's own error text."""
        return tuple(filter(None, (self._secret_key, self._security_token)))

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign the request, and record whether the cloud accepted the signature.
        Raises LoginRefused, before anything is sent, during the pause of a lockout."""
        if not self._proven:
            async with self._turn:
                if not self._proven:
                    self._sign(request)
                    await self._learn((yield request))
                    return
        self._sign(request)
        await self._learn((yield request))

    def _sign(self, request: httpx.Request) -> None:
        self._lockout.check()
        signed = {
            "host": request.headers["host"],
            "x-project-id": self._project_id,
            "x-sdk-date": f"{self._clock():%Y%m%dT%H%M%SZ}",
        }
        if self._security_token is not None:
            signed["x-security-token"] = self._security_token
        for name, value in signed.items():
            request.headers[name] = value
        # Only a request with a body has a content type; the signature covers both.
        if kind := request.headers.get("content-type"):
            signed["content-type"] = kind
        request.headers["authorization"] = signing.authorize(
            method=request.method,
            path=request.url.path,
            query=parse_qsl(request.url.query.decode(), keep_blank_values=True),
            headers=signed,
            body=request.content,
            access_key=self._access_key,
            secret_key=self._secret_key,
        )

    async def _learn(self, response: httpx.Response) -> None:
        await response.aread()
        if fault := find_login_fault(response, now=self._clock()):
            self._proven = False
            self._lockout.refuse(fault, locked=is_lock(fault))
        elif response.is_success:
            self._proven = True
            self._lockout.accept()


class TokenLogin(httpx.Auth):
    """A login with user name and password, which keeps the token until shortly before its end.

    One caller fetches a token while the others wait; nobody waits while the old token is valid.
    """

    def __init__(
        self,
        *,
        iam_endpoint: str,
        username: str,
        password: str,
        domain: str,
        project_id: str,
        clock: Clock,
    ) -> None:
        self._credentials = PasswordCredentials(
            iam_endpoint=iam_endpoint,
            username=username,
            password=password,
            domain=domain,
            project_id=project_id,
        )
        self._clock = clock
        self._lockout = Lockout(limit=1, pause=PASSWORD_PAUSE, clock=clock)
        self._turn = asyncio.Lock()
        self._token: Token | None = None
        self._attempts_ended = 0
        self._renew_at = self._no_replay_before = datetime.min.replace(tzinfo=UTC)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that must never be shown, not even inside the cloud's own error text."""
        token = self._token.value if self._token else None
        return tuple(filter(None, (self._credentials.password, token)))

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the request with a token; if the cloud calls it stale, once more with a new token.

        Only a GET is sent again: a stop or a restart is repeated only if a person asks again.
        """
        refused: Token | None = None
        while True:
            token = self._find_token(refused)
            if token is None:
                request.extensions["waits_for"] = "IAM"
                ended = self._attempts_ended
                async with self._turn:
                    token = self._find_token(refused)
                    if token is None:
                        self._begin_attempt(ended)
                        try:
                            token = await self._take(
                                (yield self._credentials.to_request()), refused
                            )
                        finally:
                            self._attempts_ended += 1
                request.extensions["waits_for"] = "ModelArts"
            request.headers["X-Auth-Token"] = token.value
            is_stale = await self._wants_replay((yield request), is_replay=refused is not None)
            if not is_stale or request.method != "GET":
                return
            refused = token

    def _find_token(self, refused: Token | None) -> Token | None:
        token, now = self._token, self._clock()
        if token is None or token is refused or now >= min(token.ends_at, self._renew_at):
            return None
        return token

    def _begin_attempt(self, ended: int) -> None:
        self._lockout.check()
        if ended != self._attempts_ended:
            # A failed attempt counts for all callers that waited for it: none starts its own.
            raise SourceUnavailable(say("IAM gave us no token."), hint=IAM_HINT)
        self._renew_at = self._clock() + RENEWAL_GAP

    async def _take(self, response: httpx.Response, refused: Token | None) -> Token:
        await response.aread()
        now = self._clock()
        if fault := find_login_fault(response, now=now):
            self._lockout.refuse(fault, locked=is_lock(fault))
            raise fault
        try:
            token = read_token(response, now=now)
        except JobSourceError:
            # The old token serves as long as it is valid.
            if self._token is None or self._token is refused or now >= self._token.ends_at:
                raise
            return self._token
        self._lockout.accept()
        self._token = token
        self._renew_at = token.ends_at - min(RENEWAL_MARGIN, (token.ends_at - now) / 10)
        return token

    async def _wants_replay(self, response: httpx.Response, *, is_replay: bool) -> bool:
        await response.aread()
        now = self._clock()
        fault = find_login_fault(response, now=now)
        if fault is None or not is_stale_token(fault):
            return False
        if is_replay:
            # The cloud refused a new token, too, so the token is not the cause: fetch no more now.
            self._no_replay_before = now + RENEWAL_GAP
        return now >= self._no_replay_before
