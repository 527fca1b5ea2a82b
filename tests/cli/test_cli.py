"""The command line, as an operator meets it: what it prints and how it exits."""

import asyncio
import json
import signal
import socket
from pathlib import Path

import pytest

from bot import __version__
from bot.serve.clock import utc_now
from bot.store import open_store
from tests.cli.outside import Outside
from tests.ports import free_port
from tests.program import call, end, run, start, until_answers
from tests.store.world import a_subscription, job
from tests.waiting import until


async def test_serve_without_settings_names_all_of_them_at_once() -> None:
    ended = await call("serve")

    assert ended.code == 2
    assert ended.out == ""
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "MODELARTS_ENDPOINT",
        "MODELARTS_PROJECT_ID",
        "MODELARTS_ACCESS_KEY",
        "MODELARTS_SECRET_KEY",
    ):
        assert f"{name} is not set. Expected " in ended.err
    assert "for example" in ended.err
    assert "6 settings need fixing" in ended.err
    assert "Traceback" not in ended.err


async def test_a_token_of_the_wrong_kind_is_called_by_its_name(outside: Outside) -> None:
    ended = await call("serve", env={**outside.env, "SLACK_BOT_TOKEN": "xoxp-1-secretpart"})

    assert ended.code == 2
    assert "SLACK_BOT_TOKEN" in ended.err
    assert "this is a user token" in ended.err
    assert "secretpart" not in ended.err


async def test_show_draws_the_card(outside: Outside) -> None:
    ended = await call("show", "205", env=outside.env)

    assert ended.code == 0
    for words in ("flowers-tb", "(205)", "Running  ·  2 h 14 min", "JOBSTAT_RUNNING", "Open Tens"):
        assert words in ended.out


async def test_show_as_json_has_the_facts_under_the_vendors_names(outside: Outside) -> None:
    ended = await call("show", "flowers", "--json", env=outside.env)

    facts = json.loads(ended.out)
    assert ended.code == 0
    assert (facts["job_id"], facts["status"], facts["status_name"]) == (205, 8, "JOBSTAT_RUNNING")
    assert facts["duration"] >= 2 * 3600 * 1000
    assert facts["link"] == facts["service_url"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("99999", 1, "ModelArts.0102"),
        ("../", 2, "neither a job id nor a job name"),
        ("197", 1, "Say `visjob show id:197` or `visjob show name:197`."),
        ("name:197", 0, "job 812"),
        ("id:197", 0, "apiTest-11"),
        ("list", 2, "is not a job"),
    ],
)
async def test_show_says_what_was_wrong(outside: Outside, words: str, code: int, said: str) -> None:
    ended = await call("show", words, env=outside.env)

    assert (ended.code, "Traceback" in ended.err) == (code, False)
    assert said in ended.out


async def test_show_reads_by_password_too(outside: Outside) -> None:
    login = outside.cloud.credentials
    env = {
        name: value
        for name, value in outside.env.items()
        if name not in ("MODELARTS_ACCESS_KEY", "MODELARTS_SECRET_KEY")
    }
    env |= {
        "OS_AUTH_URL": f"{outside.cloud.url}/v3",
        "OS_USERNAME": login.username,
        "OS_PASSWORD": login.password,
        "OS_USER_DOMAIN_NAME": login.domain,
    }

    ended = await call("show", "205", env=env)

    assert ended.code == 0
    reads = [seen for seen in outside.cloud.journal if "visualization-jobs" in seen.path]
    assert {seen.auth for seen in reads} == {"token"}


async def test_list_filters_and_counts(outside: Outside) -> None:
    drawn = await call("list", "running", env=outside.env)
    as_json = await call("list", "failed", "sat", "--json", env=outside.env)

    assert drawn.code == 0
    assert "3 running jobs." in drawn.out
    assert [job["job_name"] for job in json.loads(as_json.out)["jobs"]] == ["vit-satellite"]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("runing",), "visjob list running"),
        (("faild",), "visjob list failed"),
        (("everything",), "visjob list"),
        (("zebra",), None),
        (("running", "zebra"), None),
    ],
)
async def test_a_list_that_finds_nothing_asks_what_was_meant(
    outside: Outside, words: tuple[str, ...], meant: str | None
) -> None:
    drawn = await call("list", *words, env=outside.env)
    hint = json.loads((await call("list", *words, "--json", env=outside.env)).out)["hint"]

    assert (drawn.code, drawn.err) == (0, "")
    assert hint == (f"Did you mean `{meant}`?" if meant else None)
    assert ("Did you mean" in drawn.out) is (meant is not None)
    assert hint is None or hint in drawn.out


