"""The command line speaks the language of the settings, also of what is wrong with them."""

from pathlib import Path

import pytest

from tests.program import call

# What is typed, with what beside the language in the environment, and what is to be read.
SAID = {
    "a wrong setting": (["serve"], {"PORT": "http"}, "PORT 是 'http'：不是整数。应为 0"),
    "a missing one": (["serve"], {}, "SLACK_BOT_TOKEN 未设置"),
    "how many": (["serve"], {}, "项设置需要修正"),
    "doctor": (["doctor"], {}, "SLACK_BOT_TOKEN 未设置"),
    "the manifest": (["manifest", "--socket-mode"], {}, "接下来："),
    "an address that Slack cannot reach": (
        ["manifest", "--url", "http://bot.example.com"], {}, "应为 https:// 加主机名",
    ),
    "migrate": (["migrate"], {}, "已"),
    "a copy of no file": (["backup", "copy.db"], {}, "没有可复制的 SQLite 文件"),
    "room on the disk": (["doctor"], {}, "MB 可用"),
    "what init misses": (["init", "--yes"], {}, "SLACK_BOT_TOKEN 未设置"),
    "nobody to ask": (["init"], {}, "此处无人可以回答"),
    "an address for init": (
        ["init", "--yes", "--url", "http://bot.example.com"], {}, "应为 https:// 加主机名",
    ),
    "no id of a channel": (["send-test", "general"], {}, "应为频道或个人的 ID"),
    "no database to move": (
        ["move-database", "sqlite:///a.db", "sqlite:///b.db"], {}, "文件 a.db 不存在",
    ),
    "no URL of a database": (["move-database", "mysql://a", "sqlite:///b.db"], {}, "应为 sqlite"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
async def test_each_command_speaks_chinese(tmp_path: Path, case: str) -> None:
    words, given, said = SAID[case]
    database = f"sqlite:///{tmp_path / 'visjob.db'}"
    env = {"VISJOB_LANGUAGE": "zh-CN", "DATABASE_URL": database, **given}

    ended = await call(*words, env=env)

    assert said in ended.out + ended.err


async def test_a_language_that_is_none_is_complained_of_in_english() -> None:
    ended = await call("serve", env={"VISJOB_LANGUAGE": "tlh"})

    assert "VISJOB_LANGUAGE is 'tlh'. Expected en or zh-CN" in ended.err
