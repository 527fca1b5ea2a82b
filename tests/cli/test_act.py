"""`visjob stop`, `restart` and `audit`: asked once, done once, written down."""

import asyncio
import getpass
import json
import os
import pty
import sys
from pathlib import Path

import pytest

from bot.demo.cloud import StandInCloud
from tests.cli.outside import Outside
from tests.program import ROOT, Ended, call

STOP = "^POST .*/stop$"


@pytest.fixture
async def migrated(outside: Outside) -> Outside:
    """The stand-ins, and a database that has our tables."""
    assert (await call("migrate", env=outside.env)).code == 0
    return outside


def asked(cloud: StandInCloud) -> list[str]:
    """What the cloud was asked to do."""
    posts = [seen.path for seen in cloud.journal if seen.method == "POST"]
    return [path.rpartition("jobs/")[2] for path in posts if "visualization-jobs" in path]


async def audited(outside: Outside) -> list[tuple[str, str, str | None]]:
    """Who, what was decided, and what came of it, latest first."""
    ended = await call("audit", "--json", env=outside.env)
    assert ended.code == 0
    return [
        (entry["who"], entry["reason"]["what"], (entry["outcome"] or {}).get("what"))
        for entry in json.loads(ended.out)["decisions"]
    ]


async def test_stop_acts_once_and_is_written_down(migrated: Outside) -> None:
    ended = await call("stop", "flowers-tb", "--yes", env=migrated.env)

    assert (ended.code, asked(migrated.cloud)) == (0, ["205/stop"])
    assert "Stopping flowers-tb (205), asked by terminal:" in ended.out
    who = f"terminal:{getpass.getuser()}"
    assert await audited(migrated) == [(who, "allowed", "accepted")]
    [entry] = json.loads((await call("audit", "--json", env=migrated.env)).out)["decisions"]
    assert entry["request_id"] is None, "nobody asked in Slack"
    listed = await call("audit", "5", env=migrated.env)
    assert f"{who} wanted to stop flowers-tb (205)" in " ".join(listed.out.split())


async def test_what_is_not_possible_in_its_state_is_written_down_too(migrated: Outside) -> None:
    ended = await call("restart", "205", "--yes", env=migrated.env)

    assert (ended.code, asked(migrated.cloud)) == (1, [])
    assert await audited(migrated) == [(f"terminal:{getpass.getuser()}", "not legal", None)]


async def test_restart_as_json_has_the_outcome(migrated: Outside) -> None:
    migrated.cloud.push(205, 12)

    ended = await call("restart", "205", "--yes", "--json", env=migrated.env)

    facts = json.loads(ended.out)
    assert (ended.code, asked(migrated.cloud)) == (0, ["205/restart"])
    assert (facts["action"], facts["outcome"], facts["job_id"]) == ("restart", "accepted", 205)


@pytest.mark.parametrize(
    ("typed", "code", "calls"),
    [("y\n", 0, ["205/stop"]), ("n\n", 1, []), ("206\n207\n", 2, [])],
)
async def test_the_answer_may_come_from_a_pipe(
    migrated: Outside, typed: str, code: int, calls: list[str]
) -> None:
    ended = await call("stop", "205", env=migrated.env, typed=typed)

    assert "Stop flowers-tb (205)?" in ended.err
    assert (ended.code, asked(migrated.cloud)) == (code, calls)


