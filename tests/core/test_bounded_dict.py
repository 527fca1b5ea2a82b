"""A bounded dictionary keeps its latest entries."""

from bot.core.bounded_dict import BoundedDict


def test_the_entry_that_was_set_longest_ago_goes_first() -> None:
    kept = BoundedDict[str, int](2)
    for key, value in (("first", 1), ("second", 2), ("first", 3), ("third", 4)):
        kept[key] = value

    assert dict(kept) == {"first": 3, "third": 4}
