"""What a job's words may be, and what a terminal shows of them."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.cli import cli
from bot.cli.terminal import draw_table, local_words
from bot.demo.cloud.jobs import CloudJob
from bot.serve.clock import utc_now
from tests.cli.outside import Outside
from tests.program import call

HOSTILE = "a\x1b[31mred \x9b2J \x07\u202eevil\u2066 [/x][red] \x00\x7f[link=file:///etc]b"
COMMANDS = [("show", "300"), ("list",), ("list", "evil"), ("show", "300", "--json")]


def a_job(job_id: int, name: str, description: str = "") -> CloudJob:
    now = utc_now()
    return CloudJob(
        job_id=job_id,
        name=name,
        description=description,
        train_url=f"/bucket/{HOSTILE}/",
        service_url=f"https://console.huaweicloud.com/tensorboard/{'x' * 300}/{job_id}/",
        resource_id="r",
        created=now - timedelta(days=1),
        began=now - timedelta(hours=3),
    )


@pytest.mark.parametrize("arguments", [*COMMANDS, ("list", "--json"), ("list", HOSTILE)])
async def test_no_control_character_reaches_a_terminal(
    outside: Outside, arguments: tuple[str, ...]
) -> None:
    outside.cloud.add_job(a_job(300, f"tb{HOSTILE}", HOSTILE))

    ended = await call(*arguments, env=outside.env)

    shown = ended.out + ended.err
    assert shown.replace("\n", "").isprintable()
    if "--json" in arguments:
        json.loads(ended.out)
        assert ended.out.isascii()
    elif arguments == ("show", "300"):
        assert "[/x][red]" in shown


@pytest.mark.parametrize(
    "arguments",
    [(f"n{HOSTILE}",), ("list", f"--{HOSTILE}"), ("migrate", HOSTILE), ("show", HOSTILE)],
)
async def test_what_was_typed_wrongly_is_quoted_without_its_control_characters(
    outside: Outside, arguments: tuple[str, ...]
) -> None:
    arguments = tuple(argument.replace("\x00", "") for argument in arguments)

    ended = await call(*arguments, env=outside.env)

    assert ended.code == 2
    assert (ended.out + ended.err).replace("\n", "").isprintable()


async def test_a_file_is_named_without_its_control_characters(
    outside: Outside, tmp_path: Path
) -> None:
    await call("migrate", env=outside.env)

    ended = await call("backup", str(tmp_path / "copy\x1b[31m\x9b"), env=outside.env)

    assert ended.code == 0
    assert ended.out.strip().isprintable()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", f"x{HOSTILE}"),
        ("SLACK_BOT_TOKEN_FILE", f"/etc/{HOSTILE}"),
        ("VISJOB_LINK_HOSTS", HOSTILE),
    ],
)
async def test_a_bad_settings_value_commands_no_terminal(
    outside: Outside, name: str, value: str
) -> None:
    env = {**outside.env, name: value.replace("\x00", "")}
    env.pop(name.removesuffix("_FILE") if name.endswith("_FILE") else "", None)

    for command in ("list", "doctor"):
        ended = await call(command, env=env)

        assert ended.code in (1, 2)
        assert (ended.out + ended.err).replace("\n", "").isprintable()


async def test_in_a_pipe_a_link_stands_alone_on_its_line(outside: Outside) -> None:
    outside.cloud.add_job(a_job(300, "long-link"))

    ended = await call("show", "300", env={**outside.env, "COLUMNS": "40"})

    [link] = [line for line in ended.out.splitlines() if line.startswith("https://")]
    assert link.endswith("/300/")
    assert not set("╭│╰─") & set(ended.out)


async def test_list_shows_every_job_in_columns_that_align(outside: Outside) -> None:
    for number in range(40):
        outside.cloud.add_job(a_job(1_000_000 + number, "训练任务" * (number % 3) + f"n{number}"))

    ended = await call("list", env=outside.env)
    limited = await call("list", "--limit", "3", env=outside.env)
    as_json = json.loads((await call("list", "--json", "--limit", "3", env=outside.env)).out)

    lines = ended.out.splitlines()
    jobs = [line for line in lines if " 1000" in line]
    assert len(jobs) == 40
    assert len({cell_len(line.partition(" Running")[0]) for line in jobs}) == 1
    assert "…" not in ended.out
    assert len(limited.out.splitlines()) == 3 + 4  # what is said above, the head, the rest, notes
    assert "more jobs: leave out --limit to see all." in limited.out
    assert (len(as_json["jobs"]), as_json["total"]) == (3, len(lines) - 3)


async def test_a_limit_is_a_number_above_0(outside: Outside) -> None:
    for limit in ("0", "-1", "many"):
        assert (await call("list", "--limit", limit, env=outside.env)).code == 2


async def test_times_are_those_of_this_computer(outside: Outside) -> None:
    outside.cloud.add_job(a_job(300, "a-job"))
    at = datetime(2026, 3, 24, 22, 5, tzinfo=UTC)

    assert local_words(at) == at.astimezone().strftime("%Y-%m-%d %H:%M %Z")
    assert (
        local_words(utc_now() - timedelta(days=1))[:10]
        in (await call("list", "a-job", env=outside.env)).out
    )


def test_a_narrow_screen_shows_fewer_columns_and_shorter_names() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    console = Console(file=screen, width=40, height=25, color_system=None)
    row = ("🟢", "205", "训练" * 20, "Running", "2 h 14 min", "2026-03-24 12:03 UTC")

    draw_table(("", "ID", "NAME", "STATUS", "FOR", "CREATED"), [row], console)

    lines = screen.getvalue().splitlines()
    assert all(cell_len(line) <= 40 for line in lines)
    assert lines[1].endswith("…  Running") or "… " in lines[1]


def test_the_short_help_of_each_command_is_whole() -> None:
    texts = {name: command.short_help or "" for name, command in cli.commands.items()}

    assert {name for name, text in texts.items() if not 0 < len(text) <= 40} == set()
