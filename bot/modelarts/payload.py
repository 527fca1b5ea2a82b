"""The vendor's members turned into our values: pure and total, knows nothing of HTTP or of codes.

Whatever they are, a function here returns a value or raises SourceUnavailable. A field that says
nothing usable is empty; an answer without a job's id or status is no observation at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from bot.core.job import LARGEST_JOB_ID, JobId, JobStatus, VisualizationJob
from bot.modelarts.strict_json import distrust

LONGEST_TEXT = 2_000

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


def decode_job(
    members: Mapping[str, object], *, asked: JobId, read_at: datetime
) -> VisualizationJob:
    """Decode the detail answer. Raises SourceUnavailable if it is about another job."""
    job = _decode_job(members, read_at=read_at, latest_creation=_latest_creation(read_at))
    if job.id != asked:
        raise distrust(f"about job {job.id} when asked for job {asked}")
    return job


def decode_page(
    members: Mapping[str, object],
    *,
    read_at: datetime,
    known: Mapping[JobId, VisualizationJob] = _NONE,
) -> Page:
    """Decode one page of the list; one job that cannot be read spoils the page.

    What is told again of the `known` is not kept twice while one list takes another's place.
    """
    rows = members.get("jobs")
    if not isinstance(rows, list):
        raise distrust("a list without jobs in it")
    total = read_int(members.get("job_total_count"))
    latest = _latest_creation(read_at)
    jobs: list[VisualizationJob] = []
    like = _BLANK
    for row in rows:
        if not isinstance(row, dict):
            raise distrust("a list with something else than jobs in it")
        like = _decode_job(row, read_at=read_at, latest_creation=latest, known=known, like=like)
        jobs.append(like)
    return Page(
        jobs=tuple(jobs),
        total=total if total is not None and total >= 0 else None,
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


def read_text(value: object) -> str:
    """A string as it is, cut to LONGEST_TEXT; half a surrogate pair cannot be stored or sent."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value[:LONGEST_TEXT]
    return value[:LONGEST_TEXT].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Draft:
    """A job that is being filled in, and becomes one by its class: the layout is the same.

    The constructor of a frozen dataclass sets each field by a call; that took a third of the time
    in which a list was decoded.
    """

    __slots__ = tuple(field.name for field in fields(VisualizationJob))
    id: JobId
    status: JobStatus
    read_at: datetime
    name: str
    description: str
    service_url: str
    train_url: str
    resource_id: str
    duration: timedelta | None
    created_at: datetime | None


def _decode_job(
    members: Mapping[str, object],
    *,
    read_at: datetime,
    latest_creation: int,
    known: Mapping[JobId, VisualizationJob] = _NONE,
    like: VisualizationJob = _BLANK,
) -> VisualizationJob:
    find = members.get
    number = read_int(find("job_id"))
    if number is None or not 0 < number <= LARGEST_JOB_ID:
        raise distrust("a job without an id")
    job_id = JobId(number)
    status = read_int(find("status"))
    # A made-up status would be told to people as a change.
    if status is None or not 0 <= status <= _LARGEST_STATUS:
        raise distrust(f"job {job_id} without a status")
    like = known.get(job_id, like)
    job = _Draft()
    job.id = job_id
    job.status = _LISTED.get(status) or JobStatus(status)
    job.read_at = read_at
    # Equal is not yet the same: a second list of very many jobs would hold all words twice.
    text = find("job_name")
    job.name = like.name if text == like.name else read_text(text)
    text = find("job_desc")
    job.description = like.description if text == like.description else read_text(text)
    text = find("service_url")
    job.service_url = like.service_url if text == like.service_url else read_text(text)
    text = find("train_url")
    job.train_url = like.train_url if text == like.train_url else read_text(text)
    text = find("resource_id")
    job.resource_id = like.resource_id if text == like.resource_id else read_text(text)
    job.duration = _span(find("duration"))
    created_at = _creation(find("create_time"), latest_creation)
    job.created_at = like.created_at if like.created_at == created_at else created_at
    job.__class__ = VisualizationJob  # type: ignore[assignment]
    return job  # type: ignore[return-value]


def _span(value: object) -> timedelta | None:
    span = read_int(value)
    return None if span is None or not 0 <= span <= _LONGEST_DURATION else span * _MILLISECOND


def _creation(value: object, latest: int) -> datetime | None:
    at = read_int(value)
    # As exact as adding to the epoch, and quicker: a float still tells microseconds apart here.
    return None if at is None or not _EARLIEST <= at <= latest else _from_timestamp(at / 1000, UTC)


def _latest_creation(read_at: datetime) -> int:
    """The largest number of milliseconds that a creation time may have when read then."""
    return (read_at + CLOCK_TOLERANCE - _EPOCH) // _MILLISECOND


_from_timestamp = datetime.fromtimestamp
_LISTED = {status.value: status for status in JobStatus}
_MILLISECOND = timedelta(milliseconds=1)
_EARLIEST = (EARLIEST_CREATION - _EPOCH) // _MILLISECOND
_LONGEST_DURATION = LONGEST_DURATION // _MILLISECOND
