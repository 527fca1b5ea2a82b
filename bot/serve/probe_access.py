"""Decide who may see internal details: a client on this machine, or one with the token."""

import hmac
from ipaddress import IPv6Address, ip_address

from aiohttp import web

# A proxy on this machine sets such headers when it forwards for a remote client. They are compared
# in lower case, without hyphens and underscores. No list of such headers is complete, so names that
# end like a client's address count too.
_FORWARDED_BEGIN = ("forwarded", "xforwarded", "xoriginal", "xproxy", "cf", "cdn", "via")
_FORWARDED_END = ("clientip", "realip", "connectingip", "remoteip", "sourceip", "userip", "peerip",
                  "remoteaddr", "clientaddr", "externaladdress")  # fmt: skip
_SCHEME = "bearer"


class ProbeAccess:
    """Decides which clients may see metrics and details."""

    def __init__(self, token: str | None) -> None:
        self._token = token.encode() if token else None

    def __repr__(self) -> str:
        return "<ProbeAccess>"

    @property
    def has_token(self) -> bool:
        """True if a token is set."""
        return self._token is not None

    def admits_scrape(self, request: web.BaseRequest) -> bool:
        """Return True with the right token or, if none is set, for a client on this machine."""
        return self._has_token(request) if self.has_token else _is_of_this_machine(request)

    def admits(self, request: web.BaseRequest) -> bool:
        """Return True with the right token, and for a client on this machine."""
        return self._has_token(request) or _is_of_this_machine(request)

    def _has_token(self, request: web.BaseRequest) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if self._token is None or scheme.lower() != _SCHEME:
            return False
        presented = given.strip().encode(errors="surrogateescape")
        return hmac.compare_digest(presented, self._token)


def _speaks_for_another(header: str) -> bool:
    name = header.lower().replace("-", "").replace("_", "")
    return name.startswith(_FORWARDED_BEGIN) or name.endswith(_FORWARDED_END)


def _is_of_this_machine(request: web.BaseRequest) -> bool:
    if any(map(_speaks_for_another, request.headers)):
        return False
    peer = request.transport.get_extra_info("peername") if request.transport else None
    if not isinstance(peer, tuple):
        return False
    try:
        address = ip_address(str(peer[0]).partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
