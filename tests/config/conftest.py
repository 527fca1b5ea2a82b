"""An environment that a test may fill."""

from pathlib import Path

import pytest

from bot.config import SETTINGS_TABLE
from tests.config.environment import Environment

ALL_NAMES = [row.name for row in SETTINGS_TABLE]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    monkeypatch.chdir(tmp_path)
    for name in ALL_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    for prefix, names in {
        "HUAWEICLOUD_SDK_": "AK SK SECURITY_TOKEN PROJECT_ID",
        "OS_": "AUTH_URL USERNAME PASSWORD USER_DOMAIN_NAME PROJECT_ID",
    }.items():
        for name in names.split():
            monkeypatch.delenv(prefix + name, raising=False)
    monkeypatch.delenv("DYNO", raising=False)
    return Environment(monkeypatch, tmp_path)
