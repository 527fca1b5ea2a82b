"""Ask the local `serve` for its health, with the standard library only, for a quick start."""

import http.client

_SECONDS = 4.0
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}

ALIVE = "/healthz"
READY = "/readyz"


def is_well(host: str | None, port: int, page: str) -> bool:
    """Return True if a page answers 200; the server listens on `host`, None for every address."""
    asked = _EVERY_ADDRESS.get(host or "0.0.0.0", host or "")
    connection = http.client.HTTPConnection(asked, port, timeout=_SECONDS)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
