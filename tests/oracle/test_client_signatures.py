"""Our signatures under the vendor's own signer, for requests that nobody wrote down."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.modelarts.signing import authorize, canonical_query

# What other packages warn of is not ours to mend.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

PROJECT = "0123456789abcdef0123456789abcdef"
HOST = "modelarts.eu-de.otc.t-systems.com"
SIGNED_AT = "20260102T030405Z"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
queries = st.dictionaries(texts.filter(bool), texts, max_size=5)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE"])


@given(methods, queries, texts, st.booleans())
@settings(deadline=None)
def test_the_vendors_signer_signs_as_we_do(
    method: str, query: dict[str, str], body: str, is_temporary: bool
) -> None:
    body = body if method in {"POST", "PUT"} else ""
    headers = {"X-Sdk-Date": SIGNED_AT, "X-Project-Id": PROJECT}
    if body:
        headers["Content-Type"] = "application/json"
    if is_temporary:
        headers["X-Security-Token"] = "sts-token"
    path = f"/v1/{PROJECT}/visualization-jobs/197"

    theirs = _sign(method, path, list(query.items()), dict(headers), body)
    ours = authorize(
        method=method,
        path=path,
        query=query.items(),
        headers={"Host": HOST, **headers},
        body=body.encode(),
        access_key="AccessKey",
        secret_key="SecretKey",
    )

    assert ours == theirs.header_params["Authorization"]
    assert canonical_query(query.items()) == theirs.uri.partition("?")[2]


def _sign(
    method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str], body: str
) -> Any:
    signer = pytest.importorskip("huaweicloudsdkcore.signer.signer")
    request = pytest.importorskip("huaweicloudsdkcore.sdk_request")
    credentials = pytest.importorskip("huaweicloudsdkcore.auth.credentials")
    unsigned = request.SdkRequest(
        method=method,
        schema="https",
        host=HOST,
        resource_path=path,
        query_params=query,
        header_params=headers,
        body=body,
    )
    return signer.Signer(credentials.BasicCredentials("AccessKey", "SecretKey", PROJECT)).sign(
        unsigned
    )
