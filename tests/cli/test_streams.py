"""Whatever a shell, a supervisor or a locale makes of the standard streams, the program works."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

import pytest

from tests.cli.outside import Outside
from tests.cli.screen import on_a_screen
from tests.ports import free_port
from tests.program import ROOT, Ended, call, end, until_answers
from tests.waiting import until

C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


async def start(shell: str, *arguments: str, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `visjob …` in a shell; it stands for `"$@"` in the shell's line."""
    return await asyncio.create_subprocess_exec(
        "bash", "-c", shell, "bash", sys.executable, "-m", "bot", *arguments,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def in_shell(shell: str, *arguments: str, env: Mapping[str, str]) -> Ended:
    return await end(await start(shell, *arguments, env=env))


@pytest.mark.parametrize(
    ("arguments", "locale", "words"),
    [
        pytest.param(("list",), {"PYTHONIOENCODING": "cp1252"}, "🟢", marks=pytest.mark.slow),
        (("show", "205"), {"PYTHONIOENCODING": "gbk"}, "🟢 flowers-tb (205)  ·  Running"),
        pytest.param(
            ("show", "nowhere"), {"PYTHONIOENCODING": "latin-1"}, "nowhere", marks=pytest.mark.slow
        ),
        pytest.param(
            ("doctor",), {"PYTHONIOENCODING": "ascii:strict"}, "✅", marks=pytest.mark.slow
        ),
        pytest.param(
            ("list", "训练"),
            C_LOCALE,
            "No job has “训练” in its name or description.",
            marks=pytest.mark.slow,
        ),
        (("doctor",), {**C_LOCALE, "MODELARTS_SECRET_KEY": "schlüssel"}, "❌ MODELARTS_SECRET_KEY"),
    ],
)
@pytest.mark.slow
async def test_every_encoding_can_say_everything(
    outside: Outside, arguments: tuple[str, ...], locale: dict[str, str], words: str
) -> None:
    ended = await in_shell('exec "$@"', *arguments, env={**outside.env, **locale})

    assert ended.err == ""
    assert words in ended.out


@pytest.mark.slow
async def test_json_is_ascii_with_no_control_character_in_any_encoding(outside: Outside) -> None:
    outside.cloud.faults.add(
        "fail", code="x", text="a\x1b[31m\x7f\x9b\u202e训[/x]", http_status=500, count=None
    )

    ended = await in_shell(
        'exec "$@"', "show", "205", "--json", env={**outside.env, "PYTHONIOENCODING": "gbk"}
    )

    assert all(" " <= char <= "~" or char == "\n" for char in ended.out)
    assert "训" in json.loads(ended.out)["error"]["vendor_text"]


@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ('exec "$@" 2>&-', "healthcheck"),
        ('exec "$@" >&- 2>&- <&-', "healthcheck"),
        ('exec "$@" 2>/dev/full', "healthcheck"),
        ('set -o pipefail; "$@" 2>&1 | true', "healthcheck"),  # its own verdict, not the pipe's
        *(
            pytest.param(shell, "doctor", marks=pytest.mark.slow)
            for shell in (
                'exec "$@" >&- 2>&- <&-',
                'exec "$@" 2>/dev/full',
                'set -o pipefail; "$@" 2>&1 | head -1',
            )
        ),
    ],
)
@pytest.mark.slow
async def test_a_stream_that_is_closed_or_left_changes_no_verdict(shell: str, command: str) -> None:
    ended = await in_shell(shell, command, env={"PORT": "9"})

    assert (ended.code, ended.err) == (1, "")


