"""A stop that is asked for at any moment of `serve` ends it well: quickly, with code 0."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.outside import Outside
from tests.program import ROOT, Ended, end, start, until_answers
from tests.waiting import until

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@contextmanager
def hang_ups(action: signal.Handlers) -> Iterator[None]:
    """Start programs with this action at SIGHUP: with SIG_IGN, as `nohup` does."""
    before = signal.signal(signal.SIGHUP, action)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(autouse=True)
def hang_ups_end_programs() -> Iterator[None]:
    """The tests themselves may run under `nohup`."""
    with hang_ups(signal.SIG_DFL):
        yield


def events(ended: Ended) -> list[str]:
    """The names of the lines in the log."""
    return [json.loads(line)["event"] for line in ended.err.splitlines()]


@asynccontextmanager
async def silent_server() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A server that never answers: its port, and an event for its first client."""
    called = asyncio.Event()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], called


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.slow
async def test_a_stop_while_the_database_does_not_answer(
    outside: Outside, number: signal.Signals
) -> None:
    async with silent_server() as (port, called):
        url = f"postgres://visjob:pw@127.0.0.1:{port}/visjob"
        process = await start("serve", env=outside.env | {"DATABASE_URL": url})
        await called.wait()
        process.send_signal(number)
        async with asyncio.timeout(20):
            ended = await end(process)

    assert (ended.code, events(ended)) == (0, ["stopping"])


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_stop_while_the_settings_are_read(
    outside: Outside, number: signal.Signals, tmp_path: Path
) -> None:
    pipe = tmp_path / "secret"
    os.mkfifo(pipe)
    env = {**outside.env, "SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": str(pipe)}

    async def is_read() -> int | None:
        with suppress(OSError):  # nobody reads yet
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        return None

    process = await start("serve", env=env)
    writing = await until(is_read)
    process.send_signal(number)
    ended = await end(process)
    os.close(writing)

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.slow
async def test_a_hang_up_of_the_terminal_ends_a_bot_that_serves(outside: Outside) -> None:
    process = await start("serve", env=outside.env)
    await until_answers(outside.env, 200)

    process.send_signal(signal.SIGHUP)
    ended = await end(process)

    assert (ended.code, events(ended)) == (0, ["serving", "stopping"])


@pytest.mark.slow
async def test_with_nohup_a_bot_outlives_its_terminal(outside: Outside) -> None:
    with hang_ups(signal.SIG_IGN):
        process = await start("serve", env=outside.env)
    await until_answers(outside.env, 200)

    process.send_signal(signal.SIGHUP)
    await until_answers(outside.env, 200)
    process.send_signal(signal.SIGTERM)

    assert (await end(process)).code == 0


async def test_a_stop_that_hangs_is_cut_short() -> None:
    script = (
        "import time\n"
        "from bot.serve.stop_signals import exit_in_time\n"
        "exit_in_time(lambda: print('cut short', flush=True), seconds=0.1)\n"
        "time.sleep(99)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert (process.returncode, said) == (0, b"cut short\n")
