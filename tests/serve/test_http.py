"""What strangers do to the HTTP server: they hold connections, talk nonsense and hang up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.serve.connections import MOST_CONNECTIONS
from bot.serve.http import HttpServer, Route
from bot.slack.incoming.tally import Tally
from tests.fakes import ManualClock
from tests.waiting import until

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tally(clock: ManualClock) -> Tally:
    return Tally(monotonic=clock.monotonic)


@pytest.fixture
def may_answer() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def port(tally: Tally, may_answer: asyncio.Event) -> AsyncIterator[int]:
    """A server with a page that answers at once, one that takes its time, and one that reads."""

    async def quick(_: web.BaseRequest) -> web.Response:
        return web.Response(text="ok")

    async def slow(_: web.BaseRequest) -> web.Response:
        await may_answer.wait()
        return web.Response(text="ok")

    async def read(request: web.BaseRequest) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def broken(_: web.BaseRequest) -> web.Response:
        raise RuntimeError

    async def thrown(_: web.BaseRequest) -> web.Response:
        raise web.HTTPRequestEntityTooLarge(max_size=1, actual_size=2)

    routes = {
        "/": Route("GET", quick),
        "/slow": Route("GET", slow),
        "/read": Route("POST", read),
        "/broken": Route("GET", broken),
        "/thrown": Route("GET", thrown),
    }
    server = HttpServer(routes, tally=tally)
    yield await server.start("127.0.0.1", 0)
    await server.close()


async def call(port: int, sent: str) -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent.encode())
    return reader, writer


async def answer(port: int, sent: str) -> bytes:
    """Say something, and hear all that is said."""
    reader, writer = await call(port, sent)
    heard = await reader.read()
    writer.close()
    return heard


def is_open(line: Line) -> bool:
    return not line[0].at_eof()


GET = "GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HALF_A_BODY = "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"


@pytest.mark.parametrize(
    "sent",
    ["", "GET / HTTP/1.1\r\nHost", HALF_A_BODY],
    ids=["nothing", "half a head", "half a body"],
)
@pytest.mark.slow
async def test_of_those_who_wait_for_nothing_the_oldest_go(
    port: int, sent: str, may_answer: asyncio.Event
) -> None:
    asking = await call(port, GET.format("/slow"))
    idle = [await call(port, sent) for _ in range(MOST_CONNECTIONS + 88)]

    async def are_gone() -> bool:
        return sum(map(is_open, idle)) <= MOST_CONNECTIONS

    await until(are_gone)
    newest = await answer(port, GET.format("/"))
    may_answer.set()
    oldest = await asking[0].read()

    assert newest.startswith(b"HTTP/1.1 200 ")
    assert oldest.startswith(b"HTTP/1.1 200 "), "whoever waits for us is none of them"
    assert not any(map(is_open, idle[:80]))
    assert all(map(is_open, idle[-100:]))
    for _, writer in (asking, *idle):
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    "nonsense",
    ["\x16\x03\x01\x02\x00\x01\r\n\r\n", "HELO mail\r\n\r\n",
     "GET /" + "x" * 9000 + " HTTP/1.1\r\n\r\n",
     "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x" * 9000 + "\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
     "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"],
    ids=["TLS", "mail", "path", "header", "version", "length"],
)  # fmt: skip
async def test_what_is_no_http_is_counted_and_leaves_no_traceback(
    port: int, nonsense: str, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines:
        for _ in range(5):
            with suppress(ConnectionError):
                await answer(port, nonsense)

    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(lines) <= 1


#: What is sent, and the status of the answer.
ODD_REQUESTS = [
    ("FROB / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("get / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("BREW /read?pot=1 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("X-1 / HTTP/1.0\r\n\r\n", 405),
    ("DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    ("PROPFIND /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    ("GET /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    ("FROB /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    ("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    ("FR@B / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("FROB / HTTP/7.7\r\nHost: x\r\n\r\n", 400),
    ("HELO mail\r\n\r\n", 400),
    ("\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
    ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    ("GET /" + "x" * 9000 + " HTTP/1.1\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x" * 9000 + "\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
    ("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
    ("GET /broken HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n", 500),
    ("GET /thrown HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 413),
    ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
]


@pytest.mark.parametrize(("sent", "status"), ODD_REQUESTS)
async def test_no_answer_tells_what_the_server_is_made_of(
    port: int, sent: str, status: int
) -> None:
    heard = (await answer(port, sent)).decode()
    head, _, body = heard.partition("\r\n\r\n")

    assert head.startswith(f"HTTP/1.1 {status} ") or head.startswith(f"HTTP/1.0 {status} ")
    assert "\r\nServer: VisJob\r\n" in f"{head}\r\n"
    assert ("Allow: " in head) == (status == 405)
    assert not any(name in heard.lower() for name in ("python", "aiohttp", "server got", "xxxx"))
    assert len(body) < 60


async def test_nothing_is_unpacked(port: int) -> None:
    head = "POST /read HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nConnection: close\r\n"

    heard = await answer(port, f"{head}Content-Length: 5\r\n\r\nabcde")

    assert heard.startswith(b"HTTP/1.1 200 ")
    assert heard.endswith(b"5")


def test_a_kind_has_its_first_line_at_once_and_its_count_a_minute_later(
    tally: Tally, clock: ManualClock
) -> None:
    with capture_logs() as lines:
        for _ in range(4000):
            tally.count("refused", "unproved", peer="10.0.0.1")
        tally.count("refused", "clock", peer="10.0.0.2")
        tally.write_due()
        clock.advance(seconds=61)
        tally.write_due()
        clock.advance(seconds=61)
        tally.write_due()

    assert [(line["reason"], line["count"], line["peer"]) for line in lines] == [
        ("unproved", 1, "10.0.0.1"),
        ("clock", 1, "10.0.0.2"),
        ("unproved", 3999, "10.0.0.1"),
    ]
