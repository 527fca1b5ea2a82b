"""What `history` says first of a job whose watch is young: its state, not that it was idle."""

from datetime import UTC, timedelta

import pytest

from bot.core.cards.past.history import history_card
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.history import History
from bot.core.timeline import JobRecord, longest_gap, timeline
from tests.make import NOW, a_job

GAP = longest_gap(timedelta(seconds=30))


@pytest.mark.parametrize(
    ("status", "watched", "unread", "is_gone", "says"),
    [
        (8, 0, 0, False, "flowers-tb (205) is running now. Watched since "),
        (15, 20, 20, False, "flowers-tb (205) is running now. Watched since "),
        (8, 3600, 3600, False, "flowers-tb (205) was running when I last saw it. Watched since "),
        (8, 3600, 0, False, "flowers-tb (205) ran at least 1 h in the last 7 days. Watched since "),
        (7, 0, 0, False, "flowers-tb (205) is queued. Watched since "),
        (7, 3600, 0, False, "flowers-tb (205) is queued. Watched since "),
        (7, 3600, 3600, False, "flowers-tb (205) was not seen running in the last 7 days."),
        (12, 3600, 0, False, "flowers-tb (205) was stopped after 2 h 14 min. Watched since "),
        (12, 8 * 24 * 3600, 0, False, "flowers-tb (205) was not seen running in the last 7 days."),
        (8, 3600, 3600, True, "flowers-tb (205) was not seen running in the last 7 days."),
    ],
)
def test_a_young_watch_does_not_make_a_job_idle(
    status: int, watched: int, unread: int, says: str, *, is_gone: bool
) -> None:
    job = a_job(status=status)._replace(read_at=NOW - timedelta(seconds=unread))
    since = NOW - timedelta(seconds=watched)
    record = JobRecord(job=job, watched_since=since, is_gone=is_gone)
    begin = NOW - timedelta(days=7)
    spans = timeline(record, begin=begin, end=NOW, gap=GAP)

    card = history_card(History(JobNumber("205")), record, spans, begin=begin, end=NOW, zone=UTC)

    assert str(card.summary).replace("\xa0", " ").startswith(says)
