"""Files of subscriptions as they are found."""

import os
from pathlib import Path

import pytest

from bot.cli.subscriptions_file import read_yaml
from bot.core.file_shapes import BadFile


def test_a_pipe_into_which_nobody_writes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.config.pipes._WAIT_FOR_WRITER_MS", 1)
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BadFile) as refused:
        read_yaml(tmp_path / "pipe")

    assert [str(one.words) for one in refused.value.mistakes] == [
        "This is a pipe into which nobody writes."
    ]
