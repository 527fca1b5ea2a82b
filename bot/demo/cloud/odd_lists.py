"""Faults of lists: a row that is no job, a missing job, a wrong total."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.demo.cloud.answers import Answer, Json


def _without(job: Json, key: str) -> Json:
    return {name: value for name, value in job.items() if name != key}


#: The kinds of bad rows: each function makes one from a good row.
ODD_ROWS: Mapping[str, Callable[[Json], object]] = {
    "status null": lambda job: {**job, "status": None},
    "status empty": lambda job: {**job, "status": ""},
    "status in words": lambda job: {**job, "status": "JOBSTAT_RUNNING"},
    "no status": lambda job: _without(job, "status"),
    "id null": lambda job: {**job, "job_id": None},
    "id zero": lambda job: {**job, "job_id": 0},
    "no id": lambda job: _without(job, "job_id"),
    "null": lambda _: None,
    "text": lambda job: str(job["job_id"]),
}


def odd_row(answer: Answer, shape: str = "status null", job_id: int | None = None) -> Answer:
    """Replace one row of a list (the first, or that of `job_id`) by a bad row, one of ODD_ROWS."""

    def spoil(rows: list[Json]) -> list[object]:
        spoiled = job_id or next((row["job_id"] for row in rows), None)
        return [ODD_ROWS[shape](row) if row["job_id"] == spoiled else row for row in rows]

    return _on_rows(answer, spoil)


def unlisted(answer: Answer, job_id: int = 205) -> Answer:
    """Remove one job from a list and from its total, as if it had never existed."""
    short = _on_rows(answer, lambda rows: [row for row in rows if row["job_id"] != job_id])
    return _with_total(short, -1) if short != answer else answer


def wrong_total(answer: Answer, by: int = 1) -> Answer:
    """Increase the total of a list by `by`."""
    return _with_total(answer, by)


def _on_rows(answer: Answer, change: Callable[[list[Json]], Sequence[object]]) -> Answer:
    rows = answer.data.get("jobs")
    if not isinstance(rows, list):
        return answer
    return replace(answer, data={**answer.data, "jobs": list(change(rows))})


def _with_total(answer: Answer, by: int) -> Answer:
    total = answer.data.get("job_total_count")
    if not isinstance(total, int):
        return answer
    return replace(answer, data={**answer.data, "job_total_count": total + by})
