"""A cloud without a socket: httpx's own stand-in for a transport gives its answers."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.modelarts.transport import HEADERS
from tests.make import NOW
from tests.modelarts.scripted import CloudRequest, Journal, token_facts

#: What the client gets, or what its transport raises.
Answer = httpx.Response | httpx.RequestError


@dataclass(slots=True)
class MockCloud(Journal):
    """`answer` maps what was asked to what comes back."""

    answer: Callable[[CloudRequest], Answer]
    url: str = "https://cloud.example"

    def open_client(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """A client that asks only us."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._take), headers=HEADERS)

    async def _take(self, request: httpx.Request) -> httpx.Response:
        asked = CloudRequest(
            method=request.method,
            target=request.url.raw_path.decode(),
            headers=dict(request.headers),
            body=request.content,
        )
        self.asked.append(asked)
        answer = self.answer(asked)
        # An answer takes its time: whoever asks at once has asked by now.
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        # A client marks what it was given, and a test may give it twice.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def http(status: int = 200, body: str | dict[str, object] = "", **headers: str) -> httpx.Response:
    """An answer; header names are written with underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str):
        return httpx.Response(
            status, text=body, headers={"Content-Type": "application/json", **named}
        )
    return httpx.Response(status, json=body, headers=named)


def token(value: str = "token-1", *, issued: datetime = NOW, hours: float = 24) -> httpx.Response:
    """IAM's answer to a good login."""
    return http(201, token_facts(issued=issued, hours=hours), X_Subject_Token=value)
