"""What an address may be: URLs, hosts and ports. No message quotes what was given."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bot.core.text import Words, say

_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
# RFC 1123: the last part of a name is never a number; what looks so is a mistyped address.
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
_UNFIT = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f]")


def base_url(text: str) -> str:
    """Read scheme and host; the answer has no trailing slash."""
    url = checked_url(text)
    if url.path.strip("/"):
        raise ValueError(say("it has a path"))
    return _joined(url)


def iam_url(text: str) -> str:
    """Read the IAM host; OpenStack's OS_AUTH_URL ends in /v3."""
    return base_url(re.sub(r"/v3/*$", "", text))


def api_url(text: str) -> str:
    """Read scheme, host and path; the answer ends in a slash."""
    url = checked_url(text)
    return f"{_joined(url)}{url.path.rstrip('/')}/"


def public_url(text: str) -> str:
    """Read where Slack reaches us: https, and no path but the one that we serve."""
    address = base_url(re.sub(r"(?<=[^/])/slack/events/*$", "", text.strip()))
    if not address.startswith("https://"):
        raise ValueError(say("Slack sends to https:// addresses only"))
    return address


def check_proxy_url(text: str) -> None:
    """Refuse what is no proxy; plain http is usual there, and a login may stand in it."""
    url = _split(text, schemes=say("http:// or https://"))
    if url.netloc.count("@") > 1:
        raise ValueError(say("its login holds an @: write it as %40"))
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError(say("it has a path, a query or a fragment"))


def collector_url(text: str) -> str:
    """Read the address of a collector of traces; plain http is usual beside the bot."""
    url = _split(text, schemes=say("http:// or https://"))
    if "@" in url.netloc:
        raise ValueError(say("it holds a user name or a password"))
    if url.query or url.fragment:
        raise ValueError(say("it has a query or a fragment"))
    return text.rstrip("/")


def check_dsn(text: str) -> None:
    """Refuse what is no DSN of Sentry's: https://KEY@HOST/PROJECT."""
    url = _split(text, schemes="https://")
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        raise ValueError(say("plain http is for loopback addresses only"))
    if not url.username or url.netloc.count("@") > 1:
        raise ValueError(say("it holds no key before the host"))
    if re.search(r"/\d+/?$", url.path) is None or url.query or url.fragment:
        raise ValueError(say("it does not end in the number of a project"))


def checked_url(text: str) -> SplitResult:
    """Refuse what is no address for us to call; plain http is for loopback addresses only."""
    url = _called(text)
    if url.query or url.fragment:
        raise ValueError(say("it has a query or a fragment"))
    return url


def ping_url(text: str) -> str:
    """Read the address of a service that is told that we live; path and query are its own."""
    if _called(text).fragment:
        raise ValueError(say("it has a fragment"))
    return text


def _called(text: str) -> SplitResult:
    url = _split(text, schemes="https://")
    if "@" in url.netloc:
        raise ValueError(say("it holds a user name or a password"))
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        raise ValueError(say("plain http is for loopback addresses only"))
    return url


def _split(text: str, *, schemes: Words) -> SplitResult:
    if _UNFIT.search(text):
        raise ValueError(say("it holds a space, a backslash or a control character"))
    try:
        url = urlsplit(text)
    except ValueError:  # the library's own words quote the text
        raise ValueError(
            say("its host is no IPv6 address; in a login write [ as %5B and ] as %5D")
        ) from None
    if url.scheme not in ("https", "http"):
        raise ValueError(say("it does not start with {start}", start=schemes))
    if not is_host(url.hostname or ""):
        raise ValueError(say("it names no host"))
    if not _has_good_port(url):
        raise ValueError(say("its port is no number from 1 to 65535"))
    return url


def _joined(url: SplitResult) -> str:
    return f"{url.scheme}://{url.netloc.rstrip(':')}"


def listening_host(text: str) -> str:
    """Read the address or the name of this computer to listen at."""
    host = text.removeprefix("[").removesuffix("]").lower()
    if not is_host(host):
        raise ValueError(say("it is neither an address nor a host name"))
    return host


def is_host_name(text: str) -> bool:
    """True for a lower-case host name."""
    return _HOST.fullmatch(text) is not None and _NUMBER_AT_THE_END.fullmatch(text) is None


def is_host(text: str) -> bool:
    """True for a lower-case host name, and for an IP address."""
    return is_host_name(text) or _is_address(text)


def is_loopback(host: str) -> bool:
    """True for names and addresses that never leave this computer."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _has_good_port(url: SplitResult) -> bool:
    # The standard library's own message would quote what follows the colon: maybe a password.
    try:
        return url.port != 0
    except ValueError:
        return False
