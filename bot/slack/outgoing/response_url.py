"""Decide whether the host of a `response_url` is Slack's: any other host would get our answers.

docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from urllib.parse import SplitResult, urlsplit

#: The host of response URLs by the host of the Web API; docs.slack.dev/govslack
_HOSTS = {"slack-gov.com": "hooks.slack-gov.com"}
_HOST = "hooks.slack.com"


def is_trusted(response_url: str, *, api_url: str) -> bool:
    """True on Slack's own host for response URLs, and on the host of the Web API itself."""
    api = urlsplit(api_url)
    try:
        url = urlsplit(response_url)
        origin = _origin(url)
    except ValueError:
        return False
    if url.username or url.password:
        return False
    host = _HOSTS.get(api.hostname or "", _HOST)
    return origin in (("https", host, 443), _origin(api))


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"https": 443, "http": 80}.get(url.scheme)
