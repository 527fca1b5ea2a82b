"""The vendor's status codes: each has one phase, one word, and its own name beside it."""

import pytest

from bot.core.cards.wording import status_code_words, symbol
from bot.core.job import JobStatus, Phase

# Written down again from the vendor's page, so that a slip in the code has something to meet.
TABLE = {
    0: ("JOBSTAT_UNKNOWN", "Unknown"),
    1: ("JOBSTAT_INIT", "Queued"),
    2: ("JOBSTAT_IMAGE_CREATING", "Queued"),
    3: ("JOBSTAT_IMAGE_FAILED", "Failed"),
    4: ("JOBSTAT_SUBMIT_TRYING", "Queued"),
    5: ("JOBSTAT_SUBMIT_FAILED", "Failed"),
    6: ("JOBSTAT_DELETE_FAILED", "Delete failed"),
    7: ("JOBSTAT_WAITING", "Queued"),
    8: ("JOBSTAT_RUNNING", "Running"),
    9: ("JOBSTAT_KILLING", "Stopping"),
    10: ("JOBSTAT_COMPLETED", "Finished"),
    11: ("JOBSTAT_FAILED", "Failed"),
    12: ("JOBSTAT_KILLED", "Stopped"),
    13: ("JOBSTAT_CANCELED", "Stopped"),
    14: ("JOBSTAT_LOST", "Lost"),
    15: ("JOBSTAT_SCALING", "Running"),
    16: ("JOBSTAT_SUBMIT_MODEL_FAILED", "Failed"),
    17: ("JOBSTAT_DEPLOY_SERVICE_FAILED", "Failed"),
    18: ("JOBSTAT_CHECK_INIT", "Queued"),
    19: ("JOBSTAT_CHECK_RUNNING", "Queued"),
    20: ("JOBSTAT_CHECK_RUNNING_COMPLETED", "Queued"),
    21: ("JOBSTAT_CHECK_FAILED", "Failed"),
    22: ("MOUNT_FAILED", "Failed"),
}


@pytest.mark.parametrize("code", TABLE)
def test_a_documented_code_has_the_vendors_name_and_our_word(code: int) -> None:
    status = JobStatus(code)

    assert (status.vendor_name, status.word) == TABLE[code]
    assert status.is_listed
    assert str(status_code_words(status)) == status.vendor_name


def test_the_table_is_whole() -> None:
    assert [status.value for status in JobStatus] == list(TABLE)


@pytest.mark.parametrize("code", [23, 37, 99, -1, 10**12])
def test_an_undocumented_code_keeps_its_number(code: int) -> None:
    status = JobStatus(code)

    assert status == code
    assert status.phase is Phase.UNKNOWN
    assert status.word == "Unknown"
    assert str(status_code_words(status)) == f"status {code} (unknown to this bot)"
    assert not status.is_listed
    assert not status.has_live_link


def test_what_is_no_number_is_no_status() -> None:
    with pytest.raises(ValueError, match="not a valid JobStatus"):
        JobStatus("8")  # type: ignore[arg-type]  # a careless caller


def test_lost_counts_as_failed() -> None:
    assert JobStatus.LOST.phase is Phase.FAILED


@pytest.mark.parametrize("code", [*TABLE, 37])
def test_only_a_running_job_has_a_live_link(code: int) -> None:
    assert JobStatus(code).has_live_link is (code == 8)


def test_every_phase_has_a_symbol_and_every_phase_but_unknown_a_code() -> None:
    phases = {status.phase for status in JobStatus}

    assert phases == set(Phase)
    assert all(symbol(status) for status in JobStatus)
