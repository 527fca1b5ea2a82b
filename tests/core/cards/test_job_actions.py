"""Which buttons of a job stand on which card, and what each says."""

from itertools import product

import pytest

from bot.core.acting import JobAction
from bot.core.action_ids import ActionIds
from bot.core.cards.acting.act_button import act_button
from bot.core.cards.card import Action, Control, Menu, PlacePicker
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.project import Project
from tests.make import NOW, PROJECT, TEAM, a_job

LINK = "https://console.huaweicloud.com/tensorboard/205/"
OPEN = ("Open TensorBoard", "205")

MORE = [
    ("Show what was posted", "why 205"),
    ("History", "history 205"),
    ("Details", "details 205"),
]
Said = list[tuple[str, str]]

# A sentence: the card, how its place stands to the job, the link, the sentence that made the
# subscription; then what stands on the card, and what in its menu.
CASES: dict[str, tuple[JobCard, Following, str, str, Said, Said]] = {
    "a private answer offers to share itself": (
        JobCard.ANSWER, Following.NO, "", "",
        [("Refresh", "205"), ("Subscribe", "subscribe 205")],
        [("Share here", "205 share"), *MORE],
    ),
    "a live link comes first": (
        JobCard.ANSWER, Following.NO, LINK, "",
        [OPEN, ("Refresh", "205"), ("Subscribe", "subscribe 205")],
        [("Share here", "205 share"), *MORE],
    ),
    "an answer that everybody sees cannot be shared again": (
        JobCard.SHARED, Following.NO, LINK, "",
        [OPEN, ("Refresh", "205"), ("Subscribe", "subscribe 205")],
        MORE,
    ),
    "an answer in a channel that follows the job offers no Subscribe": (
        JobCard.SHARED, Following.YES, LINK, "",
        [OPEN, ("Refresh", "205")],
        MORE,
    ),
    "a followed card offers the end of its subscription": (
        JobCard.FOLLOWED, Following.YES, LINK, "",
        [OPEN, ("Refresh", "205"), ("Unsubscribe", "unsubscribe 205")],
        [("Snooze 4 h here", "snooze 205 4h"), ("Change…", "subscribe 205 form"), *MORE[1:]],
    ),
    "a card that is followed with others offers no end, which would end more than its job": (
        JobCard.FOLLOWED, Following.WITH_OTHERS, LINK, "",
        [OPEN, ("Refresh", "205")],
        [("Snooze 4 h here", "snooze 205 4h"), ("Change…", "subscribe 205 form"), *MORE[1:]],
    ),
    "an answer about a job that is followed with others offers to follow it by itself": (
        JobCard.ANSWER, Following.WITH_OTHERS, "", "",
        [("Refresh", "205"), ("Subscribe", "subscribe 205")],
        [("Share here", "205 share"), *MORE],
    ),
    "an answer that everybody sees of such a job offers neither": (
        JobCard.SHARED, Following.WITH_OTHERS, LINK, "", [OPEN, ("Refresh", "205")], MORE,
    ),
    "a followed card of an ended job offers to follow it again": (
        JobCard.FOLLOWED, Following.ENDED, "", "",
        [("Refresh", "205"), ("Subscribe again", "subscribe 205")],
        MORE[1:],
    ),
    "a card that is followed no longer offers to follow it again": (
        JobCard.CLOSED, Following.ENDED, "", "",
        [("Subscribe again", "subscribe 205")],
        [("Show job", "205"), *MORE],
    ),
    "a change to running has the one button that people want": (
        JobCard.CHANGE, Following.YES, LINK, "", [OPEN], [],
    ),
    "a change on the way has none": (JobCard.CHANGE, Following.YES, "", "", [], []),
    "a change that ends the job offers to follow it again": (
        JobCard.CHANGE, Following.ENDED, "", "", [("Subscribe again", "subscribe 205")], [],
    ),
    "a row of Home has one button, and the rest behind its menu": (
        JobCard.HOME, Following.NO, LINK, "subscribe 205 in dm",
        [OPEN],
        [("Show job", "205"), ("Subscribe by DM", "subscribe 205 in dm"), *MORE[1:]],
    ),
    "a row of Home that the person follows offers the end": (
        JobCard.HOME, Following.YES, "", "subscribe 205 in dm",
        [("Show job", "205")],
        [
            ("Unsubscribe", "unsubscribe 205 in dm"),
            ("Change…", "subscribe 205 in dm form"),
            *MORE[1:],
        ],
    ),
    "a new subscription names its place in every button that changes it": (
        JobCard.SUBSCRIBED, Following.YES, "", "subscribe 205 for failed in #C0EXP00001",
        [
            ("Show job", "205"),
            ("Unsubscribe", "unsubscribe 205 in #C0EXP00001"),
            ("Copy to…", "copy 205 in #C0EXP00001"),
        ],
        [
            ("Change…", "subscribe 205 in #C0EXP00001 form"),
            ("Preview", "subscribe 205 for failed in #C0EXP00001 preview"),
            ("Copy to me", "copy 205 in #C0EXP00001 to dm"),
            ("Show what was posted", "why 205"),
        ],
    ),
    "a subscription of one person is not copied to the same person": (
        JobCard.SUBSCRIBED, Following.YES, "", "subscribe 205 in dm",
        [
            ("Show job", "205"),
            ("Unsubscribe", "unsubscribe 205 in dm"),
            ("Copy to…", "copy 205 in dm"),
        ],
        [
            ("Change…", "subscribe 205 in dm form"),
            ("Preview", "subscribe 205 in dm preview"),
            ("Show what was posted", "why 205"),
        ],
    ),
}  # fmt: skip


