"""Validate the file of certificates that are trusted in addition to the system's."""

import re
from pathlib import Path

from bot.core.foreign_words import system_words
from bot.core.text import Text, say

_LARGEST = 16 * 1024 * 1024
# Every certificate in DER begins with an ASN.1 sequence.
_SEQUENCE = b"\x30"
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,60})-----")
_CERTIFICATES = frozenset({b"CERTIFICATE", b"TRUSTED CERTIFICATE", b"X509 CERTIFICATE"})


def certificate_file(text: object) -> Path:
    """Return the path of a PEM file. Raises ValueError if it holds no certificate."""
    path = Path(str(text))
    content = _content(path)
    if not content.strip():
        raise ValueError(
            say(
                "the file is empty; put the certificates of your proxy or company into it, or unset"
                " this"
            )
        )
    if content.startswith(_SEQUENCE):
        raise ValueError(
            say(
                "the file is in DER; write it as PEM with "
                "`openssl x509 -inform der -in FILE -out ca.pem`"
            )
        )
    if not _holds_certificate(path):
        raise ValueError(_instead(content))
    return path


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ValueError(
                say("it is a directory; name one file, with all certificates one after the other")
            )
        if not path.exists():
            raise ValueError(say("there is no such file; correct the path, or unset this"))
        if not path.is_file():
            raise ValueError(
                say("it is a device or a pipe, no file; to add no certificates, unset this")
            )
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise ValueError(say("the file cannot be read: {why}", why=system_words(error))) from error


def _holds_certificate(path: Path) -> bool:
    import ssl  # slow to import, and seldom needed

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(path)
    except ssl.SSLError:
        return False
    return context.cert_store_stats()["x509"] > 0


def _instead(content: bytes) -> Text:
    """Return what a file holds instead of a usable certificate, and the cure."""
    blocks = set(_BLOCK.findall(content))
    if blocks & _CERTIFICATES:
        return say(
            "a part of the file is damaged or cut off; copy the certificates whole once more"
        )
    if any(block.endswith(b"PRIVATE KEY") for block in blocks):
        return say(
            "the file holds a private key and no certificate; keep the key to yourself, and name"
            " the file that begins with `-----BEGIN CERTIFICATE-----`"
        )
    if any(block.endswith(b"CERTIFICATE REQUEST") for block in blocks):
        return say(
            "the file holds a request for a certificate; name the certificate that was issued for"
            " it"
        )
    if blocks:
        return say(
            "the file holds `{kind}` and no certificate; name the file that begins with"
            " `-----BEGIN CERTIFICATE-----`",
            kind=min(blocks).decode(),
        )
    return say("the file holds no PEM certificate; one begins with `-----BEGIN CERTIFICATE-----`")
