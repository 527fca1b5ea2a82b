"""The ports to the outside: whom they trust."""

import json
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.config import Settings, settings_from
from bot.core.errors import MessageRejected, SourceUnavailable
from bot.core.job import JobId
from bot.serve.adapters import open_messenger, open_source
from tests.modelarts.scripted import (
    PROJECT,
    Answer,
    CloudRequest,
    ScriptedCloud,
    http,
    job,
    running,
)

_REQUEST = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that no system trusts, and its key, in one file."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("needs the openssl program to make a certificate")
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    command = [openssl, *_REQUEST.split(), "-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
async def outside(certificate: Path) -> AsyncIterator[ScriptedCloud]:
    """Both a cloud and a Slack, behind that certificate."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)

    def answer(asked: CloudRequest) -> Answer:
        identity = {"ok": True, "team_id": "T1", "user_id": "U1"}
        return http(200, json.dumps(identity if "auth.test" in asked.target else job(205)))

    async with running(answer, tls=tls) as made:
        yield made


def settings(outside: ScriptedCloud, **more: str) -> Settings:
    return settings_from(
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_API_URL": f"{outside.url}/api/",
            "MODELARTS_ENDPOINT": outside.url,
            "MODELARTS_PROJECT_ID": PROJECT,
            "MODELARTS_ACCESS_KEY": "key",
            "MODELARTS_SECRET_KEY": "secret",
            **more,
        }
    )


@pytest.mark.slow
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(outside: ScriptedCloud) -> None:
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(open_source(settings(outside)))
        messenger = await open_messenger(settings(outside), stack)

        with pytest.raises(SourceUnavailable, match=r"The certificate of 127\.0\.0\.1 is") as fault:
            await source.get(JobId(205))
        with pytest.raises(MessageRejected, match="cannot be reached"):
            await messenger.identify()

    assert "VISJOB_CA_FILE" in str(fault.value.hint)
    assert outside.asked == []


async def test_both_doors_trust_whom_the_settings_name(
    outside: ScriptedCloud, certificate: Path
) -> None:
    trusting = settings(outside, VISJOB_CA_FILE=str(certificate))
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(open_source(trusting))
        messenger = await open_messenger(trusting, stack)

        assert (await source.get(JobId(205))).id == 205
        await messenger.identify()

    assert len(outside.asked) == 2
