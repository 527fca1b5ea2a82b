"""The log of the running program: whose request a line belongs to, and what each delivery was."""

import asyncio
import json
from typing import Any

import pytest

from bot.demo.workspace.cast import BEN, EXPERIMENTS, ME
from tests.cli.outside import APP_TOKEN, Outside
from tests.program import end, start, until_answers
from tests.waiting import until

Json = dict[str, Any]

#: Who asks for which job, all at once.
ASKED = {ME: 205, BEN: 241}
#: None of it may be in a line: names of jobs, what people typed, tokens, where answers go.
UNWANTED = ["flowers", "TensorBoard of", "please", "xoxb-", "xapp-", "hooks.slack", "response_url"]


async def log_of(outside: Outside, *arguments: str, **env: str) -> list[str]:
    """Serve while two people ask at once and a job is followed; the lines that were written."""
    workspace = outside.workspace
    workspace.request_url = f"http://127.0.0.1:{outside.env['PORT']}/slack/events"
    process = await start("serve", *arguments, env=outside.env | env)
    await until_answers(outside.env, 200)
    await asyncio.gather(
        *(workspace.type(EXPERIMENTS, f"/visjob {job}", who) for who, job in ASKED.items())
    )
    await workspace.type(EXPERIMENTS, "/visjob frobnicate everything")
    await workspace.type(EXPERIMENTS, "/visjob subscribe 205")

    async def is_card_posted() -> bool:
        return "visjob_card" in json.dumps(workspace.messages(EXPERIMENTS))

    await until(is_card_posted)
    process.terminate()
    return (await end(process)).err.splitlines()


@pytest.mark.parametrize("way", ["http", pytest.param("socket mode", marks=pytest.mark.slow)])
@pytest.mark.slow
async def test_the_lines_of_one_request_share_an_id_that_no_others_have(
    outside: Outside, way: str
) -> None:
    is_socket = way == "socket mode"
    raw = await log_of(
        outside,
        *(["--socket-mode"] if is_socket else []),
        **({"SLACK_APP_TOKEN": APP_TOKEN} if is_socket else {}),
    )
    lines = [json.loads(line) for line in raw]

    answered = {one["request_id"]: one for one in lines if one["event"] == "answered"}
    called = [one for one in lines if one["event"] == "cloud_called"]
    assert [(one["verb"], one["outcome"]) for one in answered.values()][2:] == [
        ("none", "refused"),
        ("subscribe", "answered"),
    ]
    shown = {id: one for id, one in answered.items() if one["verb"] == "show"}
    assert {one["user"] for one in shown.values()} == set(ASKED)
    for id, one in shown.items():
        paths = [line["path"] for line in called if line["request_id"] == id]
        assert [path.rpartition("/")[2] for path in paths] == [str(ASKED[one["user"]])]
    assert {line["status"] for line in called} == {200}
    assert all(line["vendor_request_id"] and line["seconds"] >= 0 for line in called)
    assert {line["request_id"] for line in called} <= set(answered), "none for what nobody asked"

    [delivered] = [one for one in lines if one["event"] == "delivered"]
    assert delivered["request_id"] not in answered
    assert delivered["duty"] == "deliver"
    assert (delivered["kind"], delivered["place"]) == ("card", EXPERIMENTS)
    assert (delivered["job"], delivered["lag"]) == (205, None)
    assert delivered["delivery"]
    assert not [word for word in UNWANTED for line in raw if word in line]
