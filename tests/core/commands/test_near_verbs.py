"""What a word that is no command may have meant."""

import pytest

from bot.core.commands.grammar import parse
from bot.core.commands.near_verbs import nearest_verbs
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import Phase

#: A word that newcomers type alone, and the list that they want.
LISTS = {
    "failed": ListJobs(Phase.FAILED),
    "failures": ListJobs(Phase.FAILED),
    "Running": ListJobs(Phase.RUNNING),
    "queued": ListJobs(Phase.QUEUED),
    "stopped": ListJobs(Phase.STOPPED),
    "finished": ListJobs(Phase.FINISHED),
    "jobs": ListJobs(),
}


@pytest.mark.parametrize("word", LISTS)
def test_a_state_alone_is_a_list(word: str) -> None:
    [guess] = nearest_verbs(word)

    assert parse(guess) == LISTS[word]
