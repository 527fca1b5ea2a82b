"""The pages for probes: `/healthz` (is the process alive?) and `/readyz` (can it serve?)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.core.health import Check, Verdict
from bot.serve.probe_access import ProbeAccess
from bot.serve.request_intake import RequestIntake


@dataclass(frozen=True, slots=True)
class Probes:
    """`/healthz` checks this process alone. `/readyz` checks database, schema, Slack token and the
    way in for requests."""

    essentials: Callable[[], Awaitable[tuple[Check, ...]]]
    intake: RequestIntake
    access: ProbeAccess
    #: In seconds; None before the first good read.
    last_good_poll_age: Callable[[], float | None]

    async def healthz(self, _: web.BaseRequest) -> web.Response:
        """Answer 200, which proves that the loop runs, or 503 if the socket to Slack is dead."""
        if self.intake.is_dead:
            return web.Response(status=503, text="the connection to Slack is dead\n")
        return web.Response(text="ok\n")

    async def readyz(self, request: web.BaseRequest) -> web.Response:
        """Answer 200, or 503 if a check failed. The age of the last good poll never causes 503.
        Only clients that ProbeAccess admits see the details."""
        checks = await self.essentials()
        not_ready = [check.key for check in checks if check.verdict is Verdict.FAILED]
        if self.intake.is_closing:
            not_ready.append("stopping")
        body: dict[str, object] = {"ready": not not_ready}
        if self.access.admits(request):
            body |= self._details(checks, not_ready)
        return web.json_response(body, status=503 if not_ready else 200)

    def _details(self, checks: tuple[Check, ...], not_ready: list[str]) -> dict[str, object]:
        age = self.last_good_poll_age()
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
