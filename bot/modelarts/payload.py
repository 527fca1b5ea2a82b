"""Decode the vendor's members into our values. Pure and total; knows no HTTP and no codes.

For any members, a public function returns a value or raises SourceUnavailable. A field without a
usable value is empty. A job without an id or a status is no observation: in a list, such a row is
reported as odd, and the other rows are still read.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from bot.core.job import LARGEST_JOB_ID, JobId, JobStatus, VisualizationJob
from bot.core.link import LONGEST_URL
from bot.core.listing import OddRow
from bot.core.text import Text, say
from bot.modelarts.strict_json import untrusted_answer

LONGEST_TEXT = 2_000
#: A cut link would lead elsewhere. So a link is cut one character above the longest link that is
#: offered: then it is still too long to be offered.
LONGEST_LINK = LONGEST_URL + 1

#: The cloud started ModelArts later than this, so an earlier creation time is wrong.
EARLIEST_CREATION = datetime(2015, 1, 1, tzinfo=UTC)
LONGEST_DURATION = timedelta(days=3650)
#: How far ahead of our clock a creation time may be before it counts as wrong.
CLOCK_TOLERANCE = timedelta(days=1)

_NONE: Mapping[JobId, VisualizationJob] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Stands in where no earlier job is known whose strings could be shared.
_BLANK = VisualizationJob(id=JobId(1), status=JobStatus.UNKNOWN, read_at=_EPOCH)
_LARGEST_STATUS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the list; `total` counts the jobs of all pages, None if the answer has none."""

    jobs: tuple[VisualizationJob, ...]
    total: int | None
    odd: tuple[OddRow, ...]


def decode_job(
    members: Mapping[str, object], *, asked: JobId, read_at: datetime
) -> VisualizationJob:
    """Decode the answer about one job. Raises SourceUnavailable if it is about another job."""
    try:
        job = _decode_job(members, read_at, _latest_creation(read_at))
    except _NoJob as fault:
        raise untrusted_answer(fault.what) from fault
    if job.id != asked:
        raise untrusted_answer(
            say("job\u00a0{id} instead of job\u00a0{asked}", id=job.id, asked=asked)
        )
    return job


def decode_page(
    members: Mapping[str, object],
    *,
    read_at: datetime,
    known: Mapping[JobId, VisualizationJob] = _NONE,
) -> Page:
    """Decode one page of the list; a row that cannot be read does not hide the others.

    Strings that equal those of a `known` job are shared with it, so that two lists in memory do
    not hold each string twice.
    """
    rows, total = members.get("jobs", ()), read_int(members.get("job_total_count"))
    if rows is None and total == 0:
        rows = []
    if not isinstance(rows, list):
        raise untrusted_answer(say("a list without jobs in it"))
    latest = _latest_creation(read_at)
    jobs: list[VisualizationJob] = []
    odd: list[OddRow] = []
    like = _BLANK
    for row in rows:
        if not isinstance(row, dict):
            odd.append(OddRow(job_id=None, what="a row that is no job"))
            continue
        try:
            like = _decode_job(row, read_at, latest, known, like)
        except _NoJob as fault:
            odd.append(OddRow(job_id=_read_id(row.get("job_id")), what=str(fault)))
        else:
            jobs.append(like)
    if len({job.id for job in jobs}) < len(jobs):
        odd += _take_out_contradictions(jobs)
    return Page(
        jobs=tuple(jobs),
        total=total if total is not None and total >= 0 else None,
        odd=tuple(odd),
    )


