"""Whose a person is, from each form in which Slack says it."""

import pytest

from bot.slack.blocks import Json
from bot.slack.outgoing.membership import is_member, is_stranger
from tests.neighbours import HOME, ORG, SIBLING, THEIR_ORG, THEIRS

#: A sentence, what Slack says of them, whether they are a member, and a stranger.
PEOPLE: list[tuple[str, Json, bool, bool]] = [
    ("nothing is said", {}, True, False),
    ("one of us", {"team_id": HOME, "is_stranger": False}, True, False),
    ("a guest of ours", {"team_id": HOME, "is_restricted": True}, True, False),
    ("somebody of another company", {"team_id": THEIRS}, False, True),
    ("said to be a stranger", {"team_id": HOME, "is_stranger": True}, True, True),
    ("a colleague who is in our workspace, too",
     {"team_id": SIBLING, "enterprise_user": {"enterprise_id": ORG, "teams": [SIBLING, HOME]}},
     True, False),
    ("a colleague of another workspace",
     {"team_id": SIBLING, "enterprise_user": {"enterprise_id": ORG, "teams": [SIBLING]}},
     False, False),
    ("a colleague whose workspace is the organization", {"team_id": ORG}, False, False),
    ("somebody of another organization",
     {"team_id": THEIRS, "enterprise_user": {"enterprise_id": THEIR_ORG, "teams": [THEIRS]}},
     False, True),
    ("a form that Slack does not have", {"team_id": THEIRS, "enterprise_user": "x"}, False, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "user", "is_of_us", "is_strange"), PEOPLE, ids=[row[0] for row in PEOPLE]
)
def test_whose_a_person_is(sentence: str, user: Json, is_of_us: bool, is_strange: bool) -> None:
    assert is_member(user, HOME) is is_of_us, sentence
    assert is_stranger(user, HOME, ORG) is is_strange, sentence


def test_without_an_organization_whoever_is_no_member_is_a_stranger() -> None:
    assert is_stranger({"team_id": SIBLING}, HOME, "")
    assert not is_stranger({"team_id": HOME}, HOME, "")
