"""Read the settings that a command needs, and report all problems at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum, auto

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.env_lines import bad_lines, unusable
from bot.config.fields import is_secret, names_of
from bot.config.given import read_texts, settings_from
from bot.config.problem import BadSettings, Problem, name_of, not_set, problem_of
from bot.config.redaction import counted, printable
from bot.config.settings import Settings
from bot.config.sources import Unreadable
from bot.config.unknown import slips
from bot.core.text import all_of, enumeration, say


class Need(Enum):
    """A group of settings that a command may need."""

    BOT_TOKEN = auto()
    SIGNING_SECRET = auto()
    APP_TOKEN = auto()
    CLOUD = auto()
    DATABASE = auto()


NOTHING: frozenset[Need] = frozenset()
CLOUD_ONLY = frozenset({Need.CLOUD})
DATABASE_ONLY = frozenset({Need.DATABASE})
SERVE = frozenset({Need.BOT_TOKEN, Need.SIGNING_SECRET, Need.CLOUD, Need.DATABASE})
SERVE_SOCKET_MODE = frozenset({Need.BOT_TOKEN, Need.APP_TOKEN, Need.CLOUD, Need.DATABASE})


def load_settings(needs: frozenset[Need]) -> Settings:
    """Return the settings. Raises BadSettings if one is wrong or a needed one is missing."""
    settings, problems = read_settings(needs)
    if problems:
        raise BadSettings(problems, language=settings.language)
    return settings


def read_settings(needs: frozenset[Need]) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the settings, with defaults for the bad ones, and all problems."""
    if problem := unusable():
        return Settings.model_construct(), (problem,)
    settings, wrong, across = _checked(read_texts(), needs)
    return settings, (*bad_lines(), *wrong, *_with_slips(across))


def _with_slips(problems: list[Problem]) -> Iterator[Problem]:
    """Add to each missing setting the misspelled variable that was probably meant."""
    meant = slips() if problems else {}
    for problem in problems:
        slip = meant.get(problem.name, "")
        is_missing = problem.found == not_set(problem.name)
        found = not_set(problem.name, slip) if is_missing else problem.found
        yield replace(problem, found=found)


def problems_of(values: Mapping[str, str], needs: frozenset[Need]) -> tuple[Problem, ...]:
    """Return the problems of settings from code, given by names of variables."""
    _, wrong, across = _checked(values, needs)
    return (*wrong, *across)


def _checked(
    texts: Mapping[str, object], needs: frozenset[Need]
) -> tuple[Settings, list[Problem], list[Problem]]:
    """Return the settings, with defaults for the bad ones, the problems of single settings, and
    those of several."""
    try:
        settings, wrong = settings_from(texts), []
    except ValidationError as error:
        wrong = [_wrong(details) for details in error.errors()]
        bad = {problem.name for problem in wrong}
        settings = settings_from({name: texts[name] for name in texts if name not in bad})
    named = {problem.name for problem in wrong}
    return settings, wrong, [one for one in _across(settings, needs) if one.name not in named]


def doubts(settings: Settings) -> tuple[Problem, ...]:
    """Return a problem for each valid setting that looks unlike a good one."""
    found = []
    secrets = [secret.get_secret_value() for secret in settings.slack_signing_secrets]
    if odd := [text for text in secrets if not _HEX.fullmatch(text)]:
        said = say(
            "{name} holds {values}; one of Slack's has 32 digits and letters a-f",
            name=name_of("slack_signing_secrets"),
            values=all_of(list(map(counted, odd))),
        )
        found.append(problem_of("slack_signing_secrets", said))
    project_id = settings.modelarts_project_id
    if project_id and not _HEX.fullmatch(project_id):
        said = say(
            "{name} is {value}; a project's id has 32 digits and letters a-f",
            name=name_of("modelarts_project_id"),
            value=printable(project_id),
        )
        found.append(problem_of("modelarts_project_id", said))
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    if 0 < len(token) < _LENGTH_OF_A_TOKEN:
        said = say(
            "{name} is {value}; so short a token can be guessed",
            name=name_of("metrics_token"),
            value=counted(token),
        )
        found.append(problem_of("metrics_token", said))
    return tuple(found)


