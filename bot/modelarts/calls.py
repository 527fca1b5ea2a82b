"""One call to the cloud: through the client, with a login, within a deadline.

All that the client can raise is translated here, and nowhere else.
"""

import asyncio

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


def _explain(error: httpx.RequestError) -> JobSourceError:
    host = error.request.url.host
    service = error.request.extensions["service"]
    match error:
        case AnswerRefused():
            return SourceUnavailable(f"{service} {error}.", hint=_OUR_SIDE)
        case UntrustedCertificate():
            return SourceUnavailable(
                f"The certificate of {host} is not one that we trust.",
                hint="Nothing was sent. If a proxy of your own stands between, set VISJOB_CA_FILE.",
            )
        case UnknownHost():
            return SourceUnavailable(f"The name {host} cannot be looked up.", hint=_OUR_SIDE)
        case httpx.ProxyError():
            return SourceUnavailable(
                f"The proxy does not connect us to {host}.", hint="Check VISJOB_PROXY_URL."
            )
        case httpx.ReadError():
            return SourceUnavailable(f"{service}'s answer was cut off.", hint=_CLOUD_SIDE)
        case httpx.TimeoutException():
            return SourceUnavailable(f"{service} did not answer in time.", hint=_CLOUD_SIDE)
        case httpx.NetworkError():
            return SourceUnavailable(
                f"{service} cannot be reached at {host}.", hint=f"{_CLOUD_SIDE} {_OUR_SIDE}"
            )
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return SourceRefused(f"{service} cannot be asked at this address.", hint=_OUR_SIDE)
    return SourceUnavailable(
        f"What answered at {host} does not speak HTTP as it should.", hint=_OUR_SIDE
    )
