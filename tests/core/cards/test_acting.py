"""What is said where a job cannot be stopped or restarted just now, and where it never can."""

import pytest

from bot.core.acting import JobAction
from bot.core.cards.acting.acting import ask_card
from bot.core.cards.card import Action
from bot.core.cards.wording import status_code_words
from bot.core.job import JobStatus
from tests.make import a_job, line_words

STOP, RESTART = JobAction.STOP, JobAction.RESTART


@pytest.mark.parametrize(
    ("wanted", "status", "line", "labels"),
    [
        (
            RESTART,
            9,
            "It is still stopping; try again in a moment.",
            ["Try again", "Show job"],
        ),
        (
            STOP,
            18,
            "It is still starting; try again in a moment.",
            ["Try again", "Show job"],
        ),
        (
            STOP,
            20,
            "It is still starting; try again in a moment.",
            ["Try again", "Show job"],
        ),
        (STOP, 9, "It is already stopping.", ["Show job"]),
        (RESTART, 19, "It is already starting.", ["Show job"]),
        # These stay as they are.
        (RESTART, 6, "In this state it cannot be restarted.", ["Show job"]),
        (STOP, 21, "In this state it cannot be stopped.", ["Show job"]),
        (
            STOP,
            37,
            "In this state it cannot be stopped.",
            ["Show job"],
        ),
    ],
)
def test_a_state_that_passes_says_so_and_is_tried_again(
    wanted: JobAction, status: int, line: str, labels: list[str]
) -> None:
    card = ask_card(a_job(205, status), wanted, None)

    assert line_words(card.lines[1]) == line
    assert card.notes == ((status_code_words(JobStatus(status)),),)
    buttons = [one for one in card.controls if isinstance(one, Action)]
    assert [str(one.label) for one in buttons] == labels
    again = [one.command.text for one in buttons if str(one.label) == "Try again"]
    assert again == [f"{wanted.value} 205"] * ("Try again" in labels)
