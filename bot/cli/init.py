"""`visjob init`: from nothing to a `.env` file that `serve` can run with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.init_checks import Finding, check_answers
from bot.cli.init_questions import Part, parts_of
from bot.cli.running import run
from bot.cli.sentences import complain, print_out
from bot.config import (
    NOTHING,
    SERVE,
    SERVE_SOCKET_MODE,
    Need,
    Problem,
    problems_of,
    read_settings,
    settings_from,
)
from bot.config.addresses import public_url
from bot.config.env_file import Unwritable, given_texts, write_env_file
from bot.slack.manifest import create_link

FILE = Path(".env")
_SOMEWHERE = "https://YOUR-HOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How Slack reaches the bot: at a URL, not known yet where it is empty, or by Socket Mode."""

    socket_mode: bool
    url: str = ""

    @property
    def needs(self) -> frozenset[Need]:
        """What `serve` cannot do without."""
        return SERVE_SOCKET_MODE if self.socket_mode else SERVE


def set_up_unasked(*, url: str, socket_mode: bool) -> int:
    """Take all from the environment; the exit code."""
    if _is_there():
        complain(f"{FILE} is there already: it was not touched. Remove it, or run without --yes.")
        return 1
    values = given_texts()
    by_token = "SLACK_APP_TOKEN" in values and "SLACK_SIGNING_SECRET" not in values
    way = Way(socket_mode=socket_mode or (not url and by_token), url=url)
    # There is no file: these are of the environment alone.
    settings, problems = read_settings(way.needs)
    if problems:
        _list(problems)
        return 2
    findings = run(check_answers(settings, socket_mode=way.socket_mode))
    _print(findings)
    if any(finding.is_refusal for finding in findings):
        complain(f"Nothing was written to {FILE}.")
        return 1
    return _write(values, way, replaces=False)


def set_up_asking(*, url: str, socket_mode: bool) -> int:
    """Ask whoever sits there; the exit code."""
    is_there = _is_there()
    try:
        if is_there and not click.confirm(f"{FILE} is there already. Replace it?", err=True):
            complain(f"{FILE} was not touched.")
            return 1
        return _ask_all(url=url, socket_mode=socket_mode, replaces=is_there)
    except click.Abort:
        complain(f"\nNothing was written to {FILE}.")
        return 1


def _ask_all(*, url: str, socket_mode: bool, replaces: bool) -> int:
    values = given_texts()
    if wrong := problems_of(values, NOTHING):
        _list(wrong)
        complain("Fix that in the environment first.")
        return 2
    way = Way(socket_mode=socket_mode, url=url)
    if not url and not socket_mode:
        way = _ask_way()
    complain("First the app in Slack. This link creates it; then install it to your workspace:")
    _print_link(values, way)
    for part in parts_of(socket_mode=way.socket_mode):
        _ask_part(part, values)
    return _write(values, way, replaces=replaces)


def _ask_way() -> Way:
    complain("Slack reaches the bot at a public https:// address, or by Socket Mode without one.")
    while True:
        typed = click.prompt(
            "Public address, or nothing for Socket Mode", default="", show_default=False, err=True
        )
        if not typed.strip():
            return Way(socket_mode=True)
        try:
            return Way(socket_mode=False, url=public_url(typed))
        except ValueError as error:
            complain(f"{error}. Expected https:// and a host.")


def _ask_part(part: Part, values: dict[str, str]) -> None:
    """Ask until the answers stand, each by itself and together."""
    complain(f"\n{part.title}")
    while True:
        for question in part.questions:
            while True:
                question.ask(values)
                wrong = [one for one in problems_of(values, NOTHING) if one.name == question.name]
                if not wrong:
                    break
                _list(wrong)
                values.pop(question.name, None)
        missing = problems_of(values, part.needs)
        _list(missing)
        if missing:
            continue
        findings = run(part.check(settings_from(values)))
        _print(findings)
        if not any(finding.is_refusal for finding in findings):
            return
        for question in part.questions:
            values.pop(question.name, None)


def _write(values: Mapping[str, str], way: Way, *, replaces: bool) -> int:
    try:
        write_env_file(FILE, values, replaces=replaces)
    except Unwritable as error:
        complain(f"{error.name} cannot stand in {FILE}: set it in the environment instead.")
        return 1
    except FileExistsError:
        complain(f"{FILE} is there already: it was not touched.")
        return 1
    except OSError as error:
        complain(f"{FILE} cannot be written: {error.strerror}.")
        return 1
    print_out(f"Wrote {FILE}: {len(values)} settings, readable by you alone.")
    print_out("The link that creates the Slack app:")
    _print_link(values, way)
    print_out(_next(way))
    return 0


def _print_link(values: Mapping[str, str], way: Way) -> None:
    settings = settings_from(values)
    url = None if way.socket_mode else (way.url or _SOMEWHERE)
    # Whole, whatever its length: it is there to be copied.
    click.echo(create_link(command=settings.command, url=url, api_url=settings.slack_api_url))
    if url == _SOMEWHERE:
        print_out(f"Put your own host in the place of {_SOMEWHERE} on Slack's page.")


def _next(way: Way) -> str:
    serve = "visjob serve --socket-mode" if way.socket_mode else "visjob serve"
    doctor = f"visjob doctor --url {way.url}" if way.url else "visjob doctor"
    return (
        "Next:\n"
        f"1. `{serve}` runs the bot. On PostgreSQL, `visjob migrate` comes first.\n"
        f"2. `{doctor}` checks all that it stands on, and says how to fix what is wrong.\n"
        "3. Invite the app to a channel, and type /visjob help there."
    )


def _is_there() -> bool:
    return FILE.exists() or FILE.is_symlink()


def _list(problems: tuple[Problem, ...] | list[Problem]) -> None:
    for problem in problems:
        complain(str(problem))


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        complain(finding.line)
