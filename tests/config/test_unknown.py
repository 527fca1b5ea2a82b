"""Variables that are named like our settings and are none: each is told, with the one meant."""

import pytest

from bot.config import SERVE, load_settings, unknown_settings
from bot.config.load import NOTHING
from tests.config.environment import Environment, problems_of

CANARY = "xoxb-1-2-canary"

#: What somebody set, and what was meant.
SLIPS = [
    ("VISJOB_OPERATOR", "VISJOB_OPERATORS", "a letter is missing"),
    ("VISJOB_POLL_SECOND", "VISJOB_POLL_SECONDS", "the same"),
    ("SLACK_SIGNING_SECRT", "SLACK_SIGNING_SECRET", "a letter is missing inside"),
    ("SLACK_SIGNING_SECRETS", "SLACK_SIGNING_SECRET", "a letter too many"),
    ("SLACK_SIGNNIG_SECRET", "SLACK_SIGNING_SECRET", "two letters changed places"),
    ("SLACK_TOKEN_BOT", "SLACK_BOT_TOKEN", "two words changed places"),
    ("MODELARTS_PROJECTID", "MODELARTS_PROJECT_ID", "an underscore is missing"),
    ("MODELARTS_PROJECT", "MODELARTS_PROJECT_ID", "the last word is missing"),
    ("MODELARTS_ACESS_KEY", "MODELARTS_ACCESS_KEY", "a letter is missing"),
    ("MODELARTS_SECRET-KEY", "MODELARTS_SECRET_KEY", "a hyphen"),
    ("visjob_operators", "VISJOB_OPERATORS", "small letters"),
    ("VISJOB_TIMEZONE", "VISJOB_TIME_ZONE", "an underscore is missing"),
    ("VISJOB_DATABASE_URL", "DATABASE_URL", "a prefix that it does not have"),
    ("VISJOB_PORT", "PORT", "the same"),
    ("VISJOB_SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN", "the same"),
    ("SLACK_OPERATORS", "VISJOB_OPERATORS", "another's prefix"),
    ("VISJOB_OPERATORS_FILE", "VISJOB_OPERATORS", "only secrets come from files"),
    ("SLACK_BOT_TOKEN_FILES", "SLACK_BOT_TOKEN_FILE", "the name of a file"),
    ("SLACK_WEBHOOK_URL", "", "another tool's, and like none of ours"),
    ("VISJOB_XYZZY", "", "like none of ours"),
]


@pytest.mark.parametrize(
    ("name", "meant"), [pytest.param(*row[:2], id=f"{row[0]}: {row[2]}") for row in SLIPS]
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_name_that_no_setting_has_is_told_with_the_nearest(
    environment: Environment, name: str, meant: str, place: str
) -> None:
    if place == "file":
        (environment.folder / ".env").write_text(f"{name}={CANARY}\n")
    else:
        environment.set({name: CANARY})

    [found] = unknown_settings()

    assert (found.name, found.meant) == (name, meant)
    assert name in str(found.found)
    assert meant in str(found.found)
    assert str(found.cure)
    assert "canary" not in f"{found!r} {found.found} {found.cure}"
    load_settings(NOTHING)  # it stops nobody


def test_one_that_says_nothing_is_told_too_but_stands_for_none(environment: Environment) -> None:
    environment.set(VISJOB_OPERATOR="", SLACK_BOT_TOKN="")

    assert [one.meant for one in unknown_settings()] == ["SLACK_BOT_TOKEN", "VISJOB_OPERATORS"]
    assert str(problems_of(SERVE)["SLACK_BOT_TOKEN"].found) == "SLACK_BOT_TOKEN is not set"


#: Names that are well, or nobody's slip.
WELL = [
    ("SLACK_BOT_TOKEN", CANARY, "a setting"),
    ("SLACK_BOT_TOKEN_FILE", "/nowhere/token", "a secret's file"),
    ("OS_PASSWORD_FILE", "/nowhere/token", "the same, by another's name"),
    ("VISJOB_SERVICE_HOST", "10.0.0.1", "what Kubernetes sets for the Service visjob"),
    ("VISJOB_SERVICE_PORT_HTTP", "80", "the same"),
    ("VISJOB_PORT", "tcp://10.0.0.1:80", "the same"),
    ("VISJOB_PORT_80_TCP_ADDR", "10.0.0.1", "the same"),
    ("SLACKWARE_VERSION", "15", "another word"),
    ("PATH_OF_VISJOB_OPERATOR", "x", "not at the beginning"),
]


@pytest.mark.parametrize(
    ("name", "value"), [pytest.param(*row[:2], id=f"{row[0]}: {row[2]}") for row in WELL]
)
def test_of_others_nothing_is_said(environment: Environment, name: str, value: str) -> None:
    environment.set({name: value})

    assert unknown_settings() == ()


#: What is set, and the missing setting that names it.
MISSED = [
    ("SLACK_SIGNING_SECRT", "SLACK_SIGNING_SECRET"),
    ("slack_bot_token", "SLACK_BOT_TOKEN"),
    ("MODELARTS_PROJECTID", "MODELARTS_PROJECT_ID"),
    ("MODELARTS_SECRETKEY", "MODELARTS_SECRET_KEY"),
]


@pytest.mark.parametrize(("slip", "name"), MISSED)
def test_a_missing_setting_names_the_variable_that_was_meant_to_be_it(
    environment: Environment, slip: str, name: str
) -> None:
    environment.set({slip: CANARY})

    problems = problems_of(SERVE)

    assert str(problems[name].found) == f"{name} is not set ({slip} is: did you mean it?)"
    assert [one for one in problems.values() if slip in str(one.found)] == [problems[name]]
    assert "canary" not in " ".join(map(str, problems.values()))
