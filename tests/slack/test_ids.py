"""The ids of the cloud that people only copy stand on the Details of a job, and nowhere else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.make import PROJECT, a_job

GOLDEN = Path(__file__).parents[1] / "golden"
_TOLD = ("text", "fallback", "title", "label", "alt_text", "accessibility_label")
#: Where they are: to copy, to bring back a file, and whose jobs a list has.
_HAVE_THEM = ("details", "subscription-export", "list")
#: A reminder names what the bill names.
_HAVE_THE_RESOURCE = "guard/"


def told(found: object) -> Iterator[str]:
    """What a message says, without what its buttons and its metadata carry."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key in _TOLD and isinstance(value, str):
                yield value
            elif key not in ("metadata", "private_metadata", "value", "url"):
                yield from told(value)
    if isinstance(found, list):
        for one in found:
            yield from told(one)


FILES = sorted(
    str(path.relative_to(GOLDEN))
    for path in GOLDEN.rglob("*.json")
    if not path.name.startswith(_HAVE_THEM)
)


@pytest.mark.parametrize("name", FILES)
def test_no_card_says_an_id_that_nobody_needs(name: str) -> None:
    said = "\n".join(told(json.loads((GOLDEN / name).read_text("utf-8"))))

    assert PROJECT not in said
    assert a_job().resource_id not in said or name.startswith(_HAVE_THE_RESOURCE)


def test_the_details_have_it_to_copy() -> None:
    said = "\n".join(told(json.loads((GOLDEN / "details.json").read_text("utf-8"))))

    assert a_job().resource_id in said
