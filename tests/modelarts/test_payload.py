"""Every contradiction of the vendor's pages, decoded."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import SourceUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.link import live_link
from bot.modelarts.payload import EARLIEST_CREATION, LONGEST_TEXT, decode_job, decode_page, read_int
from bot.modelarts.strict_json import read_object
from tests.make import NOW
from tests.modelarts.scripted import job

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _NOW = (
    (moment - _EPOCH) // timedelta(milliseconds=1) for moment in (EARLIEST_CREATION, NOW)
)


def test_the_sample_of_the_vendors_page_is_read() -> None:
    body = (
        b'{"duration":33000,"service_url":"https://XXX/modelarts2/tensorboard/04f6/197/",'
        b'"job_name":"apiTest-11","create_time":1565149736000,"train_url":"/wph-test/",'
        b'"job_id":197,"job_desc":"ModelArts API Dialtest","resource_id":"e17dd874",'
        b'"remaining_duration":null,"is_success":true,"status":7}'
    )

    assert decode_job(read_object(body), asked=JobId(197), read_at=NOW) == VisualizationJob(
        id=JobId(197),
        status=JobStatus.WAITING,
        read_at=NOW,
        name="apiTest-11",
        description="ModelArts API Dialtest",
        service_url="https://XXX/modelarts2/tensorboard/04f6/197/",
        train_url="/wph-test/",
        resource_id="e17dd874",
        duration=timedelta(seconds=33),
        created_at=datetime(2019, 8, 7, 3, 48, 56, tzinfo=UTC),
    )


def test_numbers_may_come_as_strings() -> None:
    members = job(job_id="205", status="8", create_time="1565149736000", duration="33000")

    assert _decode(members) == _decode(job())


def test_a_job_may_say_nothing_but_its_id_and_status() -> None:
    assert _decode({"job_id": 205, "status": 8}) == VisualizationJob(
        id=JobId(205), status=JobStatus.RUNNING, read_at=NOW
    )


def test_null_fields_are_absent_fields() -> None:
    nulls = dict.fromkeys(job(), None) | {"job_id": 205, "status": 8}

    assert _decode(nulls) == _decode({"job_id": 205, "status": 8})


@pytest.mark.parametrize("wrong", [5, True, [], {}, 1.5])
def test_a_text_that_is_none_is_empty(wrong: object) -> None:
    found = _decode(job(job_name=wrong, job_desc=wrong, service_url=wrong))

    assert (found.name, found.description, found.service_url) == ("", "", "")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<!channel> *b* \u202e & \x07", "<!channel> *b* \u202e & \x07"),
        ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT),
        ("ü" * (LONGEST_TEXT + 1), "ü" * LONGEST_TEXT),
        ("a\ud800b", "a�b"),
        ("😀", "😀"),
    ],
)
def test_text_stays_as_it_is_but_for_its_length_and_half_characters(sent: str, read: str) -> None:
    found = _decode(read_object(json.dumps(job(job_name=sent)).encode()))

    assert found.name == read
    assert found.name.encode()


@pytest.mark.parametrize("number", [37, 255, 2**31 - 1, 0])
def test_a_status_that_no_page_lists_keeps_its_number(number: int) -> None:
    assert _decode(job(status=number)).status.value == number


def test_a_null_character_is_left_out_of_every_text() -> None:
    read = _decode(
        job(job_name="a\0b", job_desc="\0", service_url="https://x/\0", train_url="\0/o")
    )

    assert (read.name, read.description) == ("ab", "")
    assert (read.service_url, read.train_url) == ("https://x/", "/o")


@pytest.mark.parametrize("length", [2001, 2999, 3000, 3001, 4000])
def test_a_link_is_never_cut_into_another_that_could_be_offered(length: int) -> None:
    url = "https://console.huaweicloud.com/".ljust(length, "x")
    read = _decode(job(status=8, service_url=url))

    assert live_link(read, ["console.huaweicloud.com"]) == (url if length <= 3000 else "")


@pytest.mark.parametrize("status", [None, "", "running", -1, 2**31, 8.5, True, [8], {}, "٨"])
def test_a_job_without_a_status_is_no_observation(status: object) -> None:
    with pytest.raises(SourceUnavailable, match="job 205 without a status"):
        _decode(job(status=status))


@pytest.mark.parametrize("job_id", [None, "", "x", 0, -205, 2**63, 205.5, True, [205], "٢٠٥"])
def test_a_job_without_an_id_is_no_observation(job_id: object) -> None:
    with pytest.raises(SourceUnavailable, match="without an id"):
        _decode(job(job_id=job_id))


@pytest.mark.parametrize(
    "create_time",
    [
        None, 0, -1, "soon", True, 1.5, [], 10**30, 9 * 10**18, 2**63,
        15099239923,  # the vendor's own list sample: neither seconds nor milliseconds
        1565149736,  # seconds
        1774448225000 + 86_400_001,  # more than a day after the reading
    ],
)  # fmt: skip
def test_an_absurd_creation_time_is_none(create_time: object) -> None:
    assert _decode(job(create_time=create_time)).created_at is None


@pytest.mark.parametrize(
    "duration", [
        None, -1, "long", True, {}, 10**30, 2**63, 4 * 10**11,
        -0.5, float("nan"), float("inf"), float("-inf"), 1e300, "7200000.", "1e3", "nan",
    ],
)  # fmt: skip
def test_an_absurd_duration_is_none(duration: object) -> None:
    assert _decode(job(duration=duration)).duration is None


@pytest.mark.parametrize(
    ("duration", "milliseconds"),
    [(7200000.7, 7200000), (1.5, 1), (0.9, 0), ("7200000.7", 7200000), (7200000.0, 7200000)],
)
def test_a_fraction_of_a_millisecond_is_left_out(duration: object, milliseconds: int) -> None:
    assert _decode(job(duration=duration)).duration == timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize("duration", [0, "0", 0.0, 1, 315_360_000_000])
def test_a_duration_is_milliseconds(duration: float | str) -> None:
    assert _decode(job(duration=duration)).duration == timedelta(milliseconds=float(duration))


@pytest.mark.parametrize(
    ("value", "number"),
    [("1", 1), ("-7", -7), ("007", 7), (1, 1), (2.0, 2),
     ("9" * 19, int("9" * 19)), ("9" * 20, None),
     ("1_000", None), (" 1", None), ("1\n", None), ("+1", None), ("0x1", None), ("²", None),
     (float("inf"), None), (float("nan"), None), (1e300, None), (True, None), (None, None)],
)  # fmt: skip
def test_an_integer_is_read_where_one_was_meant(value: object, number: int | None) -> None:
    assert read_int(value) == number


def test_a_page_has_its_jobs_and_the_total() -> None:
    page = decode_page({"jobs": [job(1), job(2)], "job_total_count": "2"}, read_at=NOW)

    assert [found.id for found in page.jobs] == [1, 2]
    assert page.total == 2


def test_a_decoded_job_is_one_like_any_other() -> None:
    found = _decode(job())
    made = VisualizationJob(*found)

    assert type(found) is VisualizationJob
    assert (found, hash(found), repr(found)) == (made, hash(made), repr(made))
    with pytest.raises(AttributeError):
        found.name = "another"  # type: ignore[misc]


@given(st.integers(min_value=_EARLIEST, max_value=_NOW))
def test_a_creation_is_exact_to_the_millisecond(milliseconds: int) -> None:
    since = timedelta(milliseconds=milliseconds)

    assert _decode(job(create_time=milliseconds)).created_at == _EPOCH + since


def test_a_list_that_counts_none_and_has_no_jobs_in_it_is_refused() -> None:
    with pytest.raises(SourceUnavailable, match="without jobs"):
        decode_page({"job_total_count": 0}, read_at=NOW)


def test_what_a_list_tells_again_is_kept_once() -> None:
    told = {"jobs": [job(1), job(2), job(3)]}
    first = decode_page(read_object(json.dumps(told).encode()), read_at=NOW).jobs
    told["jobs"][1]["job_name"] = "another"

    page = decode_page(
        read_object(json.dumps(told).encode()), read_at=NOW, known={one.id: one for one in first}
    )

    assert [one.name for one in page.jobs] == [first[0].name, "another", first[2].name]
    assert page.jobs[0].name is first[0].name
    assert page.jobs[2].service_url is first[2].service_url
    assert page.jobs[1].created_at is first[1].created_at


@pytest.mark.parametrize("total", [None, "many", -1, [], True])
def test_a_page_may_not_know_the_total(total: object) -> None:
    assert decode_page({"jobs": [], "job_total_count": total}, read_at=NOW).total is None


@pytest.mark.parametrize(
    "schedule", [None, [], {}, [{"type": "stop", "timeUnit": "HOURS"}], {"time_unit": 1}]
)
def test_what_we_do_not_use_may_have_any_shape(schedule: object) -> None:
    assert _decode(job(schedule=schedule, remaining_duration=schedule)) == _decode(job())


@pytest.mark.parametrize(
    "members",
    [
        {}, {"jobs": None}, {"jobs": {}}, {"jobs": "none"}, {"jobs": None, "job_total_count": 3},
        {"jobs": None, "job_total_count": None}, {"jobs": {}, "job_total_count": 0},
    ],
)  # fmt: skip
def test_a_list_without_jobs_is_not_an_empty_list(members: dict[str, object]) -> None:
    with pytest.raises(SourceUnavailable, match="a list without jobs"):
        decode_page(members, read_at=NOW)


@pytest.mark.parametrize("total", [0, "0"])
def test_no_jobs_at_all_are_an_empty_list_where_the_total_says_so(total: object) -> None:
    page = decode_page({"jobs": None, "job_total_count": total}, read_at=NOW)

    assert (page.jobs, page.total, page.odd) == ((), 0, ())


@pytest.mark.parametrize(
    ("row", "job_id", "what"),
    [
        (None, None, "a row that is no job"),
        (5, None, "a row that is no job"),
        ("job", None, "a row that is no job"),
        ([], None, "a row that is no job"),
        ({}, None, "a job without an id"),
        ({"status": 8}, None, "a job without an id"),
        (job(job_id=None), None, "a job without an id"),
        (job(job_id=0), None, "a job without an id"),
        (job(job_id="two"), None, "a job without an id"),
        ({"job_id": 2}, 2, "job 2 without a status"),
        (job(job_id=2, status=None), 2, "job 2 without a status"),
        (job(job_id=2, status=""), 2, "job 2 without a status"),
        (job(job_id="2", status="JOBSTAT_RUNNING"), 2, "job 2 without a status"),
        (job(job_id=2, status=-1), 2, "job 2 without a status"),
    ],
)
def test_one_row_that_is_no_job_hides_no_other(row: object, job_id: object, what: str) -> None:
    page = decode_page({"jobs": [job(1), row, job(3)], "job_total_count": 3}, read_at=NOW)

    assert [one.id for one in page.jobs] == [1, 3]
    assert [(odd.job_id, odd.what) for odd in page.odd] == [(job_id, what)]


@pytest.mark.parametrize(
    ("rows", "jobs", "odd"),
    [
        # A row that is repeated contradicts nothing.
        ([job(1), job(2), job(2)], [1, 2, 2], []),
        ([job(1), job(2, duration=1), job(2, duration=2)], [1, 2, 2], []),
        ([job(2, status=8), job(1), job(2, status=11)], [1], [2, 2]),
        ([job(2, status=8), job(2, status="8"), job(2, status=7), job(1)], [1], [2, 2, 2]),
        ([job(1), job(2, status=8), job(2, status=None)], [1, 2], [2]),
        ([job(2, status=8), job(2, status=99), job(3), job(3, status=2)], [], [2, 2, 3, 3]),
    ],
)  # fmt: skip
def test_rows_of_one_job_in_several_states_are_no_observation(
    rows: list[object], jobs: list[int], odd: list[int]
) -> None:
    page = decode_page({"jobs": rows, "job_total_count": len(rows)}, read_at=NOW)

    assert [one.id for one in page.jobs] == jobs
    assert [one.job_id for one in page.odd] == odd


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "nothing at all"),
        (b" \r\n", "nothing at all"),
        (b"<html><body>502</body></html>", "a web page instead of JSON"),
        (b"\xef\xbb\xbf", "nothing at all"),
        (b'\xef\xbb\xbf\xef\xbb\xbf{"job_id":1}', "not whole JSON"),
        (b'{"job_id":1}\xef\xbb\xbf', "not whole JSON"),
        (b'\xef\xbb\xbf{"status":7,"status":8}', "says one thing twice"),
        ('\ufeff{"job_id":1}'.encode("utf-16-le"), "bytes that are not UTF-8"),
        (b'{"job_id":20', "12 bytes that are not whole JSON"),
        (b'{"job_id":1}{"job_id":2}', "not whole JSON"),
        (b"{'job_id':1}", "not whole JSON"),
        (b'{"job_name":"\xff"}', "bytes that are not UTF-8"),
        ('{"job_id":1}'.encode("utf-16"), "bytes that are not UTF-8"),
        (b'{"job_id":NaN}', "the number NaN"),
        (b'{"job_id":-Infinity}', "the number -Infinity"),
        (b'{"status":7,"status":8}', "says one thing twice"),
        (b'{"a":{"status":7,"status":8}}', "says one thing twice"),
        (b"[]", "JSON that is not an object"),
        (b"null", "JSON that is not an object"),
        (b'"ok"', "JSON that is not an object"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "nested deeper than 32"),
        (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "nested deeper than 32"),
        (b'{"a":' * 100_000, "nested deeper than 32"),
        (b'{"a":' + b"[" * 400_000 + b"]" * 400_000 + b"}", "nested deeper than 32"),
        (b'{"job_id":' + b"9" * 5000 + b"}", "a number that is too long"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_strict_json_is_named(body: bytes, said: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        read_object(body)

    assert said in str(caught.value)
    assert caught.value.hint


def test_nesting_up_to_the_limit_and_many_rows_are_fine() -> None:
    assert read_object(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert len(read_object(json.dumps({str(n): [n] for n in range(5000)}).encode())) == 5000


def _decode(members: dict[str, object]) -> VisualizationJob:
    return decode_job(members, asked=JobId(205), read_at=NOW)