def said(control: Control) -> tuple[str, str]:
    """What stands on a button, and the sentence that it says."""
    assert isinstance(control, Action | PlacePicker)
    label = control.label if isinstance(control, Action) else control.placeholder
    return str(label), control.command.text


def drawn(case: str) -> tuple[Control, ...]:
    """The controls of a sentence."""
    card, following, link, sentence, _, _ = CASES[case]
    subscribe = parse(sentence) if sentence else None
    assert subscribe is None or isinstance(subscribe, Subscribe)
    return job_actions(
        JobNumber("205"),
        card=card,
        following=following,
        link=link,
        subscribe=subscribe,
        name="resnet-sweep",
    )


@pytest.mark.parametrize("case", CASES)
def test_a_card_has_the_buttons_that_make_sense_on_it(case: str) -> None:
    *_, beside, behind = CASES[case]
    controls = drawn(case)
    menus = [control for control in controls if isinstance(control, Menu)]

    assert [said(control) for control in controls if not isinstance(control, Menu)] == beside
    assert [said(action) for menu in menus for action in menu.actions] == behind
    assert controls[-1:] == tuple(menus) or not menus


@pytest.mark.parametrize("case", CASES)
def test_there_are_three_buttons_and_five_lines_of_a_menu_at_the_most(case: str) -> None:
    *_, beside, behind = CASES[case]

    assert len(beside) <= 3
    assert len(behind) <= 5


@pytest.mark.parametrize("card", JobCard)
def test_no_menu_has_more_lines_than_slack_takes(card: JobCard) -> None:
    for following, link, act, is_snoozed in product(
        Following, ("", LINK), (None, ACT), (False, True)
    ):
        controls = job_actions(
            JobNumber("205"),
            card=card,
            following=following,
            link=link,
            act=act,
            is_snoozed=is_snoozed,
        )
        menus = [control for control in controls if isinstance(control, Menu)]
        assert all(len(menu.actions) <= 5 for menu in menus)
        assert len(controls) - len(menus) <= 3


ALOUD = {
    "a followed card offers the end of its subscription": [
        "Open TensorBoard of resnet-sweep",
        "Refresh the card of resnet-sweep",
        "Stop following resnet-sweep here",
    ],
    "a private answer offers to share itself": [
        "Refresh the card of resnet-sweep",
        "Follow resnet-sweep here",
    ],
    "a row of Home has one button, and the rest behind its menu": [
        "Open TensorBoard of resnet-sweep",
    ],
    "a row of Home that the person follows offers the end": [
        "Show the card of resnet-sweep",
    ],
}


