"""What one setting may hold: text in, a typed value out, or a ValueError that says why not."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

# docs.slack.dev/authentication/tokens
_TOKEN_KINDS = {
    "xoxb-": "a bot token",
    "xoxp-": "a user token",
    "xapp-": "an app-level token",
    "xoxe": "a token for rotation",
    "xoxs-": "a legacy workspace token",
}

# docs.slack.dev/reference/app-manifest, features.slash_commands: 32 with the slash.
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")

_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")


def split_list(text: object) -> tuple[str, ...]:
    """Read a comma-separated list; empty places are dropped."""
    if isinstance(text, tuple):  # already read
        return text
    return tuple(part for part in (part.strip() for part in str(text).split(",")) if part)


def split_secrets(text: object) -> tuple[SecretStr, ...]:
    """Read a comma-separated list of secrets."""
    if isinstance(text, tuple):  # already read
        return text
    return tuple(SecretStr(part) for part in split_list(text))


def _token(prefix: str) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        token = secret.get_secret_value()
        for known, kind in _TOKEN_KINDS.items():
            if known != prefix and token.startswith(known):
                raise ValueError(f"it starts with {known}: this is {kind}")
        if not token.startswith(prefix):
            raise ValueError(f"it does not start with {prefix}")
        if re.fullmatch(r"[\w-]+", token.removeprefix(prefix), re.ASCII) is None:
            raise ValueError("it is cut short or holds characters that no token has")
        return secret

    return check


def _one_or_two(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if len(secrets) > 2:
        raise ValueError(f"{len(secrets)} values separated by commas")
    return secrets


def base_url(text: str) -> str:
    """Read scheme and host; the answer has no trailing slash."""
    url = _checked_url(text)
    if url.path.strip("/"):
        raise ValueError("it has a path")
    return f"{url.scheme}://{url.netloc}"


def _iam_url(text: str) -> str:
    """Read the IAM host; OpenStack's OS_AUTH_URL ends in /v3."""
    return base_url(re.sub(r"/v3/*$", "", text))


def _api_url(text: str) -> str:
    url = _checked_url(text)
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}/"


def _proxy_url(secret: SecretStr) -> SecretStr:
    url = _checked_url(secret.get_secret_value(), may_have_login=True)
    if url.path.strip("/"):
        raise ValueError("it has a path")
    return secret


def _checked_url(text: str, *, may_have_login: bool = False) -> SplitResult:
    if re.search(r"[\s\\\x00-\x1f\x7f]", text):
        raise ValueError("it holds a space or a control character")
    url = urlsplit(text)
    if url.scheme not in ("https", "http"):
        raise ValueError("it does not start with https://")
    host = url.hostname or ""
    if not _is_host(host):
        raise ValueError("it names no host")
    if not _has_good_port(url):
        raise ValueError("its port is no number from 1 to 65535")
    if "@" in url.netloc and not may_have_login:
        raise ValueError("it holds a user name or a password")
    if url.query or url.fragment:
        raise ValueError("it has a query or a fragment")
    if url.scheme == "http" and not is_loopback(host):
        raise ValueError("plain http is for loopback addresses only")
    return url


def _is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None or _is_address(text)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _host_address(text: str) -> str:
    if not _is_host(text):
        raise ValueError("neither an IP address nor a host name")
    return text


def _has_good_port(url: SplitResult) -> bool:
    # The standard library's own message would quote what follows the colon: maybe a password.
    try:
        return url.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """True for names and addresses that never leave this computer."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _database_url(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    scheme, mark, rest = text.partition("://")
    if scheme == "sqlite":
        if not mark or rest.strip("/") in ("", ":memory:"):
            raise ValueError("a database in memory forgets everything at each restart")
        if not rest.startswith("/"):
            raise ValueError("a file needs three slashes: sqlite:///visjob.db")
    elif scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ValueError("neither SQLite nor PostgreSQL")
    return secret


def _command(text: str) -> str:
    if _COMMAND.fullmatch(text) is None:
        raise ValueError("Slack would refuse it")
    return text


def _link_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    lowered = tuple(host.lower() for host in hosts)
    for host in lowered:
        name = host.removeprefix(".")
        if _HOST.fullmatch(name) is None:
            raise ValueError(f"{host!r} is not a host name")
        if host.startswith(".") and "." not in name:
            raise ValueError(f"{host!r} would allow every host under {name}")
    return lowered


def _operators(ids: tuple[str, ...]) -> tuple[str, ...]:
    for operator in ids:
        if re.fullmatch(r"[UWS][A-Z0-9]{2,}", operator) is None:
            raise ValueError(f"{operator!r} is not the id of a user or a user group")
    return ids


def _project_id(text: str) -> str:
    # It becomes a part of every path that we ask the cloud for.
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) is None:
        raise ValueError("no project id looks like this")
    return text


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def _number(lowest: float, highest: float, *, whole: bool = False) -> Callable[[object], Decimal]:
    form = re.compile(r"-?\d{1,9}" if whole else r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)

    def read(text: object) -> Decimal:
        if form.fullmatch(str(text)) is None:
            raise ValueError("not a whole number" if whole else "not a number")
        number = Decimal(str(text))
        if not lowest <= number <= highest:
            raise ValueError("out of range")
        return number

    return read


def _span(unit: timedelta, lowest: float, highest: float) -> Callable[[object], timedelta]:
    read = _number(lowest, highest)
    return lambda span: span if isinstance(span, timedelta) else float(read(span)) * unit


BotToken = Annotated[SecretStr, AfterValidator(_token("xoxb-"))]
AppToken = Annotated[SecretStr, AfterValidator(_token("xapp-"))]
SigningSecrets = Annotated[
    tuple[SecretStr, ...], BeforeValidator(split_secrets), AfterValidator(_one_or_two)
]
BaseUrl = Annotated[str, AfterValidator(base_url)]
IamUrl = Annotated[str, AfterValidator(_iam_url)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
CommandName = Annotated[str, AfterValidator(_command)]
ProjectId = Annotated[str, AfterValidator(_project_id)]
LinkHosts = Annotated[tuple[str, ...], BeforeValidator(split_list), AfterValidator(_link_hosts)]
Operators = Annotated[tuple[str, ...], BeforeValidator(split_list), AfterValidator(_operators)]
ExistingFile = Annotated[Path, BeforeValidator(lambda text: _file(str(text)))]
HostAddress = Annotated[str, AfterValidator(_host_address)]
Port = Annotated[int, BeforeValidator(_number(0, 65535, whole=True))]
Count = Annotated[int, BeforeValidator(_number(0, 999_999_999, whole=True))]
Price = Annotated[Decimal, BeforeValidator(_number(0, 999_999_999))]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Seconds = Annotated[timedelta, BeforeValidator(_span(timedelta(seconds=1), 0.1, 3600))]
Days = Annotated[timedelta, BeforeValidator(_span(timedelta(days=1), 1, 3650))]
