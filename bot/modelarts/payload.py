"""The vendor's members turned into our values: pure and total, knows nothing of HTTP or of codes.

Whatever they are, a function here returns a value or raises SourceUnavailable. A field that says
nothing usable is empty; a job without an id or a status is no observation at all: in a list, such
a row is counted and hides no other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from bot.core.job import LARGEST_JOB_ID, JobId, JobStatus, VisualizationJob
from bot.core.link import LONGEST_URL
from bot.core.listing import OddRow
from bot.core.text import Text, say
from bot.modelarts.strict_json import distrust

LONGEST_TEXT = 2_000
#: A link that was cut would lead elsewhere: one too long to be offered stays too long.
LONGEST_LINK = LONGEST_URL + 1

#: No job is older than this: the cloud opened for ModelArts later.
EARLIEST_CREATION = datetime(2015, 1, 1, tzinfo=UTC)
LONGEST_DURATION = timedelta(days=3650)
#: How far the cloud's clock may run ahead of ours before a creation time is absurd.
CLOCK_TOLERANCE = timedelta(days=1)

_NONE: Mapping[JobId, VisualizationJob] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a job is like that is like no other.
_BLANK = VisualizationJob(id=JobId(1), status=JobStatus.UNKNOWN, read_at=_EPOCH)
_LARGEST_STATUS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the list; `total` counts the jobs of all pages, None if the answer did not."""

    jobs: tuple[VisualizationJob, ...]
    total: int | None
    odd: tuple[OddRow, ...] = ()


def decode_job(
    members: Mapping[str, object], *, asked: JobId, read_at: datetime
) -> VisualizationJob:
    """Decode the detail answer. Raises SourceUnavailable if it is about another job."""
    try:
        job = _decode_job(members, read_at, _latest_creation(read_at))
    except _NoJob as fault:
        raise distrust(fault.what) from fault
    if job.id != asked:
        raise distrust(say("job\u00a0{id} instead of job\u00a0{asked}", id=job.id, asked=asked))
    return job


def decode_page(
    members: Mapping[str, object],
    *,
    read_at: datetime,
    known: Mapping[JobId, VisualizationJob] = _NONE,
) -> Page:
    """Decode one page of the list; a row that cannot be read hides no other.

    What is told again of the `known` is not kept twice while one list takes another's place.
    """
    rows, total = members.get("jobs", ()), read_int(members.get("job_total_count"))
    if rows is None and total == 0:
        rows = []
    if not isinstance(rows, list):
        raise distrust(say("a list without jobs in it"))
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
    return Page(
        jobs=tuple(jobs),
        total=total if total is not None and total >= 0 else None,
        odd=tuple(odd),
    )


def read_int(value: object) -> int | None:
    """An integer, also where the vendor sent it as a string; None for anything else."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    return None


def read_text(value: object, longest: int = LONGEST_TEXT) -> str:
    """A string as it is, cut to `longest`; but what cannot be stored or sent (U+0000, half a
    surrogate pair) is left out or replaced."""
    if not isinstance(value, str):
        return ""
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value[:longest]
    return value[:longest].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _NoJob(Exception):
    """These members are no job; `what` is what they are."""

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
    # What is an integer already, as nearly all are, need not be asked of a function.
    if not (type(number) is type(status) is type(span) is type(created) is int):
        number, status, span, created = map(read_int, (number, status, span, created))
    if number is None or not 0 < number <= LARGEST_JOB_ID:
        raise _NoJob(say("a job without an id"))
    # A made-up status would be told to people as a change.
    if status is None or not 0 <= status <= _LARGEST_STATUS:
        raise _NoJob(say("job\u00a0{id} without a status", id=number))
    like = known.get(JobId(number), like)
    # As exact as to multiply milliseconds, and quicker: a float tells microseconds apart here.
    is_span = span is not None and 0 <= span <= _LONGEST_DURATION
    is_time = created is not None and _EARLIEST <= created <= latest_creation
    created_at = _from_timestamp(created / 1000, UTC) if is_time else None
    return VisualizationJob(
        id=JobId(number),
        status=_LISTED.get(status) or JobStatus(status),
        read_at=read_at,
        # Equal is not yet the same: a second list of very many jobs would hold all words twice.
        name=like.name if name == like.name else read_text(name),
        description=like.description if words == like.description else read_text(words),
        service_url=like.service_url if url == like.service_url else read_text(url, LONGEST_LINK),
        train_url=like.train_url if path == like.train_url else read_text(path),
        resource_id=like.resource_id if resource == like.resource_id else read_text(resource),
        duration=_from_timestamp(span / 1000, UTC) - _EPOCH if is_span else None,
        created_at=like.created_at if like.created_at == created_at else created_at,
    )


def _latest_creation(read_at: datetime) -> int:
    """The largest number of milliseconds that a creation time may have when read then."""
    return (read_at + CLOCK_TOLERANCE - _EPOCH) // _MILLISECOND


#: The vendor's names, in the order in which a job is read.
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
