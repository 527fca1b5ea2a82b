"""Read the settings a command needs, and name everything that is wrong with them at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.fields import is_secret, names_of, word_of
from bot.config.given import settings_from
from bot.config.redaction import counted, printable
from bot.config.settings import Settings
from bot.config.sources import NO_TEXT, Unreadable
from bot.core.text import Text, Words, all_of, enumeration, say


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
    """One setting that will not do; `found` says what is wrong, and never shows a secret."""

    name: str
    #: A sentence without its full stop.
    found: Text
    expected: Words
    example: Words

    @property
    def cure(self) -> Text:
        """What to do about it."""
        return say(
            "Expected {expected}, for example {example}",
            expected=self.expected,
            example=self.example,
        )

    @property
    def sentence(self) -> Text:
        """What is wrong, and what to do about it."""
        if str(self.example).endswith("."):
            return say("{found}. {cure}", found=self.found, cure=self.cure)
        return say("{found}. {cure}.", found=self.found, cure=self.cure)

    def __str__(self) -> str:
        return str(self.sentence)


class BadSettings(Exception):
    """The command cannot run with these settings; `problems` names each, to a reader of the
    language that is set."""

    def __init__(self, problems: tuple[Problem, ...], *, language: str = "en") -> None:
        super().__init__(", ".join(problem.name for problem in problems))
        self.problems = problems
        self.language = language


def load_settings(needs: frozenset[Need]) -> Settings:
    """Read the settings and raise BadSettings if one is wrong or a needed one is missing."""
    settings, problems = read_settings(needs)
    if problems:
        raise BadSettings(problems, language=settings.language)
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
    found = say(
        "{name} holds {values}; one of Slack's has 32 digits and letters a-f",
        name=_name("slack_signing_secrets"),
        values=all_of(list(map(counted, odd))),
    )
    return (_problem("slack_signing_secrets", found),)


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
        found = say("{name} cannot be read: {why}", name=_name(attribute), why=given.why)
        return _problem(attribute, found)
    text = str(given)
    shown = counted(text) if is_secret(field) else printable(text)
    why = details.get("ctx", {}).get("error")
    if not isinstance(why, ValueError):
        return _problem(attribute, say("{name} is {value}", name=_name(attribute), value=shown))
    found = say("{name} is {value}: {why}", name=_name(attribute), value=shown, why=why.args[0])
    return _problem(attribute, found)


def _bad_env_file(error: OSError | UnicodeDecodeError) -> Problem:
    why = (error.strerror or "") if isinstance(error, OSError) else NO_TEXT
    return Problem(
        name=".env",
        found=say("{name} is a file that cannot be read: {why}", name=".env", why=why),
        expected=say("lines of NAME=value, or no such file"),
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
            names = enumeration([_name(attribute) for attribute in _PASSWORD])
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
    # The guard before a post keeps a third of the lease as its margin.
    if settings.lease <= settings.slack_timeout + settings.lease / 3:
        timeout = settings.slack_timeout.total_seconds()
        yield Problem(
            name=_name("lease"),
            found=say(
                "{name} is {seconds} s",
                name=_name("lease"),
                seconds=f"{settings.lease.total_seconds():g}",
            ),
            expected=say(
                "more than {seconds} s, 1.5 times {name}",
                seconds=f"{timeout * 1.5:g}",
                name=_name("slack_timeout"),
            ),
            example=f"{timeout * 6:g}",
        )


def _missing(settings: Settings, *attributes: str) -> Iterator[Problem]:
    for attribute in attributes:
        if getattr(settings, attribute) is None:
            yield _problem(attribute)


def _problem(attribute: str, found: Text | None = None) -> Problem:
    """What is wrong with a setting: that it is not set, if nothing is said."""
    field, name = Settings.model_fields[attribute], _name(attribute)
    expected, example = word_of(field, "expected"), word_of(field, "example")
    found = found or say("{name} is not set", name=name)
    return Problem(name=name, found=found, expected=expected, example=example)


def _name(attribute: str) -> str:
    return names_of(Settings.model_fields[attribute])[0]
