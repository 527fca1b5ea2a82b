"""The cloud's jobs over HTTP: the requests to send, and what makes an answer complete.

A failed request is not retried here. The reads of the last seconds are kept to share them with
other callers, and the last list is kept to share its strings with the next one.
"""

import re
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpx

from bot.core.acting import JobAction
from bot.core.errors import JobSourceError, SourceRefused, SourceUnavailable
from bot.core.job import LARGEST_JOB_ID, JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.ports.meter import UNMETERED, CallOutcome, Meter
from bot.core.ports.time import Clock, Monotonic
from bot.core.text import say
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.calls import Calls
from bot.modelarts.counting import outcome_of
from bot.modelarts.faults import read_answer
from bot.modelarts.payload import Page, decode_job, decode_page
from bot.modelarts.sharing import SharedReads
from bot.modelarts.strict_json import untrusted_answer
from bot.modelarts.walk import Walk

# The vendor's pages disagree on the largest page (100 or 1,000); 100 is valid in both.
# support.huaweicloud.com/intl/en-us/api-modelarts/modelarts_03_0065.html
PAGE_SIZE = 100
MOST_PAGES = 2_000
#: How often, at most, a list is read whose pages do not add up to its total.
MOST_WALKS = 3
#: A read is shared with other callers that ask for the same within so many seconds.
SHARE_SECONDS = 2.0
_LIST = "all"


