"""Every shell command in README.md and docs/ works, when it runs against the stand-ins."""

import shlex
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click
import pytest

from bot.cli import cli
from bot.demo.workspace.cast import EXPERIMENTS
from tests.cli.outside import Outside, opened
from tests.doc_pages import GUIDES, PAGES, Line, code_words, fenced_lines
from tests.ports import free_port
from tests.program import call, start, until_answers
from tests.world import World, open_world, settle

#: Beginnings of fenced lines that no test runs, with the reason.
NOT_RUN = {
    "python3 -m venv .venv &&": "fetches packages: scripts/walk types the installation, "
    "CI the README's test command, to the letter",
    "python3 -m venv /opt/visjob": "writes to /opt; else as the line before",
    "source .venv/bin/activate": "changes the shell that types it",
    "visjob init": "asks; tests/cli/test_init.py plays the whole dialogue",
    "install -m": "writes to /etc, as root",
    "systemctl": "needs systemd as the machine's first process; systemd-analyze reads the unit",
    "journalctl": "the same",
    'echo "POSTGRES_PASSWORD=': "no program of ours",
    "visjob() {": "needs systemd; tests/test_install_paths.py holds it to the unit",
    "pg_dump": "not ours; tests/cli/test_backup_postgresql.py runs it to the letter",
    "pg_restore": "the same",
    "docker": "needs a daemon and a registry; tests/test_install_paths.py reads compose.yaml",
    "kubectl": "needs a cluster; tests/test_install_paths.py holds the schemas of Kubernetes",
    "heroku": "needs an account; tests/test_deploy.py runs each line of the Procfile",
    "git push heroku": "the same",
    "python -m bench": "takes minutes; tests/ runs each of its parts",
    "python -m pytest -m proof": "scripts/check runs it",
    "VISJOB_PROOF=full": "takes hours",
    "python -m tests.mutants": "takes minutes",
    "python -m tests.proof": "takes minutes; tests/proof runs each in short",
}
#: Commands that cannot run while the bot serves.
ALONE = ("visjob serve", "visjob migrate --reconcile", "visjob move-database")
FILE = f"places:\n- place: {EXPERIMENTS}\n  subscriptions:\n  - follow: flowers*\n"


def fenced() -> Iterator[Line]:
    for page in PAGES:
        yield from fenced_lines(page)


def reason_not_to_run(line: Line) -> str:
    return next((why for begin, why in NOT_RUN.items() if line.text.startswith(begin)), "")


RUN = [line for line in fenced() if not reason_not_to_run(line)]
INLINE = [line for page in GUIDES for line in code_words(page) if line.text.startswith("visjob ")]
#: Lines without placeholders; of the other lines only the names of the commands are checked.
WHOLE = [line for line in INLINE if not set(line.text) & set("[]…<>")]


def is_alone(line: Line) -> bool:
    return line.text.startswith(ALONE)


@pytest.mark.parametrize("line", RUN, ids=str)
def test_a_fenced_line_is_a_command_of_ours_or_has_a_reason_not_to_be_run(line: Line) -> None:
    assert line.text.startswith("visjob "), "run it here, or say in NOT_RUN why not"


def test_no_reason_is_left_over() -> None:
    texts = [line.text for line in fenced()]

    assert [begin for begin in NOT_RUN if not any(t.startswith(begin) for t in texts)] == []


@pytest.mark.parametrize("line", INLINE, ids=str)
def test_a_command_that_a_sentence_names_exists_with_its_options(line: Line) -> None:
    name, *rest = line.text.split()[1:]
    command = cli.commands[name]
    options = {opt for param in command.params if isinstance(param, click.Option)
               for opt in param.opts}  # fmt: skip

    assert [word for word in rest if word.startswith("-") and word not in options] == []


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Yield a running bot, and a channel that follows job 205."""
    async with open_world(tmp_path) as made:
        await settle(made)
        await made.type("/visjob subscribe 205")
        yield made


def filled_in(line: Line, world: World, folder: Path) -> list[str]:
    """Return the words of a line, with values of this world in place of the page's examples."""
    file = folder / "places.yaml"
    file.write_text(FILE)
    given = {"C024BE91L": EXPERIMENTS, "places.yaml": str(file), "FILE": str(file), "JOB": "205"}
    given["TO"] = str(folder / f"copy-{len(list(folder.iterdir()))}.db")
    words = [given.get(word, word) for word in shlex.split(line.text)[1:]]
    if words[0] == "doctor":
        words = [world.origin if word.startswith("https://") else word for word in words]
        words += [world.origin] if words[-1] == "--url" else []
    return words


@pytest.mark.slow
async def test_every_command_does_what_the_page_says_while_the_bot_is_served(
    world: World, tmp_path: Path
) -> None:
    env = {**world.settings, "PORT": str(world.bot.port), "VISJOB_HOST": "127.0.0.1"}
    failed = []
    typed = {line.text: line for line in [*RUN, *WHOLE] if not is_alone(line)}
    for line in typed.values():
        words = filled_in(line, world, tmp_path)
        if needs_more(words):
            continue
        if words[0] == "restart":
            world.cloud.push(205, 12)  # the job that was stopped has ended meanwhile
        ended = await call(*words, env=env)
        if ended.code or "Traceback" in ended.out + ended.err:
            failed.append((str(line), ended.code, ended.out[-300:], ended.err[-300:]))

    assert len(typed) > 20
    assert failed == []


def needs_more(words: list[str]) -> bool:
    """Return True if the line only names a command, without its arguments, or asks questions."""
    named = {"init", "show", "manifest", "stop", "restart", "history", "why", "apply", "backup"}
    return len(words) == 1 and words[0] in named


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """Yield the stand-ins of the cloud and of Slack, without a bot."""
    async with opened(tmp_path) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--socket-mode",)], ids=["http", "socket mode"])
async def test_serve_is_ready_with_what_the_page_asks_for(
    outside: Outside, options: tuple[str, ...]
) -> None:
    env = {**outside.env, "SLACK_APP_TOKEN": "xapp-1-clitests", "PORT": str(free_port())}
    assert [line for line in [*RUN, *WHOLE] if line.text.split()[1:] == ["serve", *options]]

    bot = await start("serve", *options, env=env)
    try:
        ready = await until_answers(env, 200)
    finally:
        bot.terminate()
        await bot.communicate()

    assert ready
    assert bot.returncode == 0


async def test_a_restored_backup_is_reconciled(outside: Outside) -> None:
    assert (await call("migrate", env=outside.env)).code == 0

    ended = await call("migrate", "--reconcile", env=outside.env)

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.slow
async def test_the_database_moves_as_the_page_says(outside: Outside, postgresql_url: str) -> None:
    [line] = [line for line in RUN if "move-database" in line.text]
    assert (await call("migrate", env=outside.env)).code == 0
    source, target = shlex.split(line.text)[2:]
    given = {source: outside.env["DATABASE_URL"], target: postgresql_url}

    words = [given.get(word, word) for word in shlex.split(line.text)[1:]]
    ended = await call(*words, env=outside.env)

    assert (source.split(":")[0], target.split(":")[0]) == ("sqlite", "postgres")
    assert ended.code == 0
