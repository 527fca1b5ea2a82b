"""Certificates that are trusted beside the system's: a file that OpenSSL can read."""

from pathlib import Path

from bot.core.text import say

_LARGEST = 16 * 1024 * 1024
# Every certificate in DER begins with an ASN.1 sequence.
_SEQUENCE = b"\x30"


def certificate_file(text: object) -> Path:
    """Read the path of a PEM file, and refuse a file that holds no certificate."""
    path = Path(str(text))
    content = _content(path)
    if not content.strip():
        raise ValueError(say("the file is empty"))
    if content.startswith(_SEQUENCE):
        raise ValueError(
            say(
                "the file is in DER; write it as PEM with "
                "`openssl x509 -inform der -in FILE -out ca.pem`"
            )
        )
    if not _holds_certificate(path):
        raise ValueError(say("the file holds no PEM certificate that can be read"))
    return path


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ValueError(say("it is a directory"))
        if not path.is_file():
            raise ValueError(say("there is no such file"))
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise ValueError(say("the file cannot be read: {why}", why=error.strerror or "")) from error


def _holds_certificate(path: Path) -> bool:
    import ssl  # slow to import, and seldom needed

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(path)
    except ssl.SSLError:
        return False
    return context.cert_store_stats()["x509"] > 0
