"""Remove secrets from log lines and reports: known secrets, and text that looks like one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_REDACTED = "[redacted]"

# The pattern includes tokens of other apps, and rotating tokens.
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]{6,}")
_HEADER = re.compile(r"\b(bearer|x-auth-token['\"]?[:=])\s*['\"]?[\w.~+/=-]{8,}", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^\s/@]+(?=@)")
_QUERY = re.compile(r"(://(?:(?!://)[^\s?\"'<>])*+)\?[^\s\"'<>]*")
# A response URL is a secret: anybody who has it can post there.
_HOOK = re.compile(r"(://hooks\.slack(?:-gov)?\.com)/[^\s\"'<>]*")
_PATH = re.compile(r"(https?://[^\s/?\"'<>]+)[/?][^\s\"'<>]*")


class Redaction:
    """Redacts the given secrets, and all tokens, logins and queries in URLs."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # A very short secret would redact parts of ordinary words; none of ours is that short.
        self._secrets = sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True)

    def blot(self, text: str) -> str:
        """Return the text with all secrets replaced."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        # Each log line passes here, and few contain a secret: cheap tests come before the patterns.
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
        """Redact all texts inside a report for an outside service; a URL keeps only its host."""
        if isinstance(value, str):
            return _PATH.sub(r"\1/…", self.blot(value))
        if isinstance(value, Mapping):
            return {key: self.scrub(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.scrub(one) for one in value]
        return value
