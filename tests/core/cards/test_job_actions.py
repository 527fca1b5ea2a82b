"""Which buttons of a job stand on which card, and what each says."""

import pytest

from bot.core.cards.card import Action, Control, PlacePicker
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.commands.grammar import parse
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.subscribe import Subscribe

LINK = "https://console.huaweicloud.com/tensorboard/205/"
OPEN = ("Open TensorBoard", "205")

CASES: dict[str, tuple[JobCard, Following, str, str, list[tuple[str, str]]]] = {
    "a private answer offers to share itself": (
        JobCard.ANSWER, Following.NO, "", "",
        [("Refresh", "205"), ("Subscribe", "subscribe 205"), ("Share here", "205 share")],
    ),
    "a live link comes first": (
        JobCard.ANSWER, Following.NO, LINK, "",
        [OPEN, ("Refresh", "205"), ("Subscribe", "subscribe 205"), ("Share here", "205 share")],
    ),
    "an answer that everybody sees cannot be shared again": (
        JobCard.SHARED, Following.NO, LINK, "",
        [OPEN, ("Refresh", "205"), ("Subscribe", "subscribe 205")],
    ),
    "a followed card offers the end of its subscription": (
        JobCard.FOLLOWED, Following.YES, LINK, "",
        [OPEN, ("Refresh", "205"), ("Unsubscribe", "unsubscribe 205")],
    ),
    "a followed card of an ended job offers to follow it again": (
        JobCard.FOLLOWED, Following.ENDED, "", "",
        [("Refresh", "205"), ("Subscribe again", "subscribe 205")],
    ),
    "a change needs no Refresh: the card above it has one": (
        JobCard.CHANGE, Following.YES, LINK, "",
        [OPEN],
    ),
    "a change on the way offers nothing": (JobCard.CHANGE, Following.YES, "", "", []),
    "a change that ends the job offers to follow it again": (
        JobCard.CHANGE, Following.ENDED, "", "",
        [("Subscribe again", "subscribe 205")],
    ),
    "why offers what the place does not do yet": (
        JobCard.WHY, Following.NO, "", "",
        [("Refresh", "why 205"), ("Show job", "205"), ("Subscribe", "subscribe 205")],
    ),
    "why in a place that follows the job offers the end": (
        JobCard.WHY, Following.YES, "", "",
        [("Refresh", "why 205"), ("Show job", "205"), ("Unsubscribe", "unsubscribe 205")],
    ),
    "a new subscription names its place in every button that changes it": (
        JobCard.SUBSCRIBED, Following.YES, "", "subscribe 205 for failed in #C0EXP00001",
        [
            ("Unsubscribe", "unsubscribe 205 in #C0EXP00001"),
            ("Preview", "subscribe 205 for failed in #C0EXP00001 preview"),
            ("Also to me", "copy 205 in #C0EXP00001 to dm"),
            ("Copy to…", "copy 205 in #C0EXP00001"),
            ("Show job", "205"),
            ("Why?", "why 205"),
        ],
    ),
    "a subscription of one person is not copied to the same person": (
        JobCard.SUBSCRIBED, Following.YES, "", "subscribe 205 in dm",
        [
            ("Unsubscribe", "unsubscribe 205 in dm"),
            ("Preview", "subscribe 205 in dm preview"),
            ("Copy to…", "copy 205 in dm"),
            ("Show job", "205"),
            ("Why?", "why 205"),
        ],
    ),
}  # fmt: skip


def said(control: Control) -> tuple[str, str]:
    """What stands on a button, and the sentence that it says."""
    assert isinstance(control, Action | PlacePicker)
    label = control.label if isinstance(control, Action) else control.placeholder
    return str(label), control.command.text


@pytest.mark.parametrize("case", CASES)
def test_a_card_has_the_buttons_that_make_sense_on_it(case: str) -> None:
    card, following, link, sentence, expected = CASES[case]
    subscribe = parse(sentence) if sentence else None
    assert subscribe is None or isinstance(subscribe, Subscribe)

    controls = job_actions(
        JobNumber("205"), card=card, following=following, link=link, subscribe=subscribe
    )

    assert [said(control) for control in controls] == expected
