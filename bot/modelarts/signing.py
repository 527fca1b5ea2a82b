"""SDK-HMAC-SHA256, the signature of an access key pair. Pure: no HTTP, no clock."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

ALGORITHM = "SDK-HMAC-SHA256"


# support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
def authorize(
    *,
    method: str,
    path: str,
    query: Iterable[tuple[str, str]],
    headers: Mapping[str, str],
    body: bytes,
    access_key: str,
    secret_key: str,
) -> str:
    """Return the value of the `Authorization` header.

    `path` and `query` are percent-decoded. `headers` are signed and must include `X-Sdk-Date`.
    """
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    names = ";".join(sorted(signed))
    request = canonical_request(method=method, path=path, query=query, headers=signed, body=body)
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{signed['x-sdk-date']}\n{digest}"
    signature = hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


def canonical_request(
    *,
    method: str,
    path: str,
    query: Iterable[tuple[str, str]],
    headers: Mapping[str, str],
    body: bytes,
) -> str:
    """Return the form of a request that both sides hash; `headers` are lower-case and trimmed."""
    names = sorted(headers)
    return "\n".join(
        (
            method,
            canonical_path(path),
            canonical_query(query),
            *(f"{name}:{headers[name]}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        )
    )


def canonical_path(path: str) -> str:
    """Percent-encode each segment, and add the final slash that only the signed form has."""
    encoded = "/".join(encode(segment) for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def canonical_query(query: Iterable[tuple[str, str]]) -> str:
    """Encode a query, sorted by key, then by value; a space becomes `%20`."""
    return "&".join(f"{encode(key)}={encode(value)}" for key, value in sorted(query))


# Nearly every string that is signed is signed again with the next request.
@lru_cache(maxsize=256)
def encode(text: str) -> str:
    """Percent-encode everything but `A-Z a-z 0-9 - . _ ~`."""
    return quote(text, safe="")
