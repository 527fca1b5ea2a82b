"""Make signed slash commands, as the bytes of whole HTTP requests.

docs.slack.dev/interactivity/implementing-slash-commands
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from bench.stub import TEAM

SIGNING_SECRET = "8f742231b10e8888abcd99eee1f285a5"

#: A number in each body makes all bodies differ, so that the bot takes none for a replay.
_numbers = count(1)
#: So many people take turns.
PEOPLE = 5_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and the bytes that a right answer contains."""

    request: bytes
    expected: bytes


def sign_each(texts: Iterator[tuple[str, str]]) -> Iterator[Ask]:
    """Yield a signed `/visjob TEXT` for each text; the second item of a pair is expected in the
    answer.

    A signature is valid for five minutes from when its Ask is taken.
    """
    key = hmac.new(SIGNING_SECRET.encode(), digestmod=hashlib.sha256)
    before, after = _body_around_trigger()
    for text, expected in texts:
        number = next(_numbers)
        # The bot answers each person once a second; this many people do not run into that limit.
        asker = f"&user_id=U0BENCH{number % PEOPLE:04}"
        body = f"{before}{text}{asker}{after}{number}.0".encode()
        timestamp = str(int(time.time())).encode()
        signature = key.copy()
        signature.update(b"v0:%b:%b" % (timestamp, body))
        yield Ask(_request(body, timestamp, signature.hexdigest().encode()), expected.encode())


def _request(body: bytes, timestamp: bytes, signature: bytes) -> bytes:
    return (
        b"POST /slack/events HTTP/1.1\r\n"
        b"Host: 127.0.0.1\r\n"
        b"User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        b"Accept-Encoding: gzip,deflate\r\n"
        b"Accept: application/json,*/*\r\n"
        b"X-Slack-Signature: v0=%b\r\n"
        b"X-Slack-Request-Timestamp: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n"
        b"%b" % (signature, timestamp, len(body), body)
    )


def _body_around_trigger() -> tuple[str, str]:
    before = {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "C0BENCH01",
        "channel_name": "experiments",
        "user_name": "ana",
        "command": "/visjob",
    }
    after = {
        "api_app_id": "A0BENCH01",
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.com/commands/{TEAM}/1/bench",
    }
    return f"{urlencode(before)}&text=", f"&{urlencode(after)}&trigger_id=1.2."
