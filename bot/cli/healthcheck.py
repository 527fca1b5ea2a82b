"""Whether the local `serve` is ready; standard library only, for it runs every few seconds."""

import http.client

_SECONDS = 4.0


def is_ready(port: int) -> bool:
    """True if `/readyz` on this host answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
