"""The gate: no request is parsed before its signature proves that Slack sent it.

docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from urllib.parse import parse_qsl

from bot.core.ports.time import Clock

#: No command, click or event of Slack's has a larger body.
LARGEST_BODY = 256 * 1024
#: In seconds; Slack's own tolerance: a request older or newer than this is refused.
TOLERANCE_SECONDS = 300
DEEPEST_JSON = 32
#: A command has some fifteen fields; to parse very many would block the loop for everybody.
MOST_FIELDS = 100

# A signature is remembered for at least as long as its timestamp could be accepted.
_REMEMBERED_SECONDS = 2 * TOLERANCE_SECONDS
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_JSON = "application/json"
_BRACKETS_IN_A_FORM = ("[", "{", "%5B", "%5b", "%7B", "%7b")
_CONTENT_TYPES = ("application/x-www-form-urlencoded", _JSON)


class GateVerdict(Enum):
    """The verdict of the gate on a request; `http_status` is the status that answers it."""

    ADMITTED = 200
    #: Seen before: acknowledged, but without a second effect.
    REPLAY = 202
    BAD_TYPE = 415
    BAD_SHAPE = 400
    TOO_LARGE = 413
    UNPROVED = 401
    #: Signed by Slack, but too old or too new by our clock.
    CLOCK = 498

    @property
    def http_status(self) -> int:
        return {GateVerdict.REPLAY: 200, GateVerdict.CLOCK: 401}.get(self, self.value)


class Gate:
    """A check of size, type, signature, time, replay and shape. It remembers only signatures."""

    def __init__(self, secrets: Sequence[str], *, clock: Clock) -> None:
        """`secrets`: the signing secret, and during a rotation also the previous or next one."""
        if not secrets:
            raise ValueError("a gate needs a signing secret")
        self._keys = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets]
        self._clock = clock
        self._recent: set[str] = set()
        self._older: set[str] = set()
        self._turned_at = 0.0

    def __repr__(self) -> str:
        return "<Gate>"

    def admit(self, headers: Mapping[str, str], body: bytes) -> GateVerdict:
        """Decide on a request whose method and path are right."""
        if len(body) > LARGEST_BODY:
            return GateVerdict.TOO_LARGE
        content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type not in _CONTENT_TYPES:
            return GateVerdict.BAD_TYPE
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        now = self._clock().timestamp()
        if not self._is_proved(timestamp, signature, body):
            return GateVerdict.UNPROVED
        if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
            return GateVerdict.CLOCK
        if self._was_seen(signature, now):
            return GateVerdict.REPLAY
        if not _is_parseable(content_type, body):
            return GateVerdict.BAD_SHAPE
        return GateVerdict.ADMITTED

    def forget(self, headers: Mapping[str, str]) -> None:
        """Forget a request that got an error, because Slack may repeat it with its signature."""
        signature = headers.get("X-Slack-Signature", "")
        self._recent.discard(signature)
        self._older.discard(signature)

    def _is_proved(self, timestamp: str, signature: str, body: bytes) -> bool:
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        # All proofs are always computed, so that the time taken does not show which secret is used.
        proofs = [
            hmac.compare_digest(_signature(k, timestamp, body), signature) for k in self._keys
        ]
        return any(proofs)

    def _was_seen(self, signature: str, now: float) -> bool:
        if now - self._turned_at > _REMEMBERED_SECONDS:
            self._older, self._recent, self._turned_at = self._recent, set(), now
        if signature in self._recent or signature in self._older:
            return True
        self._recent.add(signature)
        return False


def _signature(key: "hmac.HMAC", timestamp: str, body: bytes) -> str:
    mac = key.copy()
    mac.update(b"v0:%b:%b" % (timestamp.encode(), body))
    return f"v0={mac.hexdigest()}"


def _is_parseable(content_type: str, body: bytes) -> bool:
    """False for a body that would overload a parser: only a forger with our secret sends one."""
    try:
        text = body.decode()
        # Bolt distinguishes JSON from a form in the same way.
        if content_type == _JSON or text.startswith("{"):
            return _is_shallow(text)
        return text.count("&") < MOST_FIELDS and all(map(_is_shallow, _payloads(text)))
    except ValueError:
        return False


def _payloads(form: str) -> list[str]:
    """Return the fields of a form that are parsed as JSON; none if none of them can be deep."""
    if "payload" not in form or sum(map(form.count, _BRACKETS_IN_A_FORM)) <= DEEPEST_JSON:
        return []
    return [value for name, value in parse_qsl(form) if name == "payload"]


def _is_shallow(text: str) -> bool:
    """False if JSON is nested too deeply. Raises ValueError if text with many brackets is no JSON.

    The parser itself decides, because code that counts brackets would have to recognize
    strings, too, and in linear time.
    """
    if text.count("[") + text.count("{") <= DEEPEST_JSON:
        return True
    try:
        level = [json.loads(text)]
    except RecursionError:
        return False
    for _ in range(DEEPEST_JSON + 1):
        level = [child for value in level for child in _children(value)]
        if not level:
            return True
    return False


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