# Slack and the cloud write 128-bit values in this form.
_HEX = re.compile(r"[0-9a-f]{32}")
_LENGTH_OF_A_TOKEN = 16


def _wrong(details: ErrorDetails) -> Problem:
    first_name = details["loc"][0]
    attribute, field = next(
        (attribute, field)
        for attribute, field in Settings.model_fields.items()
        if names_of(field)[0] == first_name
    )
    given = details["input"]
    if isinstance(given, Unreadable):
        problem = problem_of(attribute, given.found)
        if given.is_file:
            path = f"/run/secrets/{problem.name.lower()}"
            return replace(problem, expected=_EXPECTED_FILE, example=path)
        return problem
    text = str(given)
    shown = counted(text) if is_secret(field) else printable(text)
    why = details.get("ctx", {}).get("error")
    if not isinstance(why, ValueError):
        return problem_of(attribute, say("{name} is {value}", name=name_of(attribute), value=shown))
    found = say("{name} is {value}: {why}", name=name_of(attribute), value=shown, why=why.args[0])
    return problem_of(attribute, found)


_EXPECTED_FILE = say("the path of a file that holds the value alone")


def _across(settings: Settings, needs: frozenset[Need]) -> Iterator[Problem]:
    if Need.BOT_TOKEN in needs and settings.slack_bot_token is None:
        yield problem_of("slack_bot_token")
    if Need.SIGNING_SECRET in needs and not settings.slack_signing_secrets:
        yield problem_of("slack_signing_secrets")
    if Need.APP_TOKEN in needs and settings.slack_app_token is None:
        yield problem_of("slack_app_token")
    if Need.CLOUD in needs:
        yield from _missing(settings, "modelarts_endpoint", "modelarts_project_id")
        yield from _login(settings)
    if Need.DATABASE in needs:
        yield from _lost_database(settings)
    yield from _short_lease(settings)


_KEY_PAIR = ("modelarts_access_key", "modelarts_secret_key")
_PASSWORD = (
    "modelarts_iam_endpoint", "modelarts_username", "modelarts_password", "modelarts_domain",
)  # fmt: skip


def _login(settings: Settings) -> Iterator[Problem]:
    def given(*attributes: str) -> int:
        return sum(getattr(settings, attribute) is not None for attribute in attributes)

    if given(*_KEY_PAIR, "modelarts_security_token"):
        yield from _missing(settings, *_KEY_PAIR)
    elif given(*_PASSWORD):
        yield from _missing(settings, *_PASSWORD)
    else:
        for problem in _missing(settings, *_KEY_PAIR):
            names = enumeration([name_of(attribute) for attribute in _PASSWORD])
            either = say("{expected}; or instead {names}", expected=problem.expected, names=names)
            yield replace(problem, expected=either)


def _lost_database(settings: Settings) -> Iterator[Problem]:
    url = settings.database_url.get_secret_value()
    if settings.dyno is not None and url.startswith("sqlite"):
        yield Problem(
            name="DATABASE_URL",
            found=say(
                "{name} is a SQLite file on Heroku, where files are lost at each restart",
                name="DATABASE_URL",
            ),
            expected=say("PostgreSQL: run `heroku addons:create heroku-postgresql:essential-0`"),
            example="postgres://USER:PASSWORD@HOST/DATABASE",
        )


def _short_lease(settings: Settings) -> Iterator[Problem]:
    # The courier posts only if the post can end while a third of the lease is left, as a margin.
    if settings.lease <= settings.slack_timeout + settings.lease / 3:
        timeout = settings.slack_timeout.total_seconds()
        yield Problem(
            name=name_of("lease"),
            found=say(
                "{name} is {seconds} s",
                name=name_of("lease"),
                seconds=f"{settings.lease.total_seconds():g}",
            ),
            expected=say(
                "more than {seconds} s, 1.5 times {name}",
                seconds=f"{timeout * 1.5:g}",
                name=name_of("slack_timeout"),
            ),
            example=f"{timeout * 6:g}",
        )


def _missing(settings: Settings, *attributes: str) -> Iterator[Problem]:
    for attribute in attributes:
        if getattr(settings, attribute) is None:
            yield problem_of(attribute)
