"""Settings: what is read from where, and that every mistake is named at once."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from bot.config import (
    CLOUD_ONLY,
    DATABASE_ONLY,
    NOTHING,
    SERVE,
    SERVE_SOCKET_MODE,
    SETTINGS_TABLE,
    BadSettings,
    Need,
    Settings,
    doubts,
    load_settings,
    read_settings,
)
from tests.config.environment import PEM, Environment, problems_of

SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
}
CLOUD = {
    "MODELARTS_ENDPOINT": "https://modelarts.example.com",
    "MODELARTS_PROJECT_ID": "p1",
    "MODELARTS_ACCESS_KEY": "AK",
    "MODELARTS_SECRET_KEY": "SK",
}
PASSWORD = {
    "MODELARTS_IAM_ENDPOINT": "https://iam.example.com",
    "MODELARTS_USERNAME": "u",
    "MODELARTS_PASSWORD": "p",
    "MODELARTS_DOMAIN": "d",
}


@pytest.mark.usefixtures("environment")
def test_serve_with_no_settings_names_every_missing_one_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings(SERVE)

    named = {problem.name for problem in caught.value.problems}
    assert named == {*SLACK, *CLOUD}
    assert all(
        str(problem.found) == f"{problem.name} is not set" and problem.expected and problem.example
        for problem in caught.value.problems
    )


@pytest.mark.usefixtures("environment")
def test_a_missing_login_names_the_other_login_too() -> None:
    expected = str(problems_of(CLOUD_ONLY)["MODELARTS_ACCESS_KEY"].expected)

    assert all(name in expected for name in PASSWORD)


@pytest.mark.parametrize(
    ("needs", "given"),
    [
        (SERVE, {**SLACK, **CLOUD}),
        (SERVE, {**SLACK, **CLOUD, "SLACK_SIGNING_SECRET": "new,old"}),
        (SERVE_SOCKET_MODE, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1-A", **CLOUD}),
        (CLOUD_ONLY, CLOUD),
        (
            CLOUD_ONLY,
            {"MODELARTS_ENDPOINT": "https://a.b", "MODELARTS_PROJECT_ID": "p", **PASSWORD},
        ),
        (DATABASE_ONLY, {}),
        (NOTHING, {}),
    ],
)
def test_each_command_asks_only_for_what_it_needs(
    environment: Environment, needs: frozenset[Need], given: dict[str, str]
) -> None:
    environment.set(given)

    load_settings(needs)


@pytest.mark.parametrize("missing", [*SLACK, *CLOUD])
def test_each_needed_setting_is_missed(environment: Environment, missing: str) -> None:
    environment.set(SLACK, CLOUD)
    environment.drop(missing)

    assert set(problems_of(SERVE)) == {missing}


@pytest.mark.parametrize("missing", list(PASSWORD))
def test_half_a_password_login_says_which_half(environment: Environment, missing: str) -> None:
    environment.set(CLOUD, PASSWORD)
    environment.drop("MODELARTS_ACCESS_KEY")
    environment.drop("MODELARTS_SECRET_KEY")
    environment.drop(missing)

    assert set(problems_of(CLOUD_ONLY)) == {missing}


def test_an_access_key_wins_over_a_password(environment: Environment) -> None:
    environment.set(CLOUD, PASSWORD)
    assert load_settings(CLOUD_ONLY).signs_requests

    environment.drop("MODELARTS_SECRET_KEY")
    assert set(problems_of(CLOUD_ONLY)) == {"MODELARTS_SECRET_KEY"}

    environment.drop("MODELARTS_ACCESS_KEY")
    assert not load_settings(CLOUD_ONLY).signs_requests


WRONG = [
    ("SLACK_BOT_TOKEN", "xoxp-12345", "user token"),
    ("SLACK_BOT_TOKEN", "xapp-1-12345", "app-level token"),
    ("SLACK_BOT_TOKEN", "nonsense!", "9 characters"),
    ("SLACK_BOT_TOKEN", "xoxb-", "cut short"),
    ("SLACK_BOT_TOKEN", "xoxb-1\nX: y", "characters that no token has"),
    ("SLACK_APP_TOKEN", "xoxb-12345", "bot token"),
    ("SLACK_SIGNING_SECRET", "a,b,c", "3 values"),
    ("SLACK_API_URL", "http://slack.com/api/", "loopback"),
    ("MODELARTS_ENDPOINT", "modelarts.example.com", "https://"),
    ("MODELARTS_ENDPOINT", "ftp://modelarts.example.com", "https://"),
    ("MODELARTS_ENDPOINT", "http://modelarts.example.com", "loopback"),
    ("MODELARTS_ENDPOINT", "http://127.0.0.1.example.com", "loopback"),
    ("MODELARTS_ENDPOINT", "https://modelarts.example.com/v1", "path"),
    ("MODELARTS_ENDPOINT", "https://modelarts.example.com/?a=b", "query"),
    ("MODELARTS_ENDPOINT", "https://u:p@modelarts.example.com", "password"),
    ("MODELARTS_ENDPOINT", "https://a.b\\@c.d", "control"),
    ("MODELARTS_ENDPOINT", "https://", "no host"),
    ("MODELARTS_ENDPOINT", "https://a.b:99999", "port"),
    ("MODELARTS_ENDPOINT", "https://a..b", "no host"),
    ("MODELARTS_ENDPOINT", "https://exämple.com", "no host"),
    ("MODELARTS_ENDPOINT", "https://[::1", "IPv6"),
    ("MODELARTS_PROJECT_ID", "../admin", "project id"),
    ("MODELARTS_IAM_ENDPOINT", "https://iam.example.com/v2.0", "path"),
    ("DATABASE_URL", "mysql://u:canary@h/d", "neither"),
    ("DATABASE_URL", "sqlite://", "memory"),
    ("DATABASE_URL", "sqlite:///:memory:", "memory"),
    ("DATABASE_URL", "sqlite://visjob.db", "three slashes"),
    ("PORT", "http", "whole number"),
    ("PORT", "65536", "out of range"),
    ("PORT", "-1", "out of range"),
    ("VISJOB_POLL_SECONDS", "-1", "out of range"),
    ("VISJOB_POLL_SECONDS", "0", "out of range"),
    ("VISJOB_POLL_SECONDS", "nan", "not a number"),
    ("VISJOB_LEASE_SECONDS", "inf", "not a number"),
    ("VISJOB_SETTLE_SECONDS", "1e400", "not a number"),
    ("VISJOB_API_TIMEOUT_SECONDS", "1_0", "not a number"),
    ("VISJOB_SLACK_TIMEOUT_SECONDS", "１０", "not a number"),
    ("VISJOB_HISTORY_DAYS", "NaN", "not a number"),
    ("VISJOB_HOURLY_PRICE", "-0.0", "not a number"),
    ("VISJOB_HOURLY_PRICE", "Infinity", "not a number"),
    ("PORT", "-0", "not a whole number"),
    ("PORT", "3_000", "not a whole number"),
    ("VISJOB_API_CALLS_PER_MINUTE", "６０", "not a whole number"),
    ("VISJOB_STUCK_MINUTES", "1e1", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "8,nan", "not a whole number"),
    ("VISJOB_POLL_SECONDS", "30s", "'30s'"),
    ("VISJOB_API_CALLS_PER_MINUTE", "1.5", "whole number"),
    ("VISJOB_LINK_HOSTS", "https://a.b", "not a host name"),
    ("VISJOB_LINK_HOSTS", "a.b,.com", "every host"),
    ("VISJOB_OPERATORS", "U12345,bob", "'bob'"),
    ("VISJOB_LEASE_SECONDS", "15", "15 s"),
    ("VISJOB_HOURLY_PRICE", "free", "not a number"),
    ("VISJOB_HOURLY_PRICE", "-0.36", "out of range"),
    ("VISJOB_HOURLY_PRICE", "0,36", "not a number"),
    ("VISJOB_HOURLY_PRICE", "0.36 EUR", "not a number"),
    ("VISJOB_CURRENCY", "€", "1 to 8 letters"),
    ("VISJOB_CURRENCY", "EUR/h", "'EUR/h'"),
    ("VISJOB_CURRENCY", "Simoleons", "'Simoleons'"),
    ("VISJOB_OPERATORS", "u12345", "'u12345'"),
    ("VISJOB_OPERATORS", "U12345 S12345", "'U12345 S12345'"),
    ("VISJOB_OPERATORS", "C12345", "'C12345'"),
    ("VISJOB_OPERATORS", "U", "'U'"),
    ("VISJOB_GUARD_HOURS", "never", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "0,8", "out of range"),
    ("VISJOB_GUARD_HOURS", "-8", "out of range"),
    ("VISJOB_GUARD_HOURS", "8,8", "not above"),
    ("VISJOB_GUARD_HOURS", "24,8", "not above"),
    ("VISJOB_GUARD_HOURS", "8.5", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "8h", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "8,off", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "8,", "not a whole number"),
    ("VISJOB_GUARD_HOURS", ",", "not a whole number"),
    ("VISJOB_GUARD_HOURS", "8,8761", "out of range"),
    ("VISJOB_GUARD_HOURS", "1,2,3,4,5,6,7,8,9,10,11", "11 hours"),
    ("VISJOB_STUCK_MINUTES", "0", "out of range"),
    ("VISJOB_STUCK_MINUTES", "10081", "out of range"),
    ("VISJOB_STUCK_MINUTES", "1.5", "whole number"),
    ("VISJOB_STUCK_MINUTES", "15min", "whole number"),
    ("VISJOB_DEADMAN_URL", "hc-ping.com/1", "https://"),
    ("VISJOB_DEADMAN_URL", "http://hc-ping.com/1", "loopback"),
    ("VISJOB_DEADMAN_URL", "ftp://hc-ping.com/1", "https://"),
    ("VISJOB_DEADMAN_URL", "https://u:p@hc-ping.com/1", "password"),
    ("VISJOB_DEADMAN_URL", "https://hc-ping.com/1#now", "fragment"),
    ("VISJOB_DEADMAN_URL", "https:///1", "no host"),
    ("VISJOB_METRICS_TOKEN", "two words of a token", "white space"),
    ("MODELARTS_ACCESS_KEY", "ключ", "outside ASCII"),
    ("MODELARTS_SECURITY_TOKEN", "a b", "white space"),
    ("VISJOB_METRICS_TOKEN", "пароль-для-метрик", "outside ASCII"),
    ("VISJOB_COMMAND", "visjob", "refuse"),
    ("VISJOB_COMMAND", "/VisJob", "refuse"),
    ("VISJOB_COMMAND", "/" + "a" * 32, "refuse"),
    ("VISJOB_PROXY_URL", "proxy.example.com:3128", "http:// or https://"),
    ("VISJOB_PROXY_URL", "socks5://proxy.example.com:1080", "http:// or https://"),
    ("VISJOB_PROXY_URL", "http://proxy.example.com:0", "port"),
    ("VISJOB_PROXY_URL", "http://proxy.example.com:port", "port"),
    ("VISJOB_PROXY_URL", "http://proxy.example.com/pac", "path"),
    ("VISJOB_PROXY_URL", "http://u:p@ss@proxy.example.com", "%40"),
    ("VISJOB_PROXY_URL", "http://u:p[s@proxy.example.com", "%5B"),
    ("VISJOB_HOST", "bot.example.com:3000", "neither an address nor a host name"),
    ("VISJOB_HOST", "999.1", "neither an address nor a host name"),
    ("VISJOB_HOST", "10.0.0.256", "neither an address nor a host name"),
    ("VISJOB_HOST", "127.1", "neither an address nor a host name"),
    ("VISJOB_HOST", "3000", "neither an address nor a host name"),
    ("VISJOB_HOST", "0x7f.0x1", "neither an address nor a host name"),
    ("MODELARTS_ENDPOINT", "https://10.0.0", "no host"),
    ("VISJOB_LINK_HOSTS", "10.0.0.300", "not a host name"),
    ("VISJOB_HOST", "https://bot.example.com", "neither an address nor a host name"),
    ("VISJOB_CA_FILE", "/nowhere/ca.pem", "no such file"),
    ("VISJOB_HISTORY_DAYS", "0", "out of range"),
    ("VISJOB_LOG_FORMAT", "xml", "'xml'"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_wrong_value_is_named_with_its_reason(
    environment: Environment, name: str, value: str, said: str
) -> None:
    environment.set({name: value})

    [problem] = problems_of().values()

    assert said in str(problem)
    assert problem.expected
    assert problem.example


def test_an_example_is_shown_as_it_is_meant(environment: Environment) -> None:
    environment.set(SLACK_BOT_TOKEN="nonsense", PORT="x")

    assert str(problems_of()["SLACK_BOT_TOKEN"]).endswith("for example xoxb-...")
    assert str(problems_of()["PORT"]).endswith("for example 3000.")


#: What is written, and what is read from it.
GOOD: list[tuple[str, str, str, object]] = [
    ("VISJOB_GUARD_HOURS", "8", "guard_hours", (8,)),
    ("VISJOB_GUARD_HOURS", " 1, 12 ,8760", "guard_hours", (1, 12, 8760)),
    ("VISJOB_GUARD_HOURS", "OFF", "guard_hours", ()),
    ("VISJOB_STUCK_MINUTES", "10080", "stuck_minutes", 10080),
    ("VISJOB_STUCK_MINUTES", "1", "stuck_minutes", 1),
    ("VISJOB_OPERATORS", "W1234, S1234,W1234", "operators", ("W1234", "S1234")),
    ("VISJOB_OPERATORS", "U1,S1", "operators", ("U1", "S1")),
    ("VISJOB_HOURLY_PRICE", "0", "hourly_price", Decimal(0)),
    ("VISJOB_CURRENCY", "credits", "currency", "credits"),
    ("VISJOB_HOST", "box-7.local", "host", "box-7.local"),
    ("VISJOB_HOST", "0.0.0.0", "host", "0.0.0.0"),
]


@pytest.mark.parametrize(("name", "text", "attribute", "value"), GOOD)
def test_a_good_value_is_read(
    environment: Environment, name: str, text: str, attribute: str, value: object
) -> None:
    environment.set({name: text})

    assert getattr(load_settings(NOTHING), attribute) == value


@pytest.mark.parametrize(
    "url",
    ["https://hc-ping.com/6c5f-uuid?create=1", "http://127.0.0.1:9000/up", "http://[::1]/up"],
)
def test_a_dead_mans_switch_keeps_its_path_and_its_query(
    environment: Environment, url: str
) -> None:
    environment.set(VISJOB_DEADMAN_URL=url)

    settings = load_settings(NOTHING)

    assert settings.deadman_url is not None
    assert settings.deadman_url.get_secret_value() == url


def test_all_wrong_and_missing_settings_come_together(environment: Environment) -> None:
    environment.set(SLACK_BOT_TOKEN="xoxp-1", PORT="x", VISJOB_LEASE_SECONDS="3", OS_PROJECT_ID="?")

    assert list(problems_of(SERVE)) == [
        "SLACK_BOT_TOKEN",
        "MODELARTS_PROJECT_ID",
        "PORT",
        "SLACK_SIGNING_SECRET",
        "MODELARTS_ENDPOINT",
        "MODELARTS_ACCESS_KEY",
        "MODELARTS_SECRET_KEY",
        "VISJOB_LEASE_SECONDS",
    ]


SECRETS = [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "MODELARTS_ACCESS_KEY",
    "MODELARTS_SECRET_KEY",
    "MODELARTS_SECURITY_TOKEN",
    "MODELARTS_PASSWORD",
    "DATABASE_URL",
    "VISJOB_DEADMAN_URL",
    "VISJOB_METRICS_TOKEN",
    "VISJOB_PROXY_URL",
]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_shown(
    environment: Environment, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for value in ("xoxs-canary", "https://u:canary/x@h", "postgres://u:canary/x@h/d"):
        environment.set({name: value})

        settings, problems = read_settings(SERVE)

        shown = [repr(settings), str(settings), repr(problems), caplog.text]
        assert not any("canary" in text for text in shown)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_come_from_a_file(environment: Environment, name: str) -> None:
    wrong = "a,b,c" if name == "SLACK_SIGNING_SECRET" else "xoxs-wrong"
    environment.set({name: wrong})
    from_environment = problems_of()
    environment.drop(name)
    path = environment.folder / "secret"
    path.write_text(f"{wrong}\n")
    environment.set({f"{name}_FILE": str(path)})

    settings, _ = read_settings(NOTHING)

    assert problems_of() == from_environment
    assert from_environment or "xoxs-wrong" in {
        value.get_secret_value() for _, value in settings if hasattr(value, "get_secret_value")
    }


def test_a_secret_file_is_named_in_the_env_file_too(environment: Environment) -> None:
    (environment.folder / "token").write_text("xoxb-from-a-file\n")
    (environment.folder / ".env").write_text("SLACK_BOT_TOKEN_FILE=token\n")

    token = load_settings(NOTHING).slack_bot_token

    assert token is not None
    assert token.get_secret_value() == "xoxb-from-a-file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b" \n", "is empty"),
        (b'""\n', "is empty"),
        (b"\xff", "not UTF-8 text"),
        ("xoxb-1".encode("utf-16-le"), "no secret"),
        (b"x" * 70_000, "no secret"),
    ],
)
def test_a_secret_file_without_a_secret_is_a_problem(
    environment: Environment, content: bytes | None, said: str
) -> None:
    path = environment.folder / "token"
    if content is not None:
        path.write_bytes(content)
    environment.set(SLACK_BOT_TOKEN_FILE=str(path))

    got = str(problems_of()["SLACK_BOT_TOKEN"].found)

    assert said in got
    assert str(path) in got


def test_the_environment_wins_over_the_env_file(environment: Environment) -> None:
    (environment.folder / ".env").write_text("PORT=4000\nVISJOB_COMMAND=/jobs\nUNKNOWN=1\n")
    environment.set(PORT="5000")

    settings = load_settings(NOTHING)

    assert (settings.port, settings.command) == (5000, "/jobs")


def test_an_env_file_that_is_not_text_is_a_problem(environment: Environment) -> None:
    (environment.folder / ".env").write_bytes(b"PORT=\xff\xfe")

    assert set(problems_of(SERVE)) == {".env"}


def test_only_secrets_are_read_from_files(environment: Environment) -> None:
    (environment.folder / "port").write_text("5000")
    environment.set(PORT_FILE="port")

    assert load_settings(NOTHING).port == 3000


def test_a_wrong_value_is_not_called_missing_too(environment: Environment) -> None:
    environment.set(SLACK, CLOUD, SLACK_BOT_TOKEN="xoxp-1")

    [problem] = read_settings(SERVE)[1]

    assert problem.name == "SLACK_BOT_TOKEN"


def test_empty_means_unset(environment: Environment) -> None:
    environment.set(SLACK, CLOUD, PORT="", VISJOB_OPERATORS="", MODELARTS_SECURITY_TOKEN=" ")

    assert load_settings(SERVE).port == 3000


def test_the_vendors_own_names_are_read(environment: Environment) -> None:
    environment.set(
        MODELARTS_ENDPOINT="https://modelarts.example.com/",
        HUAWEICLOUD_SDK_AK="ak",
        HUAWEICLOUD_SDK_SK="sk",
        HUAWEICLOUD_SDK_SECURITY_TOKEN="st",
        HUAWEICLOUD_SDK_PROJECT_ID="huawei",
        OS_PROJECT_ID="os",
        OS_AUTH_URL="https://iam.example.com/v3",
        OS_USERNAME="u",
        OS_PASSWORD="p",
        OS_USER_DOMAIN_NAME="d",
    )

    settings = load_settings(CLOUD_ONLY)

    assert settings.modelarts_endpoint == "https://modelarts.example.com"
    assert settings.modelarts_iam_endpoint == "https://iam.example.com"
    assert settings.modelarts_project_id == "huawei"
    assert settings.signs_requests
    assert (settings.modelarts_username, settings.modelarts_domain) == ("u", "d")


def test_a_secret_file_named_in_the_environment_wins_over_the_env_file(
    environment: Environment,
) -> None:
    (environment.folder / "sk").write_text("from-a-file")
    (environment.folder / ".env").write_text("MODELARTS_SECRET_KEY=from-env-file\n")
    environment.set(MODELARTS_SECRET_KEY_FILE="sk", OS_PASSWORD_FILE="sk")

    settings = load_settings(NOTHING)

    assert settings.modelarts_secret_key is not None
    assert settings.modelarts_secret_key.get_secret_value() == "from-a-file"
    assert settings.modelarts_password == settings.modelarts_secret_key


def test_our_own_names_win_over_the_vendors(environment: Environment) -> None:
    (environment.folder / ".env").write_text("MODELARTS_PROJECT_ID=ours\n")
    environment.set(OS_PROJECT_ID="theirs")

    assert load_settings(NOTHING).modelarts_project_id == "ours"


def test_every_value_arrives_with_its_type(environment: Environment) -> None:
    ca_file = environment.folder / "ca.pem"
    ca_file.write_text(PEM)
    environment.set(
        SLACK_SIGNING_SECRET=" new , old ",
        SLACK_API_URL="http://127.0.0.1:8421/api",
        VISJOB_POLL_SECONDS="0.5",
        VISJOB_API_CALLS_PER_MINUTE="0",
        VISJOB_OPERATORS="U123, S456",
        VISJOB_HOURLY_PRICE="0.36",
        VISJOB_CURRENCY="EUR",
        VISJOB_PROXY_URL="http://user:pass@proxy.example.com:3128",
        VISJOB_HOST="[::1]",
        VISJOB_CA_FILE=str(ca_file),
        VISJOB_HISTORY_DAYS="30",
        VISJOB_LOG_FORMAT="json",
    )

    settings = load_settings(NOTHING)

    secrets = [secret.get_secret_value() for secret in settings.slack_signing_secrets]
    assert secrets == ["new", "old"]
    assert settings.slack_api_url == "http://127.0.0.1:8421/api/"
    assert settings.poll_interval == timedelta(seconds=0.5)
    assert settings.api_calls_per_minute == 0
    assert settings.operators == ("U123", "S456")
    assert (settings.hourly_price, settings.currency) == (Decimal("0.36"), "EUR")
    assert settings.proxy_url is not None
    assert settings.host == "::1"
    assert settings.ca_file == ca_file
    assert settings.history == timedelta(days=30)
    assert settings.log_format == "json"


@pytest.mark.usefixtures("environment")
def test_the_defaults_are_those_of_the_table() -> None:
    settings = load_settings(NOTHING)

    assert settings.port == 3000
    assert settings.database_url.get_secret_value() == "sqlite:///visjob.db"
    assert settings.poll_interval == timedelta(seconds=30)
    assert settings.lease == timedelta(seconds=60)
    assert settings.command == "/visjob"
    assert settings.operators == ()
    assert (settings.guard_hours, settings.stuck_minutes) == ((8, 24), 15)
    assert (settings.hourly_price, settings.currency) == (None, "")
    assert settings.deadman_url is None
    assert settings.link_hosts == ("console.huaweicloud.com", "console.otc.t-systems.com")


def test_the_endpoints_own_host_may_be_linked_to(environment: Environment) -> None:
    environment.set(MODELARTS_ENDPOINT="https://modelarts.example.com:8443")
    assert load_settings(NOTHING).link_hosts[-1] == "modelarts.example.com"

    environment.set(VISJOB_LINK_HOSTS="Boards.example.com, .example.org")
    assert load_settings(NOTHING).link_hosts == ("boards.example.com", ".example.org")


def test_sqlite_on_heroku_is_refused_with_the_cure(environment: Environment) -> None:
    environment.set(DYNO="web.1")

    problem = problems_of(DATABASE_ONLY)["DATABASE_URL"]
    assert "heroku addons:create" in str(problem.expected)

    environment.set(DATABASE_URL="postgres://u:p@h/d?sslmode=require")
    assert problems_of(DATABASE_ONLY) == {}


def test_a_signing_secret_of_another_shape_is_only_doubted(environment: Environment) -> None:
    environment.set(SLACK_SIGNING_SECRET="0123456789abcdef0123456789abcdef,short")

    [doubt] = doubts(load_settings(NOTHING))

    assert "a value of 5 characters" in str(doubt.found)


def test_a_short_token_for_metrics_is_only_doubted(environment: Environment) -> None:
    environment.set(VISJOB_METRICS_TOKEN="fifteen-letters")

    [doubt] = doubts(load_settings(NOTHING))

    assert str(doubt.found).startswith("VISJOB_METRICS_TOKEN is a value of 15 characters")

    environment.set(VISJOB_METRICS_TOKEN="sixteen-letters-")
    assert not doubts(load_settings(NOTHING))


@pytest.mark.usefixtures("environment")
def test_settings_cannot_be_changed() -> None:
    settings = load_settings(NOTHING)

    with pytest.raises(ValidationError):
        settings.port = 1


def test_the_table_describes_every_setting_once() -> None:
    described = [row.name for row in SETTINGS_TABLE]

    assert len(described) == len(set(described)) == len(Settings.model_fields) - 1  # but DYNO
    assert all(row.meaning for row in SETTINGS_TABLE)


def test_the_zone_of_this_machine_is_no_name_of_one(environment: Environment) -> None:
    environment.set(VISJOB_TIME_ZONE="localtime")

    problem = problems_of(NOTHING)["VISJOB_TIME_ZONE"]

    assert str(problem.found) == "VISJOB_TIME_ZONE is 'localtime': there is no such time zone"
    assert (str(problem.expected), str(problem.example)) == (
        "the IANA name of a time zone",
        "Asia/Shanghai",
    )
