"""Whatever a driver, a system, a cloud or Slack says, our sentence ends in one full stop."""

import errno

import pytest

from bot.core.foreign_words import foreign_sentence, quoted, system_words

#: What is said, and how it stands before our full stop.
SAID = [
    ("file is not a database", "file is not a database"),
    ("unable to open database file.", "unable to open database file"),
    ("Try again...", "Try again"),
    ("What?!", "What"),
    ("no such host…", "no such host"),
    ("配额不足。", "配额不足"),
    ("connection failed:\n\tserver closed it.\n", "connection failed: server closed it"),
    ("version 1.2.3", "version 1.2.3"),
    ("", ""),
    ("...", ""),
    ("x" * 400, "x" * 300),
    ("x" * 299 + ". y", "x" * 299),
]


@pytest.mark.parametrize(("words", "said"), SAID)
def test_words_lose_their_own_stop_and_their_lines(words: str, said: str) -> None:
    assert quoted(words) == said
    assert quoted(ValueError(words)) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOENT, "No such file or directory"), "No such file or directory"),
        (OSError(errno.EIO, "Das Gerät antwortet nicht."), "Das Gerät antwortet nicht"),
        (OSError("could not bind."), "could not bind"),
    ],
)
def test_the_system_is_quoted_without_its_numbers(error: OSError, said: str) -> None:
    assert system_words(error) == said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("No permission.", "ModelArts.0104", "No permission (ModelArts.0104)."),
        ("No permission", "", "No permission."),
        ("", "invalid_auth", "invalid_auth."),
        ("", "", ""),
    ],
)
def test_what_the_other_side_says_is_one_sentence(words: str, code: str, said: str) -> None:
    assert foreign_sentence(words, code) == said
