"""Read the settings a command needs, and name everything that is wrong with them at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.fields import is_secret, names_of, word_of
from bot.config.redaction import counted, printable
from bot.config.settings import Settings, settings_from
from bot.config.sources import Unreadable


class Need(Enum):
    """A part of the settings that a command cannot do without."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One setting that will not do; `fault` says what is wrong and never shows a secret."""

    name: str
    fault: str
    expected: str
    example: str

    @property
    def found(self) -> str:
        """What is wrong, as a sentence without its full stop."""
        return f"{self.name} {self.fault}"

    @property
    def cure(self) -> str:
        """What to do about it."""
        return f"Expected {self.expected}, for example {self.example}"

    def __str__(self) -> str:
        return _ended(f"{self.found}. {self.cure}")


class BadSettings(Exception):
    """The command cannot run with these settings; `problems` names each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.name for problem in problems))
        self.problems = problems


def load_settings(needs: frozenset[Need]) -> Settings:
    """Read the settings and raise BadSettings if one is wrong or a needed one is missing."""
    settings, problems = read_settings(needs)
    if problems:
        raise BadSettings(problems)
    return settings


def read_settings(needs: frozenset[Need]) -> tuple[Settings, tuple[Problem, ...]]:
    """Read the settings as far as they are good, and say what is wrong with the rest."""
    try:
        settings, wrong = Settings(), []
    except ValidationError as error:
        wrong = [_wrong(details) for details in error.errors()]
        settings = _settings_without({problem.name for problem in wrong})
    except (OSError, UnicodeDecodeError) as error:
        return Settings.model_construct(), (_bad_env_file(error),)
    named = {problem.name for problem in wrong}
    across = [problem for problem in _across(settings, needs) if problem.name not in named]
    return settings, (*wrong, *across)


def problems_of(values: Mapping[str, str], needs: frozenset[Need]) -> tuple[Problem, ...]:
    """What is wrong with settings given by code under their variables' names."""
    try:
        return tuple(_across(settings_from(values), needs))
    except ValidationError as error:
        wrong = [_wrong(details) for details in error.errors()]
        names = {problem.name for problem in wrong}
        good = {name: text for name, text in values.items() if name not in names}
        across = [one for one in _across(settings_from(good), needs) if one.name not in names]
        return (*wrong, *across)


def doubts(settings: Settings) -> tuple[Problem, ...]:
    """Name settings that are accepted but look unlike what Slack hands out."""
    secrets = [secret.get_secret_value() for secret in settings.slack_signing_secrets]
    odd = [text for text in secrets if re.fullmatch(r"[0-9a-f]{32}", text) is None]
    if not odd:
        return ()
    fault = f"holds {' and '.join(map(counted, odd))}; one of Slack's has 32 digits and letters a-f"
    return (_problem("slack_signing_secrets", fault),)


def _settings_without(names: set[str]) -> Settings:
    # What code hands over wins over the environment; a default passes every check.
    defaults = {
        names_of(field)[0]: field.default
        for field in Settings.model_fields.values()
        if names_of(field)[0] in names
    }
    return Settings(**defaults)


def _wrong(details: ErrorDetails) -> Problem:
    first_name = details["loc"][0]
    attribute, field = next(
        (attribute, field)
        for attribute, field in Settings.model_fields.items()
        if names_of(field)[0] == first_name
    )
    given = details["input"]
    if isinstance(given, Unreadable):
        return _problem(attribute, f"cannot be read: {given.why}")
    text = str(given)
    shown = counted(text) if is_secret(field) else printable(text)
    why = details.get("ctx", {}).get("error")
    return _problem(attribute, f"is {shown}: {why}" if why else f"is {shown}")


def _bad_env_file(error: OSError | UnicodeDecodeError) -> Problem:
    why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return Problem(
        name=".env",
        fault=f"is a file that cannot be read: {why}",
        expected="lines of NAME=value, or no such file",
        example="PORT=3000",
    )


def _across(settings: Settings, needs: frozenset[Need]) -> Iterator[Problem]:
    if Need.BOT_TOKEN in needs and settings.slack_bot_token is None:
        yield _problem("slack_bot_token")
    if Need.SIGNING_SECRET in needs and not settings.slack_signing_secrets:
        yield _problem("slack_signing_secrets")
    if Need.APP_TOKEN in needs and settings.slack_app_token is None:
        yield _problem("slack_app_token")
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
            yield replace(problem, expected=f"{problem.expected}; or instead {_names(_PASSWORD)}")


def _lost_database(settings: Settings) -> Iterator[Problem]:
    url = settings.database_url.get_secret_value()
    if settings.dyno is not None and url.startswith("sqlite"):
        yield Problem(
            name="DATABASE_URL",
            fault="is a SQLite file on Heroku, where files are lost at each restart",
            expected="PostgreSQL: run `heroku addons:create heroku-postgresql:essential-0`",
            example="postgres://USER:PASSWORD@HOST/DATABASE",
        )


def _short_lease(settings: Settings) -> Iterator[Problem]:
    # The guard before a post keeps a third of the lease as its margin.
    if settings.lease <= settings.slack_timeout + settings.lease / 3:
        timeout = settings.slack_timeout.total_seconds()
        yield Problem(
            name=_name("lease"),
            fault=f"is {settings.lease.total_seconds():g} s",
            expected=f"more than {timeout * 1.5:g} s, 1.5 times {_name('slack_timeout')}",
            example=f"{timeout * 6:g}",
        )


def _missing(settings: Settings, *attributes: str) -> Iterator[Problem]:
    for attribute in attributes:
        if getattr(settings, attribute) is None:
            yield _problem(attribute)


def _problem(attribute: str, fault: str = "is not set") -> Problem:
    field = Settings.model_fields[attribute]
    expected, example = word_of(field, "expected"), word_of(field, "example")
    return Problem(name=names_of(field)[0], fault=fault, expected=expected, example=example)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def _names(attributes: tuple[str, ...]) -> str:
    return ", ".join(_name(attribute) for attribute in attributes)


def _name(attribute: str) -> str:
    return names_of(Settings.model_fields[attribute])[0]
