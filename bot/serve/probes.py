"""The pages that machines ask: is it alive, is it ready."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.core.health import Check, Verdict
from bot.serve.entrance import Entrance
from bot.serve.insiders import Insiders


class Probes:
    """`/healthz` asks nobody: it is about this process alone. `/readyz` looks at database, schema,
    Slack token and how requests come in."""

    def __init__(
        self,
        essentials: Callable[[], Awaitable[tuple[Check, ...]]],
        entrance: Entrance,
        insiders: Insiders,
        *,
        last_good_poll_age: Callable[[], float | None],
    ) -> None:
        """`last_good_poll_age` is in seconds."""
        self._essentials = essentials
        self._last_good_poll_age = last_good_poll_age
        self._entrance = entrance
        self._insiders = insiders

    async def healthz(self, _: web.BaseRequest) -> web.Response:
        """Alive: this loop answers, and its connection to Slack, if it has one, is not dead."""
        if self._entrance.is_dead:
            return web.Response(status=503, text="the connection to Slack is dead\n")
        return web.Response(text="ok\n")

    async def readyz(self, request: web.BaseRequest) -> web.Response:
        """Ready, or what is not. The age of the last good poll never makes it 503. Strangers hear
        yes or no."""
        checks = await self._essentials()
        not_ready = [check.key for check in checks if check.verdict is Verdict.FAILED]
        if self._entrance.is_closing:
            not_ready.append("stopping")
        body: dict[str, object] = {"ready": not not_ready}
        if self._insiders.admits(request):
            body |= self._details(checks, not_ready)
        return web.json_response(body, status=503 if not_ready else 200)

    def _details(self, checks: tuple[Check, ...], not_ready: list[str]) -> dict[str, object]:
        age = self._last_good_poll_age()
        return {
            "not_ready": not_ready,
            "checks": {
                check.key: {
                    "ok": check.verdict is not Verdict.FAILED,
                    "found": str(check.found),
                    "cure": str(check.cure),
                }
                for check in checks
            },
            "last_good_poll_age_seconds": None if age is None else round(age, 1),
        }