@pytest.mark.slow
async def test_a_reader_that_leaves_is_no_failure() -> None:
    ended = await in_shell(
        'set -o pipefail; "$@" 2>/dev/null | head -c 20', "manifest", "--socket-mode", env={}
    )

    assert (ended.code, ended.out) == (0, "# Creates the app: h")


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "205"),
        *(
            pytest.param(arguments, marks=pytest.mark.slow)
            for arguments in (
                ("doctor",),
                ("migrate",),
                ("--version",),
                ("demo", "--script"),
            )
        ),
    ],
    ids=" ".join,
)
async def test_a_closed_output_that_cannot_take_the_answer_is_a_failure(
    outside: Outside, arguments: tuple[str, ...]
) -> None:
    ended = await in_shell('exec "$@" >&-', *arguments, env=outside.env)
    unheard = await in_shell('exec "$@" >&- 2>&- <&-', *arguments, env=outside.env)

    assert (ended.code, unheard.code) == (1, 1)
    assert ended.err == "Error: Standard output cannot be written: it is closed.\n"


@pytest.mark.slow
async def test_where_there_is_no_answer_a_closed_output_is_none(outside: Outside) -> None:
    process = await start('exec "$@" >&-', "serve", env=outside.env)
    await until_answers(outside.env, 200)

    healthy = await in_shell('exec "$@" >&-', "healthcheck", env=outside.env)
    process.send_signal(signal.SIGTERM)

    assert (healthy.code, healthy.err) == (0, "")
    assert (await end(process)).code == 0


@pytest.mark.parametrize("lines", [1, 3])
@pytest.mark.slow
async def test_the_demo_ends_with_its_reader(lines: int) -> None:
    shell = f'set -o pipefail; "$@" --port 0 --speed 20 | head -{lines}'

    ended = await in_shell(shell, "demo", env={})

    assert (ended.code, ended.err) == (0, "")
    assert len(ended.out.splitlines()) == lines


@pytest.mark.slow
async def test_the_demo_runs_on_where_nobody_was_to_read() -> None:
    port = free_port()
    process = await start('exec "$@" >&-', "demo", "--port", str(port), env={})

    async def is_served() -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
        return False

    await until(is_served)
    process.send_signal(signal.SIGTERM)

    assert (await end(process)).code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        pytest.param(("doctor",), marks=pytest.mark.slow),
        pytest.param(("doctor", "--json"), marks=pytest.mark.slow),
    ],
)
async def test_a_full_disk_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    ended = await in_shell('exec "$@" >/dev/full', *arguments, env={})

    assert ended.code == 1
    assert ended.err == ("Error: Standard output cannot be written: No space left on device.\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "shell",
    ['exec "$@" >&- 2>&- <&-', 'exec "$@" 2>&-', 'exec "$@" >/dev/full 2>/dev/full'],
)
async def test_serve_runs_whatever_became_of_its_streams(outside: Outside, shell: str) -> None:
    process = await start(shell, "serve", env=outside.env)
    await until_answers(outside.env, 200)
    process.send_signal(signal.SIGTERM)

    assert (await end(process)).code == 0


@pytest.mark.parametrize("columns", ["0", "1", "3", "²", "-5", "1" * 5000, "999999999"])
async def test_an_absurd_width_prints_what_a_good_one_prints(
    outside: Outside, columns: str
) -> None:
    env = {**outside.env, "COLUMNS": columns, "LINES": columns}
    for arguments in (("show", "205"), ("list",), ("doctor",)):
        ended = await call(*arguments, env=env)

        assert ended.code == 0
        assert "flowers-tb" in ended.out or arguments == ("doctor",)
        assert "┃" not in ended.out


@pytest.mark.slow
async def test_on_a_narrow_screen_words_are_still_words(outside: Outside) -> None:
    shown = await on_a_screen("list", env={**outside.env, "COLUMNS": "1", "NO_COLOR": "1"})

    lines = shown.splitlines()
    assert any("flowers-tb" in line and "Running" in line for line in lines)


@pytest.mark.slow
async def test_a_dumb_terminal_gets_neither_boxes_nor_codes(outside: Outside) -> None:
    smart = await on_a_screen("show", "205", env=outside.env)
    dumb = await on_a_screen("show", "205", env={**outside.env, "TERM": "dumb"})

    assert "╭" in smart
    assert "\x1b" in smart
    assert "╭" not in dumb
    assert "\x1b" not in dumb
    for shown in (smart, dumb):
        assert "Open TensorBoard:" in shown