def read_int(value: object) -> int | None:
    """Return an integer, also one that the vendor sent as a string; None for anything else."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    return None


def read_whole(value: object) -> int | None:
    """Return a number without its fraction, also one sent as a string; None for anything else."""
    if isinstance(value, str):
        found = re.fullmatch(r"(-?[0-9]{1,19})(?:\.[0-9]{1,19})?", value)
        return int(found[1]) if found else None
    if isinstance(value, float) and abs(value) < 2**53:
        return math.floor(value)
    return read_int(value)


def read_text(value: object, longest: int = LONGEST_TEXT) -> str:
    """Return a string, cut to `longest`; empty for anything else. U+0000 is left out and half a
    surrogate pair is replaced, because neither can be stored or sent."""
    if not isinstance(value, str):
        return ""
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value[:longest]
    return value[:longest].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _take_out_contradictions(jobs: list[VisualizationJob]) -> list[OddRow]:
    """Remove the rows of each job that one page lists in several states: none of them is an
    observation. Return them as odd rows."""
    states: dict[JobId, set[int]] = {}
    for job in jobs:
        states.setdefault(job.id, set()).add(job.status)
    contradictory = [job for job in jobs if len(states[job.id]) > 1]
    jobs[:] = [job for job in jobs if len(states[job.id]) == 1]
    what = "a job in several states in one list"
    return [OddRow(job_id=job.id, what=what) for job in contradictory]


class _NoJob(Exception):
    """The error for members that are no readable job; `what` describes them."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


def _read_id(value: object) -> JobId | None:
    number = read_int(value)
    return JobId(number) if number is not None and 0 < number <= LARGEST_JOB_ID else None


def _decode_job(
    members: Mapping[str, object],
    read_at: datetime,
    latest_creation: int,
    known: Mapping[JobId, VisualizationJob] = _NONE,
    like: VisualizationJob = _BLANK,
) -> VisualizationJob:
    try:
        told = _take(members)
    except KeyError:
        told = tuple(map(members.get, _MEMBERS))
    number, status, name, words, url, path, resource, span, created = told
    # Nearly all values are integers already, so avoid four function calls for each job.
    if not (type(number) is type(status) is type(span) is type(created) is int):
        number, status, created = map(read_int, (number, status, created))
        span = read_whole(span)
    if number is None or not 0 < number <= LARGEST_JOB_ID:
        raise _NoJob(say("a job without an id"))
    # People would be notified of a made-up status as if it were a change.
    if status is None or not 0 <= status <= _LARGEST_STATUS:
        raise _NoJob(say("job\u00a0{id} without a status", id=number))
    like = known.get(JobId(number), like)
    # As exact as to multiply milliseconds, and faster: a float is precise to microseconds here.
    is_span = span is not None and 0 <= span <= _LONGEST_DURATION
    is_time = created is not None and _EARLIEST <= created <= latest_creation
    created_at = _from_timestamp(created / 1000, UTC) if is_time else None
    return VisualizationJob(
        id=JobId(number),
        status=_LISTED.get(status) or JobStatus(status),
        read_at=read_at,
        # Reuse an equal string of the known job, or a second long list would hold each one twice.
        name=like.name if name == like.name else read_text(name),
        description=like.description if words == like.description else read_text(words),
        service_url=like.service_url if url == like.service_url else read_text(url, LONGEST_LINK),
        train_url=like.train_url if path == like.train_url else read_text(path),
        resource_id=like.resource_id if resource == like.resource_id else read_text(resource),
        duration=_from_timestamp(span / 1000, UTC) - _EPOCH if is_span else None,
        created_at=like.created_at if like.created_at == created_at else created_at,
    )


def _latest_creation(read_at: datetime) -> int:
    """Return the latest plausible creation time for a read at `read_at`, in ms since 1970."""
    return (read_at + CLOCK_TOLERANCE - _EPOCH) // _MILLISECOND


#: The vendor's member names, in the order in which `_decode_job` unpacks them.
_MEMBERS = (
    "job_id",
    "status",
    "job_name",
    "job_desc",
    "service_url",
    "train_url",
    "resource_id",
    "duration",
    "create_time",
)
_take = itemgetter(*_MEMBERS)
_from_timestamp = datetime.fromtimestamp
_LISTED = {status.value: status for status in JobStatus}
_MILLISECOND = timedelta(milliseconds=1)
_EARLIEST = (EARLIEST_CREATION - _EPOCH) // _MILLISECOND
_LONGEST_DURATION = LONGEST_DURATION // _MILLISECOND
