"""What the log shows, and what it never does."""

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.serve.logs import set_up_logs
from bot.serve.redaction import Redaction

SECRET = "xoxb-1-2-the-canary"


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    kept = structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**kept)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json", Redaction([]))

    structlog.get_logger("bot.test").info("sweep_failed", code="APIG.0301")

    (line,) = _lines(capsys)
    assert (line["event"], line["code"], line["level"]) == ("sweep_failed", "APIG.0301", "info")


@pytest.mark.parametrize("value", [SECRET, f"Bearer {SECRET}", {"token": SECRET}, [SECRET]])
def test_a_secret_is_blotted_out_of_every_value(
    capsys: pytest.CaptureFixture[str], value: object
) -> None:
    set_up_logs("json", Redaction([SECRET]))

    structlog.get_logger("bot.test").warning("said", value=value)

    assert SECRET not in json.dumps(_lines(capsys))


def test_a_secret_is_blotted_out_of_tracebacks_and_of_other_libraries(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("json", Redaction([SECRET]))

    try:
        int(f"bad token {SECRET}")
    except ValueError:
        structlog.get_logger("bot.test").exception("failed")
    logging.getLogger("somebody.else").error("Authorization: %s", SECRET)

    lines = _lines(capsys)
    assert len(lines) == 2
    assert "ValueError" in lines[0]["exception"]
    assert SECRET not in json.dumps(lines)


def test_a_terminal_gets_words(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("console", Redaction([]))

    structlog.get_logger("bot.test").info("serving", port=3000)

    shown = capsys.readouterr().err
    assert "serving" in shown
    assert "port=3000" in shown


@pytest.mark.parametrize("format_", ["console", "json"])
def test_a_traceback_shows_no_local_variable(
    format_: Literal["console", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(format_, Redaction([]))

    def fail(token: str) -> None:
        raise ValueError(f"a token of {len(token)} characters")

    secret = f"xoxb-{len(format_):024}"
    try:
        fail(secret)
    except ValueError:
        structlog.get_logger("bot.test").exception("failed")

    shown = capsys.readouterr().err
    assert "ValueError: a token of 29 characters" in shown
    assert secret not in shown
    assert "Warning" not in shown  # structlog's, of a formatter that would draw the locals


def test_foreign_words_command_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("console", Redaction([]))

    structlog.get_logger("bot.test").info("said", text="\x1b[31mred\x9b\u202e")
    logging.getLogger("somebody.else").error("a\x1b]0;title\x07")
    try:
        int("\x1b[2J")
    except ValueError:
        structlog.get_logger("bot.test").exception("failed")

    shown = capsys.readouterr().err
    assert "\\x1b[31mred\\x9b\\u202e" in shown
    assert shown.replace("\n", "").isprintable()
