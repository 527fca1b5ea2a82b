"""All settings: name in the environment, meaning, default. Checks across settings are in `load`."""

from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config import values
from bot.config.fields import setting
from bot.config.redaction import passwords_in
from bot.config.sources import Unreadable
from bot.core.text import say

_LINK_HOSTS = ("console.huaweicloud.com", "console.otc.t-systems.com")
_URL = say("https://, a host and no path (plain http for loopback addresses only)")
_SECONDS = say("a number of seconds from 0.1 to 3600")


class Settings(BaseSettings):
    """The typed values of environment and `.env` file; None or empty where nothing is set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        case_sensitive=True,
        env_file=".env",
        env_file_encoding="utf-8-sig",  # Windows starts text files with a byte order mark
        validate_default=False,
        hide_input_in_errors=True,
    )

    # fmt: off
    # Slack
    slack_bot_token: values.BotToken | None = setting(
        "SLACK_BOT_TOKEN", "the bot token of the installed app",
        say("a bot token, from OAuth & Permissions"), "xoxb-...", secret=True,
    )
    slack_signing_secrets: values.SigningSecrets = setting(
        "SLACK_SIGNING_SECRET",
        "proves that a request comes from Slack; during a rotation, both with a comma between",
        say("the signing secret from Basic Information, or two with a comma between"),
        "8f742231b10e8888abcd99eee1f285a5", (), secret=True,
    )
    slack_app_token: values.AppToken | None = setting(
        "SLACK_APP_TOKEN", "for Socket Mode",
        say("an app-level token with connections:write, from Basic Information"), "xapp-1-...",
        secret=True,
    )
    slack_api_url: values.ApiUrl = setting(
        "SLACK_API_URL", "base URL of Slack's Web API",
        say("https://, a host and a path (plain http for loopback addresses only)"),
        "https://slack.com/api/", "https://slack.com/api/",
    )

    # ModelArts
    modelarts_endpoint: values.BaseUrl | None = setting(
        "MODELARTS_ENDPOINT", "base URL of ModelArts in your region", _URL,
        "https://modelarts.eu-de.otc.t-systems.com",
    )
    modelarts_project_id: values.ProjectId | None = setting(
        "MODELARTS_PROJECT_ID HUAWEICLOUD_SDK_PROJECT_ID OS_PROJECT_ID",
        "the project whose jobs are watched",
        say("the project's id (32 digits and letters a-f, not its name), from My Credentials"),
        "6ad6f0a1c2d34e5f8a7b9c0d1e2f3a4b",
    )
    modelarts_access_key: values.HeaderSecret | None = setting(
        "MODELARTS_ACCESS_KEY HUAWEICLOUD_SDK_AK", "login by access key; it wins over a password",
        say("an access key id (AK), from My Credentials"), "QTWAOYTTINDUT2QVKYUC", secret=True,
    )
    modelarts_secret_key: values.HeaderSecret | None = setting(
        "MODELARTS_SECRET_KEY HUAWEICLOUD_SDK_SK", "the secret half of the access key",
        say("the secret access key (SK) that came with the AK"),
        "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlm",
        secret=True,
    )
    modelarts_security_token: values.HeaderSecret | None = setting(
        "MODELARTS_SECURITY_TOKEN HUAWEICLOUD_SDK_SECURITY_TOKEN",
        "only with a temporary access key",
        say("the security token that came with a temporary AK and SK"), "gQpjbi1ub3J0aC0x...",
        secret=True,
    )
    modelarts_iam_endpoint: values.IamUrl | None = setting(
        "MODELARTS_IAM_ENDPOINT OS_AUTH_URL", "login by password: base URL of IAM",
        say("https://, a host and no path but /v3 (plain http for loopback addresses only)"),
        "https://iam.eu-de.otc.t-systems.com",
    )
    modelarts_username: str | None = setting(
        "MODELARTS_USERNAME OS_USERNAME", "login by password: the IAM user",
        say("the name of an IAM user"), "visjob",
    )
    modelarts_password: SecretStr | None = setting(
        "MODELARTS_PASSWORD OS_PASSWORD", "login by password: the IAM user's password",
        say("the password of the IAM user"), "...", secret=True,
    )
    modelarts_domain: str | None = setting(
        "MODELARTS_DOMAIN OS_USER_DOMAIN_NAME", "login by password: the account's name",
        say("the name of the account of the IAM user"),
        "OTC-EU-DE-00000000001000012345",
    )

    # The program
    database_url: values.DatabaseUrl = setting(
        "DATABASE_URL", "the bot's database: a SQLite file or PostgreSQL",
        say("sqlite:///FILE or postgres://USER:PASSWORD@HOST/DATABASE"), "sqlite:///visjob.db",
        SecretStr("sqlite:///visjob.db"), shown="sqlite:///visjob.db", secret=True,
    )
    port: values.Port = setting(
        "PORT", "port of the HTTP server",
        say("a whole number from 0 (any free port) to 65535"), "3000", 3000,
    )
    host: values.ListeningHost | None = setting(
        "VISJOB_HOST", "address that the HTTP server listens on",
        say("an IP address or a host name of this machine"), "127.0.0.1", shown="every address",
    )
    poll_interval: values.Seconds = setting(
        "VISJOB_POLL_SECONDS", "time between two reads of the cloud", _SECONDS, "30",
        timedelta(seconds=30), shown="30",
    )
    api_calls_per_minute: values.Count = setting(
        "VISJOB_API_CALLS_PER_MINUTE",
        "budget of background reads per project, all replicas together; 0 = no limit",
        say("a whole number, 0 or more"), "60", 60,
    )
    given_link_hosts: values.LinkHosts = setting(
        "VISJOB_LINK_HOSTS",
        "hosts that a TensorBoard button may lead to; a leading dot allows all subdomains",
        say("host names with commas between"), "console.otc.t-systems.com,.example.com", (),
        shown=", ".join(_LINK_HOSTS) + " and the endpoint's own host",
    )
    operators: values.Operators = setting(
        "VISJOB_OPERATORS",
        "who may stop and restart jobs: ids of users and user groups",
        say("ids that start with U, W or S, with commas between"), "U024BE7LH,S0614TZR7", (),
        shown="nobody",
    )
    guard_hours: values.GuardHours = setting(
        "VISJOB_GUARD_HOURS",
        "running hours after which a place gets a reminder, then every 24 h; or off",
        say(
            "at most 10 whole hours from 1 to 8760, each above the one before, with commas "
            "between; or off"
        ), "8,24", (8, 24), shown="8,24",
    )
    stuck_minutes: values.StuckMinutes = setting(
        "VISJOB_STUCK_MINUTES",
        "a job that is queued or stopping for longer is stuck, until the project's usual times are "
        "known; counted from the poll that first saw the state, posted at the next poll",
        say("a whole number of minutes from 1 to 10080"), "15", 15,
    )
    deadman_url: values.PingUrl | None = setting(
        "VISJOB_DEADMAN_URL",
        "a URL to fetch at most once a minute, after a good poll, while no delivery is late",
        say("https:// and a host (plain http for loopback addresses only)"),
        "https://hc-ping.com/your-uuid", secret=True,
    )
    lease: values.Seconds = setting(
        "VISJOB_LEASE_SECONDS", "how long a worker may lease a delivery", _SECONDS, "60",
        timedelta(seconds=60), shown="60",
    )
    settle: values.Seconds = setting(
        "VISJOB_SETTLE_SECONDS", "how long Slack may take to show a posted message", _SECONDS, "30",
        timedelta(seconds=30), shown="30",
    )
    api_timeout: values.Seconds = setting(
        "VISJOB_API_TIMEOUT_SECONDS", "deadline of one call to the cloud", _SECONDS, "10",
        timedelta(seconds=10), shown="10",
    )
    slack_timeout: values.Seconds = setting(
        "VISJOB_SLACK_TIMEOUT_SECONDS", "deadline of one call to Slack", _SECONDS, "10",
        timedelta(seconds=10), shown="10",
    )
    hourly_price: values.Price | None = setting(
        "VISJOB_HOURLY_PRICE", "price of an hour of a running job, for estimates",
        say("a number with a point, 0 or more, without a currency"), "0.36", shown="hours only",
    )
    currency: values.Currency = setting(
        "VISJOB_CURRENCY", "the currency of that price", say("1 to 8 letters"), "EUR", "",
    )
    metrics_token: values.HeaderSecret | None = setting(
        "VISJOB_METRICS_TOKEN",
        "bearer token for /metrics, and for the details of /readyz from other machines",
        say("letters, digits and signs of ASCII, best 16 or more, without spaces"),
        say("what `openssl rand -hex 24` prints"), shown="loopback only", secret=True,
    )
    command: values.CommandName = setting(
        "VISJOB_COMMAND", "the slash command",
        say("a slash, then up to 31 small letters, digits, hyphens and underscores"), "/visjob",
        "/visjob",
    )
    language: Literal["en", "zh-CN"] = setting(
        "VISJOB_LANGUAGE", "language of places, and of people without one",
        say("en or zh-CN"), "zh-CN", "en",
    )
    proxy_url: values.ProxyUrl | None = setting(
        "VISJOB_PROXY_URL", "proxy for all outgoing calls",
        say("http:// or https://, a host and no path; a login may stand before the host"),
        "http://proxy.example.com:3128", secret=True,
    )
    ca_file: values.CertificateFile | None = setting(
        "VISJOB_CA_FILE", "certificates to trust besides the system's",
        say("the path of a PEM file with certificates"), "/etc/ssl/company-ca.pem",
    )
    history: values.Days = setting(
        "VISJOB_HISTORY_DAYS", "how long changes, deliveries and the audit are kept",
        say("a number of days from 1 to 3650"), "180", timedelta(days=180), shown="180",
    )
    time_zone: values.TimeZone = setting(
        "VISJOB_TIME_ZONE",
        "time zone of people whose own cannot be read, for 18:00 or tomorrow",
        say("the IANA name of a time zone"), "Asia/Shanghai", ZoneInfo("UTC"), shown="UTC",
    )
    log_format: Literal["console", "json"] | None = setting(
        "VISJOB_LOG_FORMAT", "format of the log", say("console or json"), "json",
        shown="console on a terminal, else json",
    )
    otlp_endpoint: values.CollectorUrl | None = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "where to send traces (OTLP over HTTP); needs the extra otel",
        say("http:// or https:// and a host, without a query"), "http://localhost:4318",
    )
    otlp_headers: values.CollectorHeaders = setting(
        "OTEL_EXPORTER_OTLP_HEADERS", "headers for the collector of traces, such as a key",
        say("name=value, or several with commas between"), "api-key=0123456789abcdef", (),
        secret=True,
    )
    sentry_dsn: values.SentryDsn | None = setting(
        "SENTRY_DSN", "where to report errors; needs the extra sentry",
        say("the DSN from Sentry's page of the project"), "https://key@o1.ingest.sentry.io/42",
        secret=True,
    )
    # fmt: on

    #: Heroku's variable, not a setting of ours: files do not survive a restart of a dyno.
    dyno: str | None = Field(default=None, validation_alias="DYNO", exclude=True)

    @property
    def link_hosts(self) -> tuple[str, ...]:
        """The hosts that a TensorBoard button may lead to."""
        if self.given_link_hosts:
            return self.given_link_hosts
        own = urlsplit(self.modelarts_endpoint or "").hostname
        return (*_LINK_HOSTS, own) if own else _LINK_HOSTS

    @property
    def secrets(self) -> tuple[str, ...]:
        """All secret values, for redaction in the log; of a URL, its passwords."""
        found: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            given = value if isinstance(value, tuple) else (value,)
            found += [one.get_secret_value() for one in given if isinstance(one, SecretStr)]
        # Of a header, the value is the secret.
        found += [one.get_secret_value().partition("=")[2] for one in self.otlp_headers]
        return tuple(
            secret
            for text in found
            for secret in (passwords_in(text) if "://" in text else (text,))
            if secret
        )

    @property
    def signs_requests(self) -> bool:
        """True if the cloud login is an access key, False if it is a password."""
        return self.modelarts_access_key is not None and self.modelarts_secret_key is not None

    @property
    def has_password(self) -> bool:
        """True if a login by password is set, even if the access key is used."""
        return self.modelarts_password is not None and self.modelarts_iam_endpoint is not None

    def without_keys(self) -> "Settings":
        """Return a copy without the access key, so that the password is used."""
        return self.model_copy(update={"modelarts_access_key": None, "modelarts_secret_key": None})

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_unreadable(cls, given: object) -> object:
        if isinstance(given, Unreadable):
            raise ValueError(given.found)  # noqa: TRY004 - pydantic collects ValueError only
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return code as the only source; `load` reads the environment."""
        return (init_settings,)
