"""Asks the local `serve` how it is; standard library only, for it runs every few seconds."""

import http.client

_SECONDS = 4.0
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}

ALIVE = "/healthz"
READY = "/readyz"


def is_well(host: str | None, port: int, page: str) -> bool:
    """True if a page of the server that listens on `host` (None: everywhere) answers 200."""
    asked = _EVERY_ADDRESS.get(host or "0.0.0.0", host or "")
    connection = http.client.HTTPConnection(asked, port, timeout=_SECONDS)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
