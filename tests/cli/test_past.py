"""`visjob history`, `cost` and `why`: what a database knows, in a terminal and for programs."""

import json
from pathlib import Path

import pytest

from bot.serve.clock import utc_now
from bot.store import open_store
from tests.cli.recorded import record_a_life
from tests.program import call

PRICE = {"VISJOB_HOURLY_PRICE": "0.35", "VISJOB_CURRENCY": "EUR"}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A database alone: no cloud, no Slack."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'kept.db'}"}


@pytest.fixture
async def lived(env: dict[str, str]) -> dict[str, str]:
    """A database in which flowers-tb was queued for an hour and ran for two, and is gone."""
    await record_a_life(env["DATABASE_URL"])
    return {**env, "VISJOB_POLL_SECONDS": "3600"}


async def test_a_history_is_told_as_in_slack(lived: dict[str, str]) -> None:
    ended = await call("history", "205", "24h", env=lived)

    assert (ended.code, ended.err) == (0, "")
    assert "flowers-tb (205) ran 2 h in the last 24 h." in ended.out
    assert "│" in ended.out
    assert "Queued  ·  at least 1 h" in ended.out


async def test_a_history_for_programs_has_its_spans_and_runs(lived: dict[str, str]) -> None:
    ended = await call("history", "flowers-tb", "--json", env=lived)

    facts = json.loads(ended.out)
    assert ended.code == 0
    assert (facts["job_id"], facts["running_seconds"]) == (205, 7200)
    told = [(one["status"], one["seconds"]) for one in facts["spans"] if one["seconds"]]
    assert told == [(7, 3600), (8, 7200)]
    [run] = facts["runs"]
    assert (run["running_seconds"], run["began_earlier"]) == (7200, True)


async def test_cost_counts_hours_and_money(lived: dict[str, str]) -> None:
    told = await call("cost", "205", "month", env={**lived, **PRICE})
    ended = await call("cost", "month", "--json", env={**lived, **PRICE})
    without = await call("cost", "project", "month", "--json", env=lived)

    facts = json.loads(ended.out)
    assert (told.code, ended.code, without.code) == (0, 0, 0)
    assert "about 0.70 EUR" in told.out
    assert (facts["period"], facts["running_hours"], facts["cost"]) == ("month", 2.0, "0.70")
    assert [(one["job_name"], one["runs"]) for one in facts["jobs"]] == [("flowers-tb", 1)]
    assert sum(day["running_hours"] for day in facts["days"]) == pytest.approx(2.0, abs=0.001)
    assert json.loads(without.out)["cost"] is None


@pytest.mark.slow
async def test_why_says_what_became_of_each_change_in_every_place(lived: dict[str, str]) -> None:
    told = await call("why", "205", env=lived)
    ended = await call("why", "205", "--json", env=lived)

    facts = json.loads(ended.out)
    assert (told.code, ended.code) == (0, 0)
    assert "was stopped after 33 s. Unchanged since" in " ".join(told.out.split())
    assert "Queued → Running" in told.out
    assert "#C1" in told.out
    assert (facts["status"], facts["status_name"]) == (12, "JOBSTAT_KILLED")
    assert "waiting to be posted" in told.out
    assert [one["to_status"] for one in facts["changes"]] == [12, 8]
    assert {one["state"] for one in facts["changes"][0]["deliveries"]} == {"waiting"}


@pytest.mark.parametrize("arguments", [("history", "999"), ("why", "999"), ("cost", "999")])
async def test_a_job_that_was_never_watched_is_said_to_be_none(
    lived: dict[str, str], arguments: tuple[str, ...]
) -> None:
    ended = await call(*arguments, env=lived)
    as_json = await call(*arguments, "--json", env=lived)

    assert ended.code == as_json.code == 1
    assert "I have recorded nothing of job 999." in ended.out
    assert "recorded nothing" in json.loads(as_json.out)["error"]["sentence"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("history",), 2, "Missing argument"),
        (("history", "205", "3w"), 2, "beside a job it takes 24h, 7d or 30d"),
        (("history", "last"), 2, "Which job?"),
        (("history", "24h"), 2, "Which job?"),
        (("history", "nobody"), 1, "I don't know a job called nobody."),
        (("history", "../"), 2, "neither a job id nor a job name"),
        (("cost", "205", "7d"), 2, "beside a job it takes today, week or month"),
        (("cost", "flowers"), 1, "may be several jobs"),
        (("why",), 2, "Missing argument"),
        (("why", "/\x1b[31m/"), 2, "neither a job id nor a job name"),
    ],
)
async def test_what_is_no_job_is_answered_with_what_is(
    lived: dict[str, str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = await call(*arguments, env=lived)

    assert ended.code == code
    shown = ended.out + ended.err
    assert said in shown
    assert shown.replace("\n", "").isprintable()
    assert "Traceback" not in shown


@pytest.mark.parametrize("command", [("history", "205"), ("cost",), ("why", "205")])
async def test_without_a_database_or_its_tables_or_a_job_it_says_what_to_do(
    env: dict[str, str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    missing = await call(*command, env=env)
    assert not (tmp_path / "kept.db").exists()
    (tmp_path / "kept.db").touch()
    old = await call(*command, env=env)
    await call("migrate", env=env)
    empty = await call(*command, "--json", env=env)
    elsewhere = await call(
        *command, env={"DATABASE_URL": "postgres://u:secretword@127.0.0.1:1/none"}
    )

    assert [one.code for one in (missing, old, empty, elsewhere)] == [1, 1, 1, 1]
    assert "There is no file" in missing.out
    assert "visjob migrate" in old.out
    assert json.loads(empty.out)["error"]["sentence"] == "The database knows no job yet."
    assert "127.0.0.1" in elsewhere.out
    assert "secretword" not in elsewhere.out


async def test_a_database_that_is_served_is_read_all_the_same(lived: dict[str, str]) -> None:
    store = open_store(lived["DATABASE_URL"], clock=utc_now)
    await store.prepare()

    ended = await call("history", "205", env=lived)

    await store.close()
    assert ended.code == 0
