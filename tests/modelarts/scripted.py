"""A cloud that answers exactly the bytes a test wants, over a real loopback socket."""

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import ModelArts
from bot.modelarts.transport import open_client
from tests.fakes import ManualClock
from tests.make import NOW

PROJECT = "0123456789abcdef0123456789abcdef"
JOBS = f"/v1/{PROJECT}/visualization-jobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudRequest:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_login(self) -> bool:
        return self.target.startswith("/v3/auth/tokens")


@dataclass(slots=True, kw_only=True)
class Journal:
    """What a cloud was asked."""

    asked: list[CloudRequest] = field(default_factory=list)

    @property
    def logins(self) -> int:
        return sum(asked.is_login for asked in self.asked)

    @property
    def reads(self) -> int:
        return len(self.asked) - self.logins


#: What to send, with seconds of silence between; empty bytes at the end close the connection.
Answer = bytes | list[bytes | float]


@dataclass(slots=True)
class ScriptedCloud(Journal):
    """`answer` maps what was asked to what is sent: bytes, or bytes with pauses between."""

    answer: Callable[[CloudRequest], Answer]
    url: str = ""
    most_connections: int = 0

    def open_client(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """The real client; this cloud is at the other end of a socket."""
        return open_client()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while asked := await _read_request(reader):
                    self.asked.append(asked)
                    if not await self._send(writer, self.answer(asked)):
                        break
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        parts = answer if isinstance(answer, list) else [answer]
        for part in parts:
            if isinstance(part, float):
                await asyncio.sleep(part)
            else:
                writer.write(part)
                await writer.drain()
        return bool(parts[-1])


async def _read_request(reader: asyncio.StreamReader) -> CloudRequest | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return CloudRequest(method=method, target=target, headers=headers, body=body)


@asynccontextmanager
async def running(
    answer: Callable[[CloudRequest], Answer], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[ScriptedCloud]:
    cloud = ScriptedCloud(answer)
    connections: set[asyncio.Task[None]] = set()

    def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(cloud.serve(reader, writer))
        connections.add(task)
        cloud.most_connections = max(cloud.most_connections, len(connections))
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(connect, "127.0.0.1", 0, ssl=tls)
    scheme = "https" if tls else "http"
    cloud.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield cloud
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


class Cloud(Protocol):
    """A stand-in that a client can be opened to."""

    url: str

    def open_client(self) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@asynccontextmanager
async def modelarts(
    cloud: Cloud,
    *,
    login: TokenLogin | KeySigning | None = None,
    clock: ManualClock | None = None,
    timeout: float = 5.0,
    share_seconds: float = 0,
) -> AsyncIterator[ModelArts]:
    """A source that, unless told so, shares nothing between reads."""
    clock = clock or ManualClock()
    async with cloud.open_client() as client:
        source = ModelArts(
            client=client,
            endpoint=cloud.url,
            project_id=PROJECT,
            login=login or a_key(clock),
            clock=clock,
            monotonic=clock.monotonic,
            timeout=timeout,
            share_seconds=share_seconds,
        )
        try:
            yield source
        finally:
            await source.close()


def a_key(clock: ManualClock, *, security_token: str | None = None) -> KeySigning:
    return KeySigning(
        access_key="AccessKey",
        secret_key="SecretKey",
        security_token=security_token,
        project_id=PROJECT,
        clock=clock,
    )


def a_login(url: str, clock: ManualClock) -> TokenLogin:
    return TokenLogin(
        iam_endpoint=url,
        username="bot",
        password="pass-word",
        domain="OTC-1",
        project_id=PROJECT,
        clock=clock,
    )


def http(
    status: int = 200,
    body: bytes | str | dict[str, object] = b"",
    *,
    kind: str | None = "application/json",
    **headers: str,
) -> bytes:
    """A whole HTTP answer; header names are written with underscores for dashes."""
    content = json.dumps(body) if isinstance(body, dict) else body
    content = content.encode() if isinstance(content, str) else content
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def gzipped(body: bytes) -> bytes:
    """`body` as gzip, without the time: it would stand in the names of tests, and change them."""
    return gzip.compress(body, mtime=0)


def job(job_id: object = 205, **fields: object) -> dict[str, object]:
    """The members of one good job."""
    return {
        "job_id": job_id,
        "job_name": "flowers-tb",
        "job_desc": "ModelArts API Dialtest",
        "status": 8,
        "create_time": 1565149736000,
        "duration": 33000,
        "service_url": "https://console.huaweicloud.com/modelarts2/tensorboard/04f6/205/",
        "train_url": "/wph-test/Flowers-Set/ApiTest/",
        "resource_id": "e17dd874",
        "is_success": True,
        **fields,
    }


def token(value: str = "token-1") -> bytes:
    """IAM's answer to a good login."""
    return http(201, token_facts(), X_Subject_Token=value)


def token_facts(*, issued: datetime = NOW, hours: float = 24) -> dict[str, object]:
    """What the body says of a token; its value comes in a header."""
    return {
        "token": {
            "issued_at": f"{issued:%Y-%m-%dT%H:%M:%S.%fZ}",
            "expires_at": f"{issued + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S.%fZ}",
        }
    }
