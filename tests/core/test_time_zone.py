"""A name of a time zone is one of IANA's, and no other file of the system's folder of zones."""

import pytest

from bot.core.time_zone import zone_named


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "Etc/GMT-8", "GMT", "CST6CDT"])
def test_these_are_zones(name: str) -> None:
    zone = zone_named(name)

    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name",
    [
        "", "localtime", "posixrules", "Factory", "posix/Asia/Shanghai", "right/UTC", "LocalTime",
        "Asia", "zone.tab", "tzdata.zi", "Mars/Phobos", "/etc/localtime", "../localtime", "a\0b",
        "x" * 300, None, 8,
    ],
)  # fmt: skip
def test_these_are_none(name: object) -> None:
    assert zone_named(name) is None