async def test_a_row_that_cannot_be_read_is_counted_and_the_others_are_listed(
    outside: Outside,
) -> None:
    outside.cloud.faults.add("odd_row", count=None, where=r"page=", job_id=205)

    drawn = await call("list", env=outside.env)
    as_json = json.loads((await call("list", "--json", env=outside.env)).out)
    checks = json.loads((await call("doctor", "--json", env=outside.env)).out)

    assert (drawn.code, drawn.err) == (0, "")
    assert "1 row could not be read." in drawn.out
    assert as_json["rows_not_read"] == 1
    assert 205 not in {job["job_id"] for job in as_json["jobs"]}
    [cloud] = [row for row in checks if row["check"] == "cloud"]
    assert cloud["verdict"] == "warning"
    assert "1 row of the list could not be read" in cloud["found"]


@pytest.mark.parametrize("words", [("list",), ("show", "205"), ("doctor",)])
@pytest.mark.slow
async def test_no_line_of_the_log_is_in_the_answer(
    outside: Outside, words: tuple[str, ...]
) -> None:
    outside.cloud.faults.add("throttled", retry_after="soon", count=None)

    ended = await run(*words, "--json", env=outside.env)

    assert ended.code == 1
    assert json.loads(ended.out)
    assert ended.err == ""


async def test_migrate_may_run_twice(outside: Outside) -> None:
    first = await call("migrate", env=outside.env)
    second = await call("migrate", env=outside.env)

    assert (first.code, second.code) == (0, 0)
    assert first.out.startswith("Applied: ")
    assert second.out == "The schema is up to date.\n"


async def test_serve_is_ready_and_ends_well_on_sigterm(outside: Outside) -> None:
    process = await start("serve", env=outside.env)
    await until_answers(outside.env, 200)

    healthy = await call("healthcheck", "--ready", env=outside.env)
    process.send_signal(signal.SIGTERM)
    ended = await end(process)
    afterwards = await call("healthcheck", env=outside.env)

    assert (healthy.code, ended.code, afterwards.code) == (0, 0, 1)
    events = [json.loads(line)["event"] for line in ended.err.splitlines()]
    assert events == ["serving", "stopping"]


@pytest.mark.slow
async def test_what_a_restart_does_not_cure_leaves_it_alive_and_not_ready(outside: Outside) -> None:
    env = outside.env | {"SLACK_BOT_TOKEN": "xoxb-1-of-another-app", "VISJOB_HOST": "127.0.0.1"}
    process = await start("serve", env=env)
    body = await until_answers(env, 503)

    alive = await call("healthcheck", env=env)
    ready = await call("healthcheck", "--ready", env=env)
    process.send_signal(signal.SIGTERM)
    await end(process)

    assert body["not_ready"] == ["slack_token"]
    assert (alive.code, ready.code) == (0, 1)
    assert "/readyz" in ready.err


@pytest.mark.slow
async def test_what_is_under_way_at_sigterm_is_still_answered(outside: Outside) -> None:
    outside.workspace.request_url = f"http://127.0.0.1:{outside.env['PORT']}/slack/events"
    env = outside.env | {
        "VISJOB_API_TIMEOUT_SECONDS": "3"
    }  # later than "Still working…", soon enough
    process = await start("serve", env=env)
    await until_answers(env, 200)
    outside.cloud.faults.add("slow_drip", where="/205")

    asking = asyncio.ensure_future(outside.workspace.type("C0EXP00001", "/visjob 205"))

    async def is_asked() -> bool:
        return any("/205" in seen.path for seen in outside.cloud.journal)

    await until(is_asked)
    process.send_signal(signal.SIGTERM)
    seen = await asking
    ended = await end(process)

    assert seen[0]["text"].startswith(("flowers-tb", "Still working"))
    assert ended.code == 0