#: What is typed, the exit code, what is said; nothing is called.
REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "nobody to ask": (("stop", "205"), 2, "--yes"),
    "no job": (("stop",), 2, "Missing argument"),
    "not a job": (("stop", "../", "--yes"), 2, "neither a job id nor a job name"),
    "no such job": (("stop", "99999", "--yes"), 1, "ModelArts.0102"),
    "two of one name": (("stop", "197", "--yes"), 1, "`visjob stop id:197`"),
    "an ended job": (("stop", "vit-satellite", "--yes"), 1, "cannot be stopped"),
    "a running job": (("restart", "205", "--yes"), 1, "cannot be restarted"),
    "too many decisions": (("audit", "101"), 2, "100"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_says_why(migrated: Outside, case: str) -> None:
    words, code, said = REFUSED[case]

    ended = await call(*words, env=migrated.env)

    assert ended.code == code
    assert said in " ".join((ended.out + ended.err).split())
    assert asked(migrated.cloud) == []


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_is_one_object_for_programs(migrated: Outside, case: str) -> None:
    words, code, said = REFUSED[case]

    ended = await call(*words, "--json", env=migrated.env)

    error = json.loads(ended.out)["error"]
    assert ended.code == code
    assert said in f"{error['sentence']} {error.get('hint')} {error.get('code')}"


async def test_a_setting_that_is_wrong_is_named_to_programs_too(migrated: Outside) -> None:
    env = {**migrated.env, "MODELARTS_ENDPOINT": "ftp://x", "VISJOB_STUCK_MINUTES": "0"}

    ended = await call("stop", "205", "--yes", "--json", env=env)

    problems = json.loads(ended.out)["error"]["problems"]
    assert (ended.code, len(problems), asked(migrated.cloud)) == (2, 2, [])
    assert all(problem in ended.err for problem in problems)


#: What is typed, and what comes of it: the exit code, the outcome, how often it is called.
SAID_TO_PROGRAMS = {
    "yes": ("y\n", 0, "accepted", 1),
    "no": ("n\n", 1, "not confirmed", 0),
    "nothing": ("\n", 1, "not confirmed", 0),
    "leaves": ("\x04", 1, "not confirmed", 0),
}


@pytest.mark.parametrize(
    ("action", "status", "answer"),
    [
        ("stop", 8, "yes"),
        ("stop", 8, "leaves"),
        pytest.param("stop", 8, "nothing", marks=pytest.mark.slow),
        pytest.param("restart", 12, "yes", marks=pytest.mark.slow),
        pytest.param("restart", 12, "no", marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
async def test_whoever_is_asked_may_pipe_the_facts(
    migrated: Outside, action: str, status: int, answer: str
) -> None:
    types, code, outcome, calls = SAID_TO_PROGRAMS[answer]
    migrated.cloud.push(205, status)

    ended = await at_a_terminal(action, "205", "--json", env=migrated.env, types=types)

    facts = json.loads(ended.out)
    assert "flowers-tb (205)?" in ended.err
    assert (ended.code, len(asked(migrated.cloud))) == (code, calls)
    assert (facts["action"], facts["job_id"], facts["outcome"]) == (action, 205, outcome)
    assert (facts["error"] is None) is (code == 0)


#: What the cloud does, the exit code, and what is said.
TROUBLE: dict[str, tuple[str, dict[str, object], str]] = {
    "it refuses": ("stop_refused", {}, "ModelArts refused to stop flowers-tb"),
    "it fails after doing it": (
        "fail",
        {"code": "ModelArts.0010", "http_status": 500, "applied": True},
        "its answer was not clear. flowers-tb is stopping",
    ),
    "it logs us out": ("token_expired", {}, "does not accept our login"),
}


@pytest.mark.parametrize("case", TROUBLE)
async def test_the_clouds_trouble_is_told_and_nothing_is_called_twice(
    migrated: Outside, case: str
) -> None:
    fault, options, said = TROUBLE[case]
    migrated.cloud.faults.add(fault, where=STOP, **options)  # type: ignore[arg-type]  # its own

    ended = await call("stop", "205", "--yes", env=migrated.env)

    assert (ended.code, asked(migrated.cloud)) == (1, ["205/stop"])
    assert said in " ".join(ended.out.split())


async def test_without_a_database_nothing_is_called(outside: Outside) -> None:
    env = {**outside.env, "DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none"}

    ended = await call("stop", "205", "--yes", env=env)

    assert (ended.code, asked(outside.cloud)) == (1, [])
    assert "Without my database I do nothing" in ended.out
    assert (await call("audit", env=env)).code == 1


async def test_a_database_without_our_tables_names_the_cure(
    outside: Outside, tmp_path: Path
) -> None:
    (tmp_path / "visjob.db").touch()

    ended = await call("stop", "205", "--yes", env=outside.env)

    assert (ended.code, asked(outside.cloud)) == (1, [])
    assert "visjob migrate" in ended.out


@pytest.mark.parametrize(
    ("answer", "code", "called"),
    [
        ("y", 0, ["205/stop"]),
        pytest.param("n", 1, [], marks=pytest.mark.slow),
        pytest.param("", 1, [], marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
async def test_a_person_is_asked_first(
    migrated: Outside, answer: str, code: int, called: list[str]
) -> None:
    ended = await at_a_terminal("stop", "205", env=migrated.env, types=f"{answer}\n")

    assert "Stop flowers-tb (205)? It has run 2 h 14 min." in " ".join(ended.err.split())
    assert "[y/N]" in ended.err
    assert (ended.code, asked(migrated.cloud)) == (code, called)


async def at_a_terminal(*arguments: str, env: dict[str, str], types: str) -> Ended:
    """Run the program where somebody sits, who types something."""
    ours, theirs = pty.openpty()
    os.write(ours, types.encode())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=theirs,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    os.close(ours)
    os.close(theirs)
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())
