"""`visjob init`: write a `.env` file that `serve` can run with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.init_checks import CheckedAnswer, check_answers
from bot.cli.init_questions import Part, parts_of
from bot.cli.refusals import bad_address
from bot.cli.running import run
from bot.cli.sentences import complain, print_out
from bot.config import (
    NOTHING,
    SERVE,
    SERVE_SOCKET_MODE,
    Need,
    Problem,
    doubts,
    problems_of,
    read_settings,
    settings_from,
)
from bot.config.addresses import public_url
from bot.config.env_file import Unwritable, given_texts, write_env_file
from bot.core.foreign_words import system_words
from bot.core.text import Language, Text, Words, say, say_many
from bot.slack.manifest import create_link

FILE = Path(".env")
_SOMEWHERE = "https://YOUR-HOST"
_UNWRITTEN = say("Nothing was written to {file}.", file=str(FILE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How Slack reaches the bot: at a URL (empty while unknown), or by Socket Mode."""

    socket_mode: bool
    url: str = ""

    @property
    def needs(self) -> frozenset[Need]:
        """The settings that `serve` needs."""
        return SERVE_SOCKET_MODE if self.socket_mode else SERVE


def set_up_unasked(language: Language, *, url: str, socket_mode: bool) -> int:
    """Write the file from the environment, without questions. Return the exit code."""
    if _is_there():
        there = say(
            "{file} is there already: it was not touched. Remove it, or run without --yes.",
            file=str(FILE),
        )
        complain(language.plain(there))
        return 1
    values = given_texts()
    by_token = "SLACK_APP_TOKEN" in values and "SLACK_SIGNING_SECRET" not in values
    way = Way(socket_mode=socket_mode or (not url and by_token), url=url)
    # No `.env` file exists here, so these settings come from the environment alone.
    settings, problems = read_settings(way.needs)
    if problems:
        _list(problems, language)
        return 2
    _list(doubts(settings), language)
    findings = run(check_answers(settings, socket_mode=way.socket_mode))
    _print(findings, language)
    if any(finding.is_refusal for finding in findings):
        complain(language.plain(_UNWRITTEN))
        return 1
    return _write(values, way, language, replaces=False)


def set_up_asking(language: Language, *, url: str, socket_mode: bool) -> int:
    """Ask for the settings, and write the file. Return the exit code."""
    is_there = _is_there()
    try:
        replaces = say("{file} is there already. Replace it?", file=str(FILE))
        if is_there and not click.confirm(language.plain(replaces), err=True):
            complain(language.plain(say("{file} was not touched.", file=str(FILE))))
            return 1
        return _ask_all(language, url=url, socket_mode=socket_mode, replaces=is_there)
    except click.Abort:
        complain(f"\n{language.plain(_UNWRITTEN)}")
        return 1


def _ask_all(language: Language, *, url: str, socket_mode: bool, replaces: bool) -> int:
    values = given_texts()
    if wrong := problems_of(values, NOTHING):
        _list(wrong, language)
        complain(language.plain(say("Fix that in the environment first.")))
        return 2
    way = Way(socket_mode=socket_mode, url=url)
    if not url and not socket_mode:
        way = _ask_way(language)
    app = say("First the app in Slack. This link creates it; then install it to your workspace:")
    complain(language.plain(app))
    _print_link(values, way, language)
    for part in parts_of(socket_mode=way.socket_mode):
        _ask_part(part, values, language)
    return _write(values, way, language, replaces=replaces)


def _ask_way(language: Language) -> Way:
    ways = say("Slack reaches the bot at a public https:// address, or by Socket Mode without one.")
    complain(language.plain(ways))
    question = language.plain(say("Public address, or nothing for Socket Mode"))
    while True:
        typed = click.prompt(question, default="", show_default=False, err=True)
        if not typed.strip():
            return Way(socket_mode=True)
        try:
            return Way(socket_mode=False, url=public_url(typed))
        except ValueError as error:
            complain(language.plain(bad_address(error)))