@pytest.mark.slow
async def test_a_port_that_is_taken_is_said_in_words(outside: Outside) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", int(outside.env["PORT"])))
        taken.listen()
        ended = await run("serve", env=outside.env)

    assert ended.code == 1
    assert f"Port {outside.env['PORT']} cannot be used" in ended.err
    assert "Traceback" not in ended.err


async def test_wrong_use_exits_2() -> None:
    for arguments in (("nonsense",), ("demo", "--speed", "0"), ("demo", "--script", "--own-cloud")):
        ended = await call(*arguments)

        assert ended.code == 2
        assert "Usage:" in ended.err


async def test_the_version_is_known_without_being_installed() -> None:
    ended = await run("--version")

    assert (ended.code, ended.out) == (0, f"visjob {__version__}\n")


@pytest.mark.slow
async def test_the_story_of_the_demo_happens() -> None:
    ended = await run("demo", "--script")

    assert (ended.code, "✖" in ended.out) == (0, False), ended.out
    assert "56 of 56 steps happened." in ended.out


@pytest.mark.slow
async def test_an_address_of_another_computer_is_said_in_words(outside: Outside) -> None:
    ended = await run("serve", env={**outside.env, "VISJOB_HOST": "203.0.113.7"})

    assert ended.code == 1
    assert f"Port {outside.env['PORT']} of 203.0.113.7 cannot be used" in ended.err
    assert "VISJOB_HOST" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.slow
async def test_serve_listens_where_it_is_told_and_its_health_is_asked_for_there(
    outside: Outside,
) -> None:
    env = {**outside.env, "VISJOB_HOST": "127.0.0.2"}
    process = await start("serve", env=env)
    assert process.stderr
    await process.stderr.readuntil(b'"serving"')

    there = await run("healthcheck", env=env)
    elsewhere = await call("healthcheck", "--port", env["PORT"])
    process.send_signal(signal.SIGTERM)
    await end(process)

    assert (there.code, there.err) == (0, "")
    assert elsewhere.code == 1
    assert "is not alive on port" in elsewhere.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "proposed"), [((), "/visjob 205"), (("--own-cloud",), "/visjob list")]
)
async def test_the_demo_proposes_what_its_cloud_can_answer(
    outside: Outside, arguments: tuple[str, ...], proposed: str
) -> None:
    port = str(free_port())
    process = await start("demo", "--port", port, *arguments, env=outside.env)
    assert process.stdout
    shown = await process.stdout.readuntil(b"Ctrl-C")
    process.send_signal(signal.SIGTERM)
    ended = await end(process)

    assert ended.code == 0, ended.err
    assert f"Open it, type {proposed}, press the buttons." in shown.decode()


async def test_without_its_packages_it_says_what_to_install() -> None:
    ended = await run("demo", env={}, python=("-S",))

    assert ended.code == 2
    assert "needs the package" in ended.err
    assert "pip install -q -r requirements.txt" in ended.err


async def test_a_restored_database_is_reconciled_as_often_as_one_likes(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'visjob.db'}"}
    store = open_store(env["DATABASE_URL"], clock=utc_now)
    await store.prepare()
    await store.subscriptions.subscribe(a_subscription(), baseline=job(205))
    await store.close()

    ended = [await call("migrate", "--reconcile", env=env) for _ in range(2)]

    for one in ended:
        assert one.code == 0
        assert "1 open message and 0 sent ones" in one.out
        assert "visjob serve" in one.out


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ("keep", "`keep` is a command of Slack: type it there, after `/visjob`."),
        ("watching", "`watching` is a command of Slack"),
        ("status", "Here, `visjob doctor` checks the bot."),
        ("sho", "No such command 'sho'"),
    ],
)
async def test_a_command_of_slack_says_where_to_type_it(verb: str, says: str) -> None:
    ended = await call(verb, "205", env={})

    assert ended.code == 2
    assert says in ended.err
    assert "restart" not in ended.err
