"""Validate addresses in settings: URLs, hosts and ports. No message quotes the value."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bot.core.text import Words, say

_HOST = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
# RFC 1123: the last label of a host name is never a number. Text that ends in a number is a
# mistyped IP address.
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
_UNFIT = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f]")


def base_url(text: str) -> str:
    """Return scheme and host of a URL without a trailing slash. Raises ValueError."""
    url = checked_url(text)
    if url.path.strip("/"):
        raise ValueError(say("it has a path"))
    return _joined(url)


def iam_url(text: str) -> str:
    """Return the base URL of IAM, without the /v3 that ends OpenStack's OS_AUTH_URL."""
    return base_url(re.sub(r"/v3/*$", "", text))


def api_url(text: str) -> str:
    """Return scheme, host and path of a URL, with a trailing slash. Raises ValueError."""
    url = checked_url(text)
    return f"{_joined(url)}{url.path.rstrip('/')}/"


def public_url(text: str) -> str:
    """Return the base URL at which Slack reaches us: https, and no path except /slack/events."""
    address = base_url(re.sub(r"(?<=[^/])/slack/events/*$", "", text.strip()))
    if not address.startswith("https://"):
        raise ValueError(say("Slack sends to https:// addresses only"))
    return address


def check_proxy_url(text: str) -> None:
    """Raise ValueError unless the text is a proxy URL; plain http and a login are allowed."""
    url = _split(text, schemes=say("http:// or https://"))
    if url.netloc.count("@") > 1:
        raise ValueError(say("its login holds an @: write it as %40"))
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError(say("it has a path, a query or a fragment"))


def collector_url(text: str) -> str:
    """Return the URL of a collector of traces; plain http is allowed for any host."""
    url = _split(text, schemes=say("http:// or https://"))
    if "@" in url.netloc:
        raise ValueError(say("it holds a user name or a password"))
    if url.query or url.fragment:
        raise ValueError(say("it has a query or a fragment"))
    return text.rstrip("/")


def check_dsn(text: str) -> None:
    """Raise ValueError unless the text is a DSN of Sentry: https://KEY@HOST/PROJECT."""
    url = _split(text, schemes="https://")
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        raise ValueError(say("plain http is for loopback addresses only"))
    if not url.username or url.netloc.count("@") > 1:
        raise ValueError(say("it holds no key before the host"))
    if re.search(r"/\d+/?$", url.path) is None or url.query or url.fragment:
        raise ValueError(say("it does not end in the number of a project"))


def checked_url(text: str) -> SplitResult:
    """Return the parts of a URL that we may call; plain http is for loopback addresses only."""
    url = _called(text)
    if url.query or url.fragment:
        raise ValueError(say("it has a query or a fragment"))
    return url


def ping_url(text: str) -> str:
    """Return the URL that is pinged while the bot lives; any path and query are allowed."""
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
    except ValueError:  # the library's message quotes the text
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
    """Return the address or name of this computer to listen on, in lower case."""
    host = text.removeprefix("[").removesuffix("]").lower()
    if not is_host(host):
        raise ValueError(say("it is neither an address nor a host name"))
    return host


def is_host_name(text: str) -> bool:
    """Return True for a lower-case host name."""
    return _HOST.fullmatch(text) is not None and _NUMBER_AT_THE_END.fullmatch(text) is None


def is_host(text: str) -> bool:
    """Return True for a lower-case host name or an IP address."""
    return is_host_name(text) or _is_address(text)


def is_loopback(host: str) -> bool:
    """Return True for names and addresses that never leave this computer."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _has_good_port(url: SplitResult) -> bool:
    # The standard library's message would quote the text after the colon, which may be a password.
    try:
        return url.port != 0
    except ValueError:
        return False
