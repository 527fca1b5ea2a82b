"""Check SDK-HMAC-SHA256 signatures as the gateway does; made from the vendor's description alone.

https://support.huaweicloud.com/devg-apisign/api-sign-algorithm.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=([^\s,]+), SignedHeaders=([a-z0-9\-;]+), Signature=([0-9a-f]{{64}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request as sent: path and query percent-encoded, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationHeader:
    """The parts of an Authorization header."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def read_authorization(header: str) -> AuthorizationHeader | None:
    """Parse an Authorization header; None if it is not in the documented form."""
    match = _AUTHORIZATION.fullmatch(header)
    if match is None:
        return None
    access_key, names, signature = match.groups()
    return AuthorizationHeader(
        access_key=access_key, signed_headers=tuple(names.split(";")), signature=signature
    )


def is_signed(request: SentRequest, authorization: AuthorizationHeader, secret_key: str) -> bool:
    """Return True if the signature is right; a header that is named but not sent makes it wrong."""
    if "x-sdk-date" not in authorization.signed_headers:
        return False
    if any(name not in request.headers for name in authorization.signed_headers):
        return False
    expected = signature_of(request, authorization.signed_headers, secret_key)
    return hmac.compare_digest(expected, authorization.signature)


def signature_of(request: SentRequest, signed_headers: tuple[str, ...], secret_key: str) -> str:
    """Return the signature that the gateway expects; the secret key is not derived."""
    to_sign = "\n".join(
        (ALGORITHM, request.headers["x-sdk-date"], canonical_hash(request, signed_headers))
    )
    return hmac.new(secret_key.encode(), _bytes(to_sign), hashlib.sha256).hexdigest()


def canonical_hash(request: SentRequest, signed_headers: tuple[str, ...]) -> str:
    """Return the hex SHA-256 of the canonical request."""
    names = sorted(signed_headers)
    canonical = "\n".join(
        (
            request.method,
            _canonical_path(request.path),
            _canonical_query(request.query),
            "".join(f"{name}:{request.headers[name].strip()}\n" for name in names),
            ";".join(names),
            request.headers.get("x-sdk-content-sha256") or _sha256(request.body),
        )
    )
    return _sha256(_bytes(canonical))


def _canonical_path(path: str) -> str:
    segments = [_encode(_decode(segment)) for segment in path.split("/")]
    joined = "/".join(segments)
    return joined if joined.endswith("/") else joined + "/"


def _canonical_query(query: str) -> str:
    # A "+" is not read as a space, because the description has percent-encoding only.
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    decoded = sorted((_decode(key), _decode(value)) for key, _, value in pairs)
    return "&".join(f"{_encode(key)}={_encode(value)}" for key, value in decoded)


# Bytes that are not UTF-8 arrive escaped, and are signed as they were sent.


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _decode(text: str) -> str:
    return unquote(text, errors="surrogateescape")


def _encode(text: str) -> str:
    return quote(text, safe="~", errors="surrogateescape")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
