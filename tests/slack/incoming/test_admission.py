"""What somebody is to us, by what a payload says."""

import pytest

from bot.slack.incoming.admission import Relation, relation_of
from bot.slack.incoming.origin import Origin

OURS, SIBLING, THEIRS = "T0VISION01", "T0SIBLING1", "T0PARTNER1"
ORG, THEIR_ORG = "E0VISION01", "E0PARTNER1"


def an_origin(*team_ids: str, beside: tuple[str, ...] = (), **enterprise_of: str) -> Origin:
    return Origin(
        team_ids=frozenset(team_ids),
        enterprise_of=enterprise_of,
        enterprise_ids=frozenset([*enterprise_of.values(), *beside]),
        is_shared=None,
        channel_id="",
    )


RELATIONS = [
    ("our workspace", an_origin(OURS), Relation.OURS, Relation.OURS),
    ("our enterprise itself", an_origin(ORG), Relation.COLLEAGUE, Relation.COLLEAGUE),
    ("a workspace of our enterprise", an_origin(SIBLING, T0SIBLING1=ORG), Relation.COLLEAGUE,
     Relation.COLLEAGUE),
    ("a workspace named beside our enterprise", an_origin(SIBLING, beside=(ORG,)),
     Relation.COLLEAGUE, Relation.STRANGER),
    ("a workspace of another enterprise, beside ours",
     an_origin(THEIRS, beside=(ORG,), T0PARTNER1=THEIR_ORG), Relation.STRANGER, Relation.STRANGER),
    ("another enterprise, beside ours", an_origin(THEIR_ORG, beside=(ORG,)), Relation.STRANGER,
     Relation.STRANGER),
    ("a workspace alone", an_origin(SIBLING), Relation.STRANGER, Relation.STRANGER),
    ("ours and theirs", an_origin(OURS, THEIRS), Relation.STRANGER, Relation.STRANGER),
    ("ours and our enterprise", an_origin(OURS, ORG), Relation.COLLEAGUE, Relation.COLLEAGUE),
    ("nobody", an_origin(beside=(ORG,)), Relation.STRANGER, Relation.STRANGER),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "origin", "inside", "shared"), RELATIONS)
def test_a_person_is_ours_a_colleague_or_a_stranger(
    sentence: str, origin: Origin, inside: Relation, shared: Relation
) -> None:
    ours = {"team_id": OURS, "enterprise_id": ORG}

    assert relation_of(origin, **ours, is_shared=False) is inside, sentence
    assert relation_of(origin, **ours, is_shared=True) is shared, sentence


@pytest.mark.parametrize(("sentence", "origin", "inside", "shared"), RELATIONS)
def test_without_an_enterprise_there_are_no_colleagues(
    sentence: str, origin: Origin, inside: Relation, shared: Relation
) -> None:
    del inside, shared
    relation = relation_of(origin, team_id=OURS, enterprise_id="", is_shared=False)

    assert relation is (Relation.OURS if origin.team_ids == {OURS} else Relation.STRANGER), sentence
