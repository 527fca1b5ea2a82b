"""A caller of the stand-in cloud for tests: signs or shows a token, sends bytes as they are."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from bot.demo.cloud import StandInCloud
from bot.demo.cloud.auth import CloudCredentials
from bot.demo.cloud.jobs import CloudJob
from bot.demo.cloud.signature import ALGORITHM, SentRequest, signature_of
from tests.fakes import ManualClock

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
EMPTY: Mapping[str, str] = {}


@dataclass
class Got:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """Calls the cloud with a key pair; `token` replaces it, `auth=False` sends neither."""

    cloud: StandInCloud
    clock: ManualClock
    session: aiohttp.ClientSession
    token: str | None = None
    auth: bool = True
    secret_key: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    async def __call__(self, method: str, path: str, body: object = None) -> Got:
        """Call `path` below `/v1/{project}`, or any path that begins with `/`."""
        where = path if path.startswith("/") else f"/v1/{self.cloud.project_id}/{path}"
        data = body if isinstance(body, bytes) else b"" if body is None else _dump(body)
        headers = {"Content-Type": "application/json"} if data else {}
        headers |= self.extra
        if self.auth and self.token is not None:
            headers["X-Auth-Token"] = self.token
        elif self.auth:
            headers |= self.signed(method, where, headers, data)
        url = URL(self.cloud.url + where, encoded=True)
        async with self.session.request(
            method, url, data=data or None, headers=headers, allow_redirects=False
        ) as response:
            return Got(response.status, response.headers, await response.read())

    async def log_in(self, **changes: str) -> Got:
        """Ask for a token with the cloud's own credentials, or with some of them changed."""
        known = self.cloud.credentials
        user = {"name": known.username, "password": known.password, **changes}
        domain = {"name": user.pop("domain", known.domain)}
        scope = {"project": {"id": self.cloud.project_id}}
        identity = {"methods": ["password"], "password": {"user": {**user, "domain": domain}}}
        body = {"auth": {"identity": identity, "scope": scope}}
        plain = Caller(self.cloud, self.clock, self.session, auth=False)
        return await plain("POST", "/v3/auth/tokens?nocatalog=true", body)

    def signed(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, str]:
        """The headers of a signed request, dated by the clock."""
        known = self.cloud.credentials
        own = {
            "Host": urlsplit(self.cloud.url).netloc,
            "X-Sdk-Date": f"{self.clock():%Y%m%dT%H%M%SZ}",
        }
        if known.security_token is not None:
            own["X-Security-Token"] = known.security_token
        everything = {name.lower(): value for name, value in {**headers, **own}.items()}
        bare, _, query = path.partition("?")
        names = tuple(sorted(everything))
        sent = SentRequest(method=method, path=bare, query=query, headers=everything, body=body)
        signature = signature_of(sent, names, self.secret_key or known.secret_key)
        own["Authorization"] = (
            f"{ALGORITHM} Access={known.access_key}, SignedHeaders={';'.join(names)}, "
            f"Signature={signature}"
        )
        return own


@asynccontextmanager
async def calling(
    *,
    jobs: list[CloudJob] | None = None,
    speed: float = 1.0,
    credentials: CloudCredentials | None = None,
) -> AsyncIterator[Caller]:
    """A started cloud under a manual clock, with a caller before it."""
    clock = ManualClock(NOON)
    cloud = StandInCloud(clock=clock, credentials=credentials, jobs=jobs, speed=speed)
    await cloud.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield Caller(cloud, clock, session)
    finally:
        await cloud.close()


def _dump(body: object) -> bytes:
    return json.dumps(body).encode()
