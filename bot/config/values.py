"""Validators of single settings: text in, a typed value out, or a ValueError with the reason."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from bot.config.addresses import (
    api_url,
    base_url,
    check_dsn,
    check_proxy_url,
    collector_url,
    iam_url,
    is_host_name,
    listening_host,
    ping_url,
)
from bot.config.certificates import certificate_file
from bot.config.database_url import database_url
from bot.config.redaction import printable
from bot.core.text import say
from bot.core.time_zone import zone_named

# docs.slack.dev/authentication/tokens
_TOKEN_KINDS = {
    "xoxb-": say("a bot token"),
    "xoxp-": say("a user token"),
    "xapp-": say("an app-level token"),
    "xoxe": say("a token for rotation"),
    "xoxs-": say("a legacy workspace token"),
}

# docs.slack.dev/reference/app-manifest, features.slash_commands: 32 characters with the slash.
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")

_MOST_MARKS = 10
_HOURS_OF_A_YEAR = 8760


def split_list(text: object) -> tuple[str, ...]:
    """Split a comma-separated list, and drop empty parts."""
    if isinstance(text, tuple):  # already parsed
        return text
    return tuple(part for part in (part.strip() for part in str(text).split(",")) if part)


def split_secrets(text: object) -> tuple[SecretStr, ...]:
    """Split a comma-separated list of secrets, and drop empty parts."""
    if isinstance(text, tuple):  # already parsed
        return text
    return tuple(SecretStr(part) for part in split_list(text))


def _token(prefix: str) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        token = secret.get_secret_value()
        for known, kind in _TOKEN_KINDS.items():
            if known != prefix and token.startswith(known):
                raise ValueError(
                    say("it starts with {start}: this is {kind}", start=known, kind=kind)
                )
        if not token.startswith(prefix):
            raise ValueError(say("it does not start with {start}", start=prefix))
        if re.fullmatch(r"[\w-]+", token.removeprefix(prefix), re.ASCII) is None:
            raise ValueError(say("it is cut short or holds characters that no token has"))
        return secret

    return check


def _one_or_two(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if len(secrets) > 2:
        raise ValueError(say("{number} values separated by commas", number=len(secrets)))
    return secrets


def _proxy_url(secret: SecretStr) -> SecretStr:
    check_proxy_url(secret.get_secret_value())
    return secret


def _command(text: str) -> str:
    if _COMMAND.fullmatch(text) is None:
        raise ValueError(say("Slack would refuse it"))
    return text


def _link_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    lowered = tuple(host.lower() for host in hosts)
    for host in lowered:
        name = host.removeprefix(".")
        if not is_host_name(name):
            raise ValueError(say("{value} is not a host name", value=printable(host)))
        if host.startswith(".") and "." not in name:
            raise ValueError(say("{value} would allow every host under it", value=printable(host)))
    return lowered


def _operators(ids: tuple[str, ...]) -> tuple[str, ...]:
    for operator in ids:
        if re.fullmatch(r"[UWS][A-Z0-9]{1,20}", operator) is None:
            value = printable(operator)
            raise ValueError(say("{value} is not the id of a user or a user group", value=value))
    return tuple(dict.fromkeys(ids))


def _guard_hours(text: object) -> tuple[int, ...]:
    if isinstance(text, tuple):  # already parsed
        return text
    if str(text).lower() == "off":
        return ()
    read = _number(1, _HOURS_OF_A_YEAR, whole=True)
    hours = tuple(int(read(part.strip())) for part in str(text).split(","))
    if len(hours) > _MOST_MARKS:
        raise ValueError(say("{number} hours", number=len(hours)))
    if any(later <= earlier for earlier, later in pairwise(hours)):
        raise ValueError(say("an hour is not above the one before"))
    return hours


def _ping_url(secret: SecretStr) -> SecretStr:
    return SecretStr(ping_url(secret.get_secret_value()))


def _headers(pairs: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for pair in pairs:
        if re.fullmatch(r"[\w-]+\s*=[!-~ ]*", pair.get_secret_value(), re.ASCII) is None:
            raise ValueError(say("a part of it is not name=value"))
    return pairs


def _dsn(secret: SecretStr) -> SecretStr:
    check_dsn(secret.get_secret_value())
    return secret


def _header_secret(secret: SecretStr) -> SecretStr:
    # A header takes visible ASCII only, and the cloud's keys hold nothing else.
    if re.fullmatch(r"[!-~]*", secret.get_secret_value()) is None:
        raise ValueError(say("it holds white space, or a character outside ASCII"))
    return secret


def _project_id(text: str) -> str:
    # The project id becomes a part of every path in calls to the cloud.
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) is None:
        raise ValueError(say("no project id looks like this"))
    return text


def _time_zone(text: object) -> ZoneInfo:
    if isinstance(text, ZoneInfo):  # already parsed
        return text
    if zone := zone_named(str(text)):
        return zone
    raise ValueError(say("there is no such time zone"))


def _number(lowest: float, highest: float, *, whole: bool = False) -> Callable[[object], Decimal]:
    # A negative number parses, so that the error is "out of range"; minus zero does not parse.
    unsigned = r"\d{1,9}" if whole else r"\d{1,9}(?:\.\d{1,9})?"
    form = re.compile(rf"(?!-[0.]+$)-?{unsigned}", re.ASCII)

    def read(text: object) -> Decimal:
        if form.fullmatch(str(text)) is None:
            raise ValueError(say("not a whole number") if whole else say("not a number"))
        number = Decimal(str(text))
        if not lowest <= number <= highest:
            raise ValueError(say("out of range"))
        return number

    return read


def _span(unit: timedelta, lowest: float, highest: float) -> Callable[[object], timedelta]:
    read = _number(lowest, highest)
    return lambda span: span if isinstance(span, timedelta) else float(read(span)) * unit


CollectorUrl = Annotated[str, AfterValidator(collector_url)]
CollectorHeaders = Annotated[
    tuple[SecretStr, ...], BeforeValidator(split_secrets), AfterValidator(_headers)
]
SentryDsn = Annotated[SecretStr, AfterValidator(_dsn)]
BotToken = Annotated[SecretStr, AfterValidator(_token("xoxb-"))]
AppToken = Annotated[SecretStr, AfterValidator(_token("xapp-"))]
SigningSecrets = Annotated[
    tuple[SecretStr, ...], BeforeValidator(split_secrets), AfterValidator(_one_or_two)
]
BaseUrl = Annotated[str, AfterValidator(base_url)]
IamUrl = Annotated[str, AfterValidator(iam_url)]
ApiUrl = Annotated[str, AfterValidator(api_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(database_url)]
CommandName = Annotated[str, AfterValidator(_command)]
ProjectId = Annotated[str, AfterValidator(_project_id)]
LinkHosts = Annotated[tuple[str, ...], BeforeValidator(split_list), AfterValidator(_link_hosts)]
Operators = Annotated[tuple[str, ...], BeforeValidator(split_list), AfterValidator(_operators)]
CertificateFile = Annotated[Path, BeforeValidator(certificate_file)]
ListeningHost = Annotated[str, AfterValidator(listening_host)]
TimeZone = Annotated[ZoneInfo, BeforeValidator(_time_zone)]
Port = Annotated[int, BeforeValidator(_number(0, 65535, whole=True))]
Count = Annotated[int, BeforeValidator(_number(0, 999_999_999, whole=True))]
Price = Annotated[Decimal, BeforeValidator(_number(0, 999_999_999))]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{0,8}$")]
GuardHours = Annotated[tuple[int, ...], BeforeValidator(_guard_hours)]
StuckMinutes = Annotated[int, BeforeValidator(_number(1, 10_080, whole=True))]
PingUrl = Annotated[SecretStr, AfterValidator(_ping_url)]
HeaderSecret = Annotated[SecretStr, AfterValidator(_header_secret)]
Seconds = Annotated[timedelta, BeforeValidator(_span(timedelta(seconds=1), 0.1, 3600))]
Days = Annotated[timedelta, BeforeValidator(_span(timedelta(days=1), 1, 3650))]