def _ask_part(part: Part, values: dict[str, str], language: Language) -> None:
    """Ask until each answer is valid, and all answers of the part pass its check."""
    complain(f"\n{language.plain(part.title)}")
    while True:
        for question in part.questions:
            question.ask(values, language)
            while not _stands(question.name, values, language):
                values.pop(question.name, None)
                question.ask(values, language)
        missing = problems_of(values, part.needs)
        _list(missing, language)
        if missing:
            continue
        findings = run(part.check(settings_from(values)))
        _print(findings, language)
        if not any(finding.is_refusal for finding in findings):
            return
        for question in part.questions:
            if question.is_hidden:
                values.pop(question.name, None)


def _stands(name: str, values: Mapping[str, str], language: Language) -> bool:
    """Return True if an answer is valid and, where it looks odd, the person insists on it."""
    if wrong := [one for one in problems_of(values, NOTHING) if one.name == name]:
        _list(wrong, language)
        return False
    odd = [one for one in doubts(settings_from(values)) if one.name == name]
    _list(odd, language)
    insists = language.plain(say("Keep it all the same?"))
    return not odd or click.confirm(insists, default=False, err=True)


def _write(values: Mapping[str, str], way: Way, language: Language, *, replaces: bool) -> int:
    if trouble := _trouble_of_writing(values, replaces=replaces):
        complain(language.plain(trouble))
        return 1
    wrote = say_many(
        "Wrote {file}: {count} setting, readable by you alone.",
        "Wrote {file}: {count} settings, readable by you alone.",
        len(values),
        file=str(FILE),
    )
    print_out(language.plain(wrote))
    print_out(language.plain(say("The link that creates the Slack app:")))
    _print_link(values, way, language)
    for line in _next(way, command=settings_from(values).command):
        print_out(language.plain(line))
    return 0


def _trouble_of_writing(values: Mapping[str, str], *, replaces: bool) -> Words:
    """Write the file. Return the error, or empty text."""
    file = str(FILE)
    try:
        write_env_file(FILE, values, replaces=replaces)
    except Unwritable as error:
        return say(
            "{name} cannot stand in {file}: set it in the environment instead.",
            name=error.name,
            file=file,
        )
    except FileExistsError:
        return say("{file} is there already: it was not touched.", file=file)
    except OSError as error:
        return say("{file} cannot be written: {why}.", file=file, why=system_words(error))
    return ""


def _print_link(values: Mapping[str, str], way: Way, language: Language) -> None:
    settings = settings_from(values)
    url = None if way.socket_mode else (way.url or _SOMEWHERE)
    # The link is not shortened, because people copy it.
    click.echo(
        create_link(
            command=settings.command,
            url=url,
            api_url=settings.slack_api_url,
            link_hosts=settings.link_hosts,
        )
    )
    if url == _SOMEWHERE:
        there = say("Put your own host in the place of {host} on Slack's page.", host=_SOMEWHERE)
        print_out(language.plain(there))


def _next(way: Way, *, command: str) -> tuple[Text, ...]:
    """Return the next steps, in the order of docs/installing.md."""
    serve = "visjob serve --socket-mode" if way.socket_mode else "visjob serve"
    steps = [
        say("`visjob doctor` checks all that the bot needs, and says how to fix what is wrong."),
        say("`{serve}` runs the bot. On PostgreSQL, `visjob migrate` comes first.", serve=serve),
    ]
    if way.url:
        doctor = f"visjob doctor --url {way.url}"
        steps.append(
            say("`{doctor}`, while it runs, also tries the public address.", doctor=doctor)
        )
    steps.append(
        say("Invite the app to a channel, and type `{command} help` there.", command=command)
    )
    numbered = (
        say("{number}. {step}", number=number, step=step) for number, step in enumerate(steps, 1)
    )
    return say("Next:"), *numbered


def _is_there() -> bool:
    return FILE.exists() or FILE.is_symlink()


def _list(problems: tuple[Problem, ...] | list[Problem], language: Language) -> None:
    for problem in problems:
        complain(language.plain(problem.sentence))


def _print(findings: list[CheckedAnswer], language: Language) -> None:
    for finding in findings:
        complain(finding.line(language))
