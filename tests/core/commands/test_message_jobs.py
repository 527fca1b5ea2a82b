"""Which jobs a message is about."""

import pytest

from bot.core.commands.targets.message_jobs import MessageWords, jobs_in
from bot.core.job import JobId
from tests.make import LINK_HOSTS, a_job

JOBS = [
    a_job(205),
    a_job(240, name="bert-finetune"),
    a_job(41, name="41st-try"),
    a_job(812, name="197"),
    a_job(197, name="apiTest-11"),
    a_job(300, name="sweep"),
    a_job(301, name="sweep"),
    a_job(12, name="a–b"),
]
LINK = JOBS[0].service_url

#: What somebody wrote, and the ids of its jobs.
TEXTS: list[tuple[str, list[int]]] = [
    ("205", [205]),
    ("job 205 failed again", [205]),
    ("see #205, please", [205]),
    ("(205)", [205]),
    ("205.", [205]),
    ("２０５ 失败了", [205]),
    ("205的状态", [205]),
    ("flowers-tb is slow", [205]),
    ("Flowers-TB: slow?", [205]),
    ("_flowers-tb_ and `bert-finetune`", [205, 240]),
    ("flowers-tb (205)", [205]),
    ("bert-finetune, then flowers-tb, then 240", [240, 205]),
    ("flowers-tb ran for 41 min", [205]),
    ("flowers-tb ran for 41\u00a0min, from 12:41 to 12:59", [205]),
    ("41 % of flowers-tb", [205]),
    ("flowers-tb costs $41", [205]),
    ("loss 0.41, step 41.5", []),
    ("on 2026-12-41", []),
    ("41 minimal examples", [41]),
    ("41 and 205", [41, 205]),
    ("197", [197, 812]),
    ("sweep", [300, 301]),
    ("sweep (301)", [301]),
    ("a–b has ended", [12]),
    ("my-flowers-tb-2", []),
    ("999", []),
    ("flowers", []),
    ("good morning", []),
    ("", []),
    (f"look: {LINK}", [205]),
    (f"{LINK}#scalars", [205]),
    ("https://console.huaweicloud.com/modelarts/?region=x#/tensorboard/p/240/", [240]),
    ("https://tb.vision.example/x/240", [240]),
    ("https://github.com/x/issues/205", []),
    ("http://[::1/205", []),
    ("9" * 400, []),
]


@pytest.mark.parametrize(("text", "ids"), TEXTS, ids=[row[0][:40] for row in TEXTS])
def test_a_text_names_jobs_by_id_name_and_link(text: str, ids: list[int]) -> None:
    assert [job.id for job in jobs_in(MessageWords(texts=(text,)), JOBS, LINK_HOSTS)] == ids


def test_links_count_without_their_text() -> None:
    said = MessageWords(texts=("my board",), links=(LINK, "https://evil.example/240/"))

    assert [job.id for job in jobs_in(said, JOBS, LINK_HOSTS)] == [205]


def test_where_our_own_buttons_name_a_job_nothing_else_counts() -> None:
    said = MessageWords(texts=("205 and 240",), own_ids=(JobId(240), JobId(240)))

    assert [job.id for job in jobs_in(said, JOBS, LINK_HOSTS)] == [240]


def test_our_own_buttons_of_a_job_that_is_gone_leave_the_text() -> None:
    said = MessageWords(texts=("flowers-tb",), own_ids=(JobId(999),))

    assert [job.id for job in jobs_in(said, JOBS, LINK_HOSTS)] == [205]
