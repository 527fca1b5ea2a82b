"""The questions of `visjob init`, in order; it never shows a secret."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import click
from pydantic.fields import FieldInfo

from bot.cli import init_checks
from bot.cli.init_checks import CheckedAnswer
from bot.config import Need, Settings
from bot.config.fields import is_secret, names_of, word_of
from bot.core.text import Language, Words, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question for one setting."""

    name: str
    #: The answer of a bare Enter if the environment has none; empty if an answer is required.
    usual: str = ""
    is_optional: bool = False

    @property
    def is_hidden(self) -> bool:
        """True if the setting is a secret."""
        return is_secret(self._field)

    @property
    def _field(self) -> FieldInfo:
        return next(f for f in Settings.model_fields.values() if names_of(f)[0] == self.name)

    def ask(self, values: dict[str, str], language: Language) -> None:
        """Ask, and put the answer into `values`; an empty optional answer adds nothing."""
        known, is_hidden = values.get(self.name, self.usual), self.is_hidden
        expected = word_of(self._field, "expected")
        words = say("{name} ({expected})", name=self.name, expected=expected)
        if known and is_hidden and self.name in values:
            words = say("{question} [Enter keeps the one of the environment]", question=words)
        default = known or ("" if self.is_optional else None)
        typed = click.prompt(
            language.plain(words),
            default=default,
            show_default=bool(known) and not (is_hidden and self.name in values),
            hide_input=is_hidden,
            err=True,
        )
        answer = str(typed).strip()
        if answer:
            values[self.name] = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Questions whose answers are checked together."""

    title: Words
    questions: tuple[Question, ...]
    needs: frozenset[Need]
    check: Callable[[Settings], Coroutine[Any, Any, list[CheckedAnswer]]]


def parts_of(*, socket_mode: bool) -> tuple[Part, ...]:
    """Return all parts, for Socket Mode or for HTTP."""
    return (
        Part(
            title=say("Slack, OAuth & Permissions: the Bot User OAuth Token."),
            questions=(Question(name="SLACK_BOT_TOKEN"),),
            needs=frozenset({Need.BOT_TOKEN}),
            check=init_checks.check_bot,
        ),
        _way_in(socket_mode=socket_mode),
        Part(
            title=say(
                "ModelArts, My Credentials: the project, and an access key of a user who may read"
                " jobs. (For a login by password, set MODELARTS_IAM_ENDPOINT and its like in the"
                " environment, and use --yes.)"
            ),
            questions=(
                Question(name="MODELARTS_ENDPOINT"),
                Question(name="MODELARTS_PROJECT_ID"),
                Question(name="MODELARTS_ACCESS_KEY"),
                Question(name="MODELARTS_SECRET_KEY"),
            ),
            needs=frozenset({Need.CLOUD}),
            check=init_checks.check_cloud,
        ),
        Part(
            title=say("Where the bot remembers: a SQLite file, or a PostgreSQL database."),
            questions=(Question(name="DATABASE_URL", usual="sqlite:///visjob.db"),),
            needs=frozenset({Need.DATABASE}),
            check=init_checks.check_database,
        ),
    )


def _way_in(*, socket_mode: bool) -> Part:
    if socket_mode:
        return Part(
            title=say("Slack, Basic Information, App-Level Tokens: one with connections:write."),
            questions=(Question(name="SLACK_APP_TOKEN"),),
            needs=frozenset({Need.APP_TOKEN}),
            check=init_checks.check_app,
        )
    return Part(
        title=say("Slack, Basic Information, App Credentials: the Signing Secret."),
        questions=(Question(name="SLACK_SIGNING_SECRET"),),
        needs=frozenset({Need.SIGNING_SECRET}),
        check=init_checks.check_nothing,
    )
