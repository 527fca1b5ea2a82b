"""The process environment of one test, and a certificate to trust."""

from pathlib import Path

import pytest

from bot.config import NOTHING, Need, Problem, read_settings


class Environment:
    """The process environment of one test, empty of our names, in an empty folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch = monkeypatch
        self.folder = folder

    def set(self, *groups: dict[str, str], **single: str) -> None:
        for group in (*groups, single):
            for name, value in group.items():
                self._monkeypatch.setenv(name, value)

    def drop(self, name: str) -> None:
        self._monkeypatch.delenv(name, raising=False)


def problems_of(needs: frozenset[Need] = NOTHING) -> dict[str, Problem]:
    return {problem.name: problem for problem in read_settings(needs)[1]}


#: A certificate that vouches for nobody.
PEM = """\
-----BEGIN CERTIFICATE-----
MIIBgTCCASegAwIBAgIUEel1KuX3hF+ln4i69hmnQqAx4yIwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKQ29tcGFueSBDQTAgFw0yNjExMjkwMjU2MzRaGA8yMTI2MTEw
NTAyNTYzNFowFTETMBEGA1UEAwwKQ29tcGFueSBDQTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABFf/PYchVsiwMbjC/rB4ZHFrLolaZvoCWZEiH/9JdGvSzRh4t8In
sHVDRsvKH4LRDqWa2mypz0OuGQmFz9ailiSjUzBRMB0GA1UdDgQWBBSAFJniWGV9
VZHN2cwzT7ikkWTUZDAfBgNVHSMEGDAWgBSAFJniWGV9VZHN2cwzT7ikkWTUZDAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQD43K+AqXgesc+uFi4/
st/TbnMH5TL7C53Dy7x6MS4XjgIgXVvJ/IlacVfj3TzVMG5gqaJuOkZKeMcoKIih
Qh5skw0=
-----END CERTIFICATE-----
"""
