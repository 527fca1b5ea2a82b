"""A job that is not there: that is said once; the cloud's own words are kept if they say more."""

import pytest

from bot.core.cards.bot.problem import gone_card
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.show import Show
from bot.core.errors import JobNotFound
from bot.core.job import JobId

WORDS = {
    "The job does not exist. job id: 99999": "",
    "Visualization job not found, Job ID = 99999.": "Visualization job not found.",
    "The visualization job 99999 does not exist": "The visualization job 99999 does not exist",
    "job id: 99999 is unknown": "job id: 99999 is unknown",
    "": "",
}


@pytest.mark.parametrize("said", WORDS)
def test_what_our_sentence_says_is_not_repeated_in_the_clouds_words(said: str) -> None:
    error = JobNotFound("ModelArts has no job 99999.", code="ModelArts.0102", vendor_text=said)

    card = gone_card(error, [], asked=Show(JobById(JobId(99999))))

    assert str(card.quote) == WORDS[said]
    assert "ModelArts has no job 99999." in str(card.summary)
    assert "(ModelArts.0102)" in str(card.summary)