class ModelArts:
    """The `JobSource` of one project.

    `timeout` is the absolute deadline of one request in seconds, login included. A job or a list
    read within the last `share_seconds` is not read again.
    """

    def __init__(
        self,
        *,
        client: httpx.AsyncClient,
        endpoint: str,
        project_id: str,
        login: TokenLogin | KeySigning,
        clock: Clock,
        monotonic: Monotonic,
        timeout: float = 10.0,
        share_seconds: float = SHARE_SECONDS,
        meter: Meter = UNMETERED,
    ) -> None:
        self._project_id = project_id
        self._url = _locate_jobs(endpoint, project_id)
        self._login = login
        self._clock = clock
        self._meter = meter
        self._calls = Calls(client, login, timeout=timeout)
        self._jobs = SharedReads[VisualizationJob](seconds=share_seconds, monotonic=monotonic)
        self._lists = SharedReads[Listing](seconds=share_seconds, monotonic=monotonic)
        # The jobs of the last list, so that the next list can share their strings.
        self._known: Mapping[JobId, VisualizationJob] = {}
        self._last_heard: tuple[str, datetime] | None = None

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""
        return self._project_id

    @property
    def last_server_skew(self) -> timedelta | None:
        """How far the cloud's clock was ahead of ours at its last answer, to about a second; None
        if no answer has named a time."""
        if self._last_heard is None:
            return None
        date, heard_at = self._last_heard
        try:
            server_time = parsedate_to_datetime(date)
            return server_time.replace(tzinfo=server_time.tzinfo or UTC) - heard_at
        except (ValueError, TypeError, OverflowError):
            return None

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobNotFound, SourceRefused or SourceUnavailable."""
        url = locate_job(self._url, job_id)
        return await self._jobs.get(job_id, lambda: self._read_job(url, job_id))

    async def read_now(self, job_id: JobId) -> VisualizationJob:
        """Read one job anew, not from a shared read. Raises as `get` does."""
        return await self._read_job(locate_job(self._url, job_id), job_id)

    async def act(self, job_id: JobId, action: JobAction) -> None:
        """Ask the cloud once to stop or restart a job. Returns if the cloud accepts.

        JobNotFound, SourceRefused: the cloud declined. SourceUnavailable: the outcome is unknown.
        """
        url = httpx.URL(f"{locate_job(self._url, job_id)}/{action.value}")
        try:
            await self._ask(self._calls.post(url), job_id=job_id)
        finally:
            # The action may have changed the job, so earlier reads are no longer shared.
            self._jobs.forget(job_id)
            self._lists.forget(_LIST)

    async def list_all(self) -> Listing:
        """Read every job, newest first. Raises JobSourceError if a page fails or pages disagree."""
        return await self._lists.get(_LIST, self._read_all)

    def is_fresh(self, job_id: JobId | None) -> bool:
        """True if a read of this job (None: of the list) is under way or was just made."""
        return self._lists.has(_LIST) if job_id is None else self._jobs.has(job_id)

    async def check_login(self) -> None:
        """Read one row of the list, which proves the login, the project and the right to read.

        Raises LoginRefused, SourceRefused or SourceUnavailable.
        """
        await self._read_page(1, size=1)

    async def close(self) -> None:
        """Cancel the reads that are under way. Whoever opened the client closes it."""
        await self._jobs.close()
        await self._lists.close()

    async def _read_job(self, url: httpx.URL, job_id: JobId) -> VisualizationJob:
        read_at = self._clock()
        members = await self._ask(self._calls.get(url), job_id=job_id)
        return decode_job(members, asked=job_id, read_at=read_at)

    async def _read_all(self) -> Listing:
        """Read the list until it is whole or two reads in a row agree; at most MOST_WALKS times."""
        before: Walk | None = None
        for _ in range(MOST_WALKS):
            walk = await self._walk()
            if not walk.fault or (before and walk.agrees_with(before)):
                self._known = walk.jobs
                return walk.finish()
            if not walk.may_be_whole:
                break
            before = walk
        raise untrusted_answer(walk.fault)

    async def _walk(self) -> Walk:
        walk = Walk(begun_at=self._clock(), page_size=PAGE_SIZE)
        for number in range(1, MOST_PAGES + 1):
            if walk.add(await self._read_page(number)):
                return walk
        raise SourceUnavailable(
            say("The project has more than {count} jobs.", count=MOST_PAGES * PAGE_SIZE),
            hint=say("I don't read lists that long. Delete old jobs."),
        )

    async def _read_page(self, number: int, *, size: int = PAGE_SIZE) -> Page:
        # The vendor's own spelling: of the parameters only `sortBy` is in camel case.
        query = f"order=desc&page={number}&per_page={size}&sortBy=create_time"
        read_at = self._clock()
        answer = await self._ask(self._calls.get(_parse_url(f"{self._url}?{query}")))
        return decode_page(answer, read_at=read_at, known=self._known)

    async def _ask(
        self, call: Awaitable[httpx.Response], *, job_id: JobId | None = None
    ) -> dict[str, object]:
        try:
            response = await call
            now = self._clock()
            self._last_heard = response.headers.get("date", ""), now
            answer = read_answer(response, now=now, job_id=job_id)
        except JobSourceError as fault:
            self._meter.count_cloud_call(outcome_of(fault))
            # People see the cloud's error text, which may quote a secret that we sent.
            for secret in self._login.secrets:
                fault.vendor_text = _hide(secret, fault.vendor_text)
                fault.code = _hide(secret, fault.code)
            raise
        self._meter.count_cloud_call(CallOutcome.OK)
        return answer


def _hide(secret: str, text: str) -> str:
    if secret in text:
        return text.replace(secret, "[hidden]")
    # Error text is cut to a limit, and the cut may have shortened a secret at its end.
    start = text.find(secret[:16])
    return text if start < 0 else f"{text[:start]}[hidden]"


def locate_job(jobs_url: str, job_id: JobId) -> httpx.URL:
    """Return the address of one job, which is always below `jobs_url`.

    Raises SourceRefused, before anything is sent, if `job_id` cannot be the id of a job.
    """
    if type(job_id) is not int or not 0 < job_id <= LARGEST_JOB_ID:
        raise SourceRefused(
            say("That cannot be the id of a job."),
            hint=say("A job id is a whole number such as 205."),
        )
    return _parse_url(f"{jobs_url}/{job_id}")


# The same addresses are requested again and again, and httpx parses an address slowly.
@lru_cache(maxsize=2 * MOST_PAGES)
def _parse_url(url: str) -> httpx.URL:
    return httpx.URL(url)


def _locate_jobs(endpoint: str, project_id: str) -> str:
    base = httpx.URL(endpoint)
    if base.scheme not in {"http", "https"} or not base.host or base.userinfo:
        raise ValueError("the endpoint must be an http or https address without a login in it")
    if base.raw_path != b"/" or base.fragment:
        raise ValueError("the endpoint must have no path")
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", project_id):
        raise ValueError("the project id must be letters and digits")
    return f"{str(base).rstrip('/')}/v1/{project_id}/visualization-jobs"
