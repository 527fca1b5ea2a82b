"""What never leaves in a log line or a report: known secrets, and whatever looks like one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_REDACTED = "[redacted]"

# Also of other apps, and the rotating ones.
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]{6,}")
_HEADER = re.compile(r"\b(bearer|x-auth-token['\"]?[:=])\s*['\"]?[\w.~+/=-]{8,}", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^\s/@]+(?=@)")
_QUERY = re.compile(r"(://(?:(?!://)[^\s?\"'<>])*+)\?[^\s\"'<>]*")
# Who has a response URL may post there.
_HOOK = re.compile(r"(://hooks\.slack(?:-gov)?\.com)/[^\s\"'<>]*")
_PATH = re.compile(r"(https?://[^\s/?\"'<>]+)[/?][^\s\"'<>]*")


class Redaction:
    """Blots out these secrets, and tokens, logins and queries that nobody told it of."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # A very short secret would blot out half of every word; none of ours is.
        self._secrets = sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True)

    def blot(self, text: str) -> str:
        """The text without them."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        # Every line of the log comes by here, and few have any of it.
        if "xox" in text or "xapp" in text:
            text = _TOKEN.sub(_REDACTED, text)
        lowered = text.lower()
        if "bearer" in lowered or "x-auth-token" in lowered:
            text = _HEADER.sub(rf"\1 {_REDACTED}", text)
        if "://" not in text:
            return text
        text = _HOOK.sub(rf"\1/{_REDACTED}", _LOGIN.sub(_REDACTED, text))
        return _QUERY.sub(rf"\1?{_REDACTED}", text)

    def scrub(self, value: Any) -> Any:
        """The same in all texts of a report for outside; of an address its host alone is left."""
        if isinstance(value, str):
            return _PATH.sub(r"\1/…", self.blot(value))
        if isinstance(value, Mapping):
            return {key: self.scrub(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.scrub(one) for one in value]
        return value
