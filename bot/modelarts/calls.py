"""One call to the cloud: through the client, with a login, within a deadline.

All that the client can raise is translated here, and nowhere else.
"""

import asyncio
from typing import NamedTuple

import httpx

from bot.core.errors import JobSourceError, SourceRefused, SourceUnavailable
from bot.modelarts.body import AnswerRefused
from bot.modelarts.transport import UnknownHost, UntrustedCertificate

_CLOUD_SIDE = "The cloud, or the network between it and the bot, is down. Try again in a minute."
_OUR_SIDE = "Check MODELARTS_ENDPOINT, MODELARTS_IAM_ENDPOINT and VISJOB_PROXY_URL."


class Calls:
    """Reads on behalf of one login. `timeout`, in seconds, is of a whole call, login included."""

    def __init__(self, client: httpx.AsyncClient, login: httpx.Auth, *, timeout: float) -> None:
        self._client = client
        self._login = login
        self._timeout = timeout

    async def get(self, url: httpx.URL) -> httpx.Response:
        """The answer, whatever it says. Raises JobSourceError where there is none to be read."""
        request = self._client.build_request("GET", url, extensions={"service": "ModelArts"})
        try:
            # The client's own timeouts are of one step each; this one is absolute.
            async with asyncio.timeout(self._timeout):
                return await self._client.send(request, auth=self._login)
        except TimeoutError as error:
            service = request.extensions.get("waits_for", request.extensions["service"])
            raise SourceUnavailable(
                f"{service} did not answer within {self._timeout:g} s.", hint=_CLOUD_SIDE
            ) from error
        except httpx.RequestError as error:
            raise _explain(error) from error
        except httpx.InvalidURL as error:
            raise SourceRefused("The address of IAM is not a valid URL.", hint=_OUR_SIDE) from error


def _explain(error: httpx.RequestError) -> JobSourceError:
    meaning = next(meaning for meaning in _MEANINGS if isinstance(error, meaning.error))
    service, host = error.request.extensions["service"], error.request.url.host
    return meaning.means(
        meaning.sentence.format(service=service, host=host, did=error), hint=meaning.hint
    )


class _Meaning(NamedTuple):
    error: type[httpx.RequestError]
    means: type[JobSourceError]
    sentence: str
    hint: str


# The first that fits; the last fits all.
_MEANINGS = (
    _Meaning(AnswerRefused, SourceUnavailable, "{service} {did}.", _OUR_SIDE),
    _Meaning(
        UntrustedCertificate,
        SourceUnavailable,
        "The certificate of {host} is not one that we trust.",
        "Nothing was sent. If a proxy of your own stands between, set VISJOB_CA_FILE.",
    ),
    _Meaning(UnknownHost, SourceUnavailable, "The name {host} cannot be looked up.", _OUR_SIDE),
    _Meaning(
        httpx.ProxyError,
        SourceUnavailable,
        "The proxy does not connect us to {host}.",
        "Check VISJOB_PROXY_URL.",
    ),
    _Meaning(httpx.ReadError, SourceUnavailable, "{service}'s answer was cut off.", _CLOUD_SIDE),
    _Meaning(
        httpx.TimeoutException, SourceUnavailable, "{service} did not answer in time.", _CLOUD_SIDE
    ),
    _Meaning(
        httpx.NetworkError,
        SourceUnavailable,
        "{service} cannot be reached at {host}.",
        f"{_CLOUD_SIDE} {_OUR_SIDE}",
    ),
    _Meaning(
        httpx.UnsupportedProtocol,
        SourceRefused,
        "{service} cannot be asked at such an address.",
        _OUR_SIDE,
    ),
    _Meaning(
        httpx.RequestError,
        SourceUnavailable,
        "What answered at {host} does not speak HTTP as it should.",
        _OUR_SIDE,
    ),
)