@pytest.mark.parametrize("case", ALOUD)
def test_a_screen_reader_says_what_a_button_does_to_which_job(case: str) -> None:
    spoken = [
        str(control.accessibility_label) for control in drawn(case) if isinstance(control, Action)
    ]

    assert spoken == ALOUD[case]


def test_a_job_without_a_given_name_is_read_out_by_its_number() -> None:
    first, *_ = job_actions(JobNumber("205"), card=JobCard.ANSWER, following=Following.NO)

    assert isinstance(first, Action)
    assert str(first.accessibility_label) == "Refresh the card of job 205"


ACT = Action(label="Stop…", command=Act(action=JobAction.STOP, job=JobNumber("205")))

#: With something that an operator may do: the card, how its place stands to the job, the link;
#: then the labels on the card, and whether Refresh stands behind the menu.
WITH_ACT: dict[str, tuple[JobCard, Following, str, list[str], bool]] = {
    "where three stand, Refresh goes behind the menu": (
        JobCard.ANSWER, Following.NO, LINK, ["Open TensorBoard", "Subscribe", "Stop…"], True,
    ),
    "a followed card": (
        JobCard.FOLLOWED, Following.YES, LINK, ["Open TensorBoard", "Unsubscribe", "Stop…"], True,
    ),
    "where there is room, Refresh stays": (
        JobCard.FOLLOWED, Following.YES, "", ["Refresh", "Unsubscribe", "Stop…"], False,
    ),
    "where the channel follows, Refresh stays": (
        JobCard.SHARED, Following.YES, LINK, ["Open TensorBoard", "Refresh", "Stop…"], False,
    ),
    "a card that is kept no more": (
        JobCard.CLOSED, Following.ENDED, "", ["Subscribe again"], False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WITH_ACT)
def test_what_an_operator_may_do_stands_third_and_never_in_the_menu(case: str) -> None:
    card, following, link, labels, is_moved = WITH_ACT[case]

    controls = job_actions(JobNumber("205"), card=card, following=following, link=link, act=ACT)

    beside = [control for control in controls if isinstance(control, Action)]
    [menu] = [control for control in controls if isinstance(control, Menu)]
    assert [str(action.label) for action in beside] == labels
    assert any(action.renews_card for action in menu.actions) == is_moved
    assert ACT not in menu.actions
    assert len(menu.actions) <= 5


def test_the_card_of_a_snoozed_job_offers_to_wake_it() -> None:
    controls = job_actions(
        JobNumber("205"), card=JobCard.FOLLOWED, following=Following.YES, is_snoozed=True
    )

    [menu] = [control for control in controls if isinstance(control, Menu)]
    assert said(menu.actions[0]) == ("End snooze", "wake 205")
    assert not any("snooze" in action.command.text for action in menu.actions)


def every_label() -> set[str]:
    """The labels of all buttons of a job, on all cards, in all states of its place."""
    found = set()
    for card, following, is_snoozed in product(JobCard, Following, (False, True)):
        controls = job_actions(
            JobNumber("205"), card=card, following=following, link=LINK, is_snoozed=is_snoozed
        )
        for control in controls:
            actions = control.actions if isinstance(control, Menu) else (control,)
            found |= {str(one.label) for one in actions if isinstance(one, Action)}
    return found


def test_a_label_is_short_and_in_sentence_case() -> None:
    labels = every_label()

    assert {one for one in labels if len(one) > 20} == set()
    assert {one for one in labels if one.capitalize() != one.replace("DM", "dm")} == {
        "Open TensorBoard"
    }


def test_only_what_opens_a_dialog_has_an_ellipsis() -> None:
    assert {one for one in every_label() if "…" in one} == {"Change…"}


@pytest.mark.parametrize("status", range(23))
def test_what_an_operator_may_do_has_one_name_in_every_state(status: int) -> None:
    button = act_button(
        a_job(status=status), ActionIds(b"key"), Project(team_id=TEAM, project_id=PROJECT), at=NOW
    )

    assert button is None or str(button.label) in ("Stop…", "Restart…")
