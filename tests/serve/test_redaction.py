"""What is blotted out of every text that leaves, whoever wrote it there."""

import pytest

from bot.serve.redaction import Redaction

KNOWN = "a-secret-of-the-settings"
TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy"

#: A text, what must be gone from it, and what stays.
TEXTS = [
    (f"login with {KNOWN} failed", KNOWN, "login with"),
    (f"token {TOKEN} refused", TOKEN, "refused"),
    (f"xoxe.xoxp-1-{'Mi0yLTE3' * 4} is one for rotation", "Mi0yLTE3", "is one for rotation"),
    ("xapp-1-A0VISJOB01-123456-abcdef", "A0VISJOB01", ""),
    ("{'Authorization': 'Bearer abcdefgh12345678'}", "abcdefgh12345678", "Authorization"),
    ("X-Auth-Token: MIIDkgYJKoZIhvcNAQcCoII", "MIIDkgYJKoZ", "X-Auth-Token"),
    ("{'X-Auth-Token': 'MIIDkgYJKoZIhvcNAQcCoII'}", "MIIDkgYJKoZ", "X-Auth-Token"),
    ("GET https://a.example/v1/jobs?page=1&sig=zzz failed", "sig=zzz", "https://a.example/v1/jobs"),
    ("postgres://ana:s3cr3t@db/x is away", "s3cr3t", "is away"),
    ("https://hooks.slack.com/commands/T1/9/nopqrst is dead", "nopqrst", "is dead"),
    ("https://hooks.slack-gov.com/actions/T1/9/nopqrst", "nopqrst", "hooks.slack-gov.com"),
]


@pytest.mark.parametrize(("text", "gone", "left"), TEXTS)
def test_a_secret_is_blotted_out_and_the_rest_is_left(text: str, gone: str, left: str) -> None:
    blotted = Redaction([KNOWN]).blot(text)

    assert gone not in blotted
    assert left in blotted
    assert "[redacted]" in blotted


PLAIN = [
    "it starts with xoxb-: this is a bot token",
    "status 8 → 11 of job 205",
    "https://support.huaweicloud.com/api/x.html",
    "the bearer of bad news",
    "who? me",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redaction([KNOWN, "abc"]).blot(text) == text


def test_a_report_for_outside_names_hosts_alone() -> None:
    found = {
        "values": [{"value": f"GET https://a.example:8/v1/205?x=1 {KNOWN}", "lineno": 7}],
        "ping": ("https://hc-ping.com/my-uuid", None, True),
    }

    assert Redaction([KNOWN]).scrub(found) == {
        "values": [{"value": "GET https://a.example:8/… [redacted]", "lineno": 7}],
        "ping": ["https://hc-ping.com/…", None, True],
    }
