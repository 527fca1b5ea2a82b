"""The pages that machines ask: is it alive, is it ready."""

from aiohttp import web

from bot.core.health import Verdict
from bot.responder.health import HealthChecks


class Probes:
    """`/healthz` needs nothing but the process; `/readyz` looks at database and Slack token."""

    def __init__(self, checkup: HealthChecks) -> None:
        self._checkup = checkup

    async def healthz(self, _: web.BaseRequest) -> web.Response:
        """Alive: this loop answers."""
        return web.Response(text="ok\n")

    async def readyz(self, _: web.BaseRequest) -> web.Response:
        """Ready, or what is not. The age of the last good poll never makes it 503."""
        checks = await self._checkup.essentials()
        not_ready = [check.key for check in checks if check.verdict is Verdict.FAILED]
        age = self._checkup.last_good_poll_age()
        body = {
            "ready": not not_ready,
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
        return web.json_response(body, status=503 if not_ready else 200)
