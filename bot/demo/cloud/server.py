"""The HTTP server of the stand-in ModelArts and IAM, on the loopback interface."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Literal, TypedDict

from aiohttp import web

from bot.demo.cloud import jobs as lives
from bot.demo.cloud.answer_faults import Wire, encode
from bot.demo.cloud.answers import Answer, Refused
from bot.demo.cloud.api import JobsApi
from bot.demo.cloud.auth import AuthKind, CloudCredentials, Gatekeeper, kind_of
from bot.demo.cloud.cast import demo_jobs
from bot.demo.cloud.faults import Faults, Trouble
from bot.demo.cloud.iam import Iam
from bot.demo.cloud.jobs import CloudJob
from bot.demo.cloud.routes import MOST_BODY, MOST_PATH, Routes
from bot.demo.cloud.signature import SentRequest
from bot.demo.cloud.wire import drip, read_request, reset, to_response

PROJECT_ID = "04f679b17380d32a2f32c00335c4b5ba"
_HOST = "127.0.0.1"
_CALLS_PER_HOUR = 100_000
_MILLISECOND = timedelta(milliseconds=1)
_SHUTDOWN_SECONDS = 1.0


class JobView(TypedDict):
    """A job in the form of the demo's page."""

    job_id: int
    job_name: str
    status: int
    status_name: str
    duration_ms: int
    service_url: str
    has_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request that arrived, without its secrets; `place` is `elsewhere` for the other origin."""

    method: str
    path: str
    query: str
    auth: AuthKind
    place: Literal["cloud", "elsewhere"] = "cloud"


class StandInCloud:
    """One project of ModelArts and one IAM user, as strict as the cloud.

    Nothing runs in the background: the state of a job follows from `clock` (aware, UTC) and from
    the commands given. `speed` shortens the steps of the jobs' lives. `faults` makes calls fail;
    `journal` holds all requests, in order.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        project_id: str = PROJECT_ID,
        credentials: CloudCredentials | None = None,
        jobs: Iterable[CloudJob] | None = None,
        speed: float = 1.0,
    ) -> None:
        self.project_id = project_id
        self.credentials = credentials or CloudCredentials()
        self.faults = Faults()
        self.journal: list[Seen] = []
        self._clock = clock
        self._speed = speed
        self._api = JobsApi(demo_jobs(clock()) if jobs is None else jobs, clock, speed)
        self._gate = Gatekeeper(self.credentials, project_id, clock)
        iam = Iam(gate=self._gate, credentials=self.credentials, project_id=project_id)
        self._routes = Routes(gate=self._gate, iam=iam, api=self._api, project_id=project_id)
        self._listeners: list[Callable[[], None]] = []
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._ports: list[int] = []

    @property
    def url(self) -> str:
        """The base URL of ModelArts and IAM, once the server has started."""
        return f"http://{_HOST}:{self._ports[0]}"

    @property
    def elsewhere(self) -> str:
        """Another origin for redirects; requests that arrive there are in the journal."""
        return f"http://{_HOST}:{self._ports[1]}"

    async def start(self, port: int = 0) -> str:
        """Listen on the loopback interface, and return the base URL."""
        app = web.Application(client_max_size=2 * MOST_BODY)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            max_line_size=2 * MOST_PATH,
            max_field_size=MOST_PATH,
        )
        await runner.setup()
        self._runner = runner
        for wanted in (port, 0):
            await web.TCPSite(runner, _HOST, wanted).start()
        self._ports = [address[1] for address in runner.addresses]
        return self.url

    async def close(self) -> None:
        """Close all connections, and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def snapshot(self) -> list[JobView]:
        """Return every job in its present state, by id."""
        return [self._view(job) for job in self._api.present_jobs()]

    def push(self, job_id: int, status: int | None = None) -> None:
        """Move a job to the next step of its life, or to `status`. Raises KeyError."""
        self._put(lives.pushed(self._find(job_id), self._clock(), self._speed, status))

    def restart(self, job_id: int) -> None:
        """Restart a job with the usual life. Raises KeyError."""
        self._put(lives.restarted(self._find(job_id), self._clock()))

    def carry(self, span: timedelta) -> None:
        """Prepare for a jump of the clock: no job takes a step, and running jobs run on."""
        now = self._clock()
        self._gate.before_jump()
        for job in self._api.present_jobs():
            self._api.put(lives.carried(job, now, self._speed, span))
        self._tell()

    def add_job(self, job: CloudJob) -> None:
        """Add a job, or replace the job with the same id."""
        self._put(job)

    def vanish(self, job_id: int) -> None:
        """Remove a job at once, as if deleted long ago. Raises KeyError."""
        self._put(replace(self._find(job_id), deleted=self._clock()))

    def void_tokens(self) -> None:
        """Void all tokens issued so far."""
        self._gate.forget_tokens()

    def on_change(self, callback: Callable[[], None]) -> None:
        """Register a callback for each change that somebody makes; time alone never calls it."""
        self._listeners.append(callback)

    def _find(self, job_id: int) -> CloudJob:
        try:
            return self._api.find(job_id)
        except Refused:
            raise KeyError(job_id) from None

    def _put(self, job: CloudJob) -> None:
        self._api.put(job)
        self._tell()

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()

    def _view(self, job: CloudJob) -> JobView:
        state = lives.state_at(job, self._clock(), self._speed)
        return JobView(
            job_id=job.job_id,
            job_name=job.name,
            status=state.status,
            status_name=lives.status_name(state.status),
            duration_ms=state.ran // _MILLISECOND,
            service_url=job.service_url,
            has_ended=state.status in lives.ENDS,
        )

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        sent = await read_request(request)
        if not self._note(request, sent):
            return web.json_response({})
        trouble = self.faults.take(f"{sent.method} {request.raw_path}")
        wire = self._answer(sent, trouble)
        if "never_answers" in trouble.names:
            await self._closing.wait()
        if trouble.names & {"never_answers", "reset"}:
            return reset(request)
        if "slow_drip" in trouble.names:
            return await drip(request, wire, self._closing)
        return to_response(wire)

    def _note(self, request: web.Request, sent: SentRequest) -> bool:
        """Record a request in the journal; return False if it came to the other origin."""
        address = request.transport.get_extra_info("sockname") if request.transport else None
        arrived = address is None or address[1] == self._ports[0]
        seen = Seen(
            method=sent.method,
            path=sent.path,
            query=sent.query,
            auth=kind_of(sent),
            place="cloud" if arrived else "elsewhere",
        )
        self.journal.append(seen)
        return arrived

    def _answer(self, sent: SentRequest, trouble: Trouble) -> Wire:
        """Return the answer after all faults; a call that is not applied has no effect."""
        answer = self._call(sent, trouble) if trouble.applied else Answer(data={})
        for change in trouble.changes:
            answer = change(answer)
        wire = trouble.instead or encode(self._with_request_id(answer))
        for spoil in trouble.spoils:
            wire = spoil(wire)
        return replace(wire, headers={**self._own_headers(), **wire.headers})

    def _call(self, sent: SentRequest, trouble: Trouble) -> Answer:
        overlap = 1 if "shifted_pages" in trouble.names else 0
        try:
            answer = self._routes.answer(sent, self.url, overlap=overlap)
        except Refused as refused:
            return refused.answer
        if sent.method != "GET":
            self._tell()
        return answer

    def _with_request_id(self, answer: Answer) -> Answer:
        if not str(answer.data.get("error_code", "")).startswith("APIG."):
            return answer
        return replace(answer, data={**answer.data, "request_id": self._request_id()})

    def _own_headers(self) -> dict[str, str]:
        return {
            "Date": format_datetime(self._clock(), usegmt=True),
            "X-request-id": self._request_id(),
            "X-ratelimit": str(_CALLS_PER_HOUR),
            "X-ratelimit-used": str(_CALLS_PER_HOUR - len(self.journal)),
            "X-ratelimit-window": "hour",
        }

    def _request_id(self) -> str:
        return hashlib.sha256(f"request {len(self.journal)}".encode()).hexdigest()[:32]
