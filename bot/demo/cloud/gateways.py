"""The answers of gateways and proxies that have no route; none is about a job."""

from collections.abc import Mapping

_JSON = "application/json"

#: The body of each kind of gateway without a route, and its content type.
NO_ROUTES: Mapping[str, tuple[str, str]] = {
    "kong": ('{"message":"no Route matched with those values"}', _JSON),
    "aws": ('{"message":"Not Found"}', _JSON),
    "spring": (
        '{"timestamp":"2026-03-01T12:00:00.000+00:00","status":404,"error":"Not Found",'
        '"path":"/v1/visualization-jobs"}',
        _JSON,
    ),
    "nginx": (
        "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
        "<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n"
        "</html>\r\n",
        "text/html",
    ),
    "traefik": ("404 page not found\n", "text/plain; charset=utf-8"),
    "azure": ('{"statusCode":404,"message":"Resource not found"}', _JSON),
    "apisix": ('{"error_msg":"404 Route Not Found"}\n', "text/plain; charset=utf-8"),
    "empty": ("", "text/plain"),
    "huawei": (
        '{"error_code":"APIG.0101","error_msg":"The API does not exist or has not been published'
        ' in the environment","request_id":"0123456789abcdef0123456789abcdef"}',
        _JSON,
    ),
}
