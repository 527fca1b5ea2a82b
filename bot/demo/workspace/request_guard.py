"""Admit requests to the stand-in's server: from this computer only, and from no other site's page.

Other sites can reach the server through a browser on this computer, which sends what their pages
ask for. A browser names the site in the headers below; other programs send none of them.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


_OWN_PAGE = "/"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a foreign Host (DNS rebinding), requests for another site, orders to the page that are
    not JSON, and JSON that is nested too deeply."""
    if not _is_loopback(request.host):
        return _refused(403, "this server answers to loopback names only")
    if _is_of_another_site(request):
        return _refused(403, "this server answers to its own page only")
    is_order = request.path.startswith("/page/") and request.method == "POST"
    if is_order and request.content_type != "application/json":
        return _refused(415, "orders are JSON")
    try:
        return await handler(request)
    except RecursionError:
        return _refused(400, "this JSON is nested too deeply")


def _refused(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status)


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False


def _is_of_another_site(request: web.Request) -> bool:
    """Return True if any header names another site. Links to the page itself are allowed."""
    if request.method in ("GET", "HEAD") and request.path == _OWN_PAGE:
        return False
    headers, own = request.headers, f"http://{request.host}"
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    if headers.get("Origin", own) != own:
        return True
    referer = headers.get("Referer", "")
    return bool(referer) and referer != own and not referer.startswith(f"{own}/")
