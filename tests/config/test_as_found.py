"""Values as other programs leave them: docker, compose, systemd, editors, secret stores."""

import os
import ssl
import threading
from pathlib import Path

import pytest

from bot.config import NOTHING, load_settings, pipes, read_settings
from bot.serve.adapters import trusted
from tests.config.environment import PEM, Environment, problems_of

TOKEN = "xoxb-1-2-abc"


def token() -> str:
    found = load_settings(NOTHING).slack_bot_token
    return found.get_secret_value() if found else ""


@pytest.mark.parametrize(
    "left",
    [
        f'"{TOKEN}"',  # docker --env-file keeps the quotes
        f"'{TOKEN}'",
        f"{TOKEN}\r",  # and the end of a Windows line
        f'"{TOKEN}"\r',
        f"  {TOKEN}  ",
        f"\ufeff{TOKEN}",  # a file that an editor saved with a mark
        f'\ufeff"{TOKEN}"',
    ],
)
def test_what_is_no_part_of_a_value_is_taken_off(environment: Environment, left: str) -> None:
    environment.set(SLACK_BOT_TOKEN=left)
    assert token() == TOKEN

    environment.drop("SLACK_BOT_TOKEN")
    (environment.folder / "token").write_bytes(f"{left}\n".encode())
    environment.set(SLACK_BOT_TOKEN_FILE=f'"{environment.folder / "token"}"')
    assert token() == TOKEN


@pytest.mark.parametrize("value", ['"', "'abc", 'a"b"', "''abc'"])
def test_a_quote_that_does_not_embrace_the_value_is_a_part_of_it(
    environment: Environment, value: str
) -> None:
    environment.set(MODELARTS_PASSWORD=value)

    password = load_settings(NOTHING).modelarts_password

    assert password is not None
    assert password.get_secret_value() == (value if value != "''abc'" else "'abc")


@pytest.mark.parametrize(
    "content",
    [
        f"SLACK_BOT_TOKEN={TOKEN}\n",
        f"\ufeffSLACK_BOT_TOKEN={TOKEN}\n",
        f"PORT=3000\r\nSLACK_BOT_TOKEN={TOKEN}\r\n",
        f"export SLACK_BOT_TOKEN={TOKEN}\n",
        f'SLACK_BOT_TOKEN="{TOKEN}"   \n',
        f"SLACK_BOT_TOKEN = '{TOKEN}'\n",
        f"SLACK_BOT_TOKEN={TOKEN} # of the staging app\n",
        f"SLACK_BOT_TOKEN={TOKEN}",
    ],
)
def test_an_env_file_is_read_as_it_is_written(environment: Environment, content: str) -> None:
    (environment.folder / ".env").write_bytes(content.encode())

    assert token() == TOKEN


def test_quotes_inside_the_quotes_of_an_env_file_are_meant(environment: Environment) -> None:
    (environment.folder / ".env").write_text("""MODELARTS_PASSWORD='"abc"'\n""")

    password = load_settings(NOTHING).modelarts_password

    assert password is not None
    assert password.get_secret_value() == '"abc"'


def test_a_value_that_is_no_text_is_named(environment: Environment) -> None:
    environment.set(MODELARTS_PASSWORD=os.fsdecode(b"p\xff"), PORT="x")

    problems = problems_of()

    assert set(problems) == {"MODELARTS_PASSWORD", "PORT"}
    assert "not UTF-8 text" in str(problems["MODELARTS_PASSWORD"])


def _der() -> bytes:
    return ssl.PEM_cert_to_DER_cert(PEM)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_der(), "in DER"),
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "damaged or cut off"),
        (PEM[: len(PEM) // 2].encode(), "damaged or cut off"),
        (b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "a private key and no"),
        (b"# mine\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\n", "keep the key to yourself"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n", "a private key and no"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n", "a request for a certificate"),
        (b"-----BEGIN NEW CERTIFICATE REQUEST-----\nMIIB\n", "a request for a certificate"),
        (b"-----BEGIN PUBLIC KEY-----\nMIIB\n", "`PUBLIC KEY` and no certificate"),
        (b"-----BEGIN X509 CRL-----\nMIIB\n", "`X509 CRL` and no certificate"),
        (b"hello", "no PEM certificate"),
        (b"\x00" * 100, "no PEM certificate"),
        (PEM.encode("utf-16"), "no PEM certificate"),
    ],
)
def test_a_file_without_a_certificate_is_the_fault_that_is_named(
    environment: Environment, content: bytes, said: str
) -> None:
    path = environment.folder / "ca.pem"
    path.write_bytes(content)
    environment.set(VISJOB_CA_FILE=str(path), PORT="x")

    problems = problems_of()

    assert set(problems) == {"VISJOB_CA_FILE", "PORT"}
    assert said in str(problems["VISJOB_CA_FILE"].found)
    assert str(path) in str(problems["VISJOB_CA_FILE"].found)


def test_a_folder_a_pipe_and_a_device_are_no_certificate_file(environment: Environment) -> None:
    os.mkfifo(environment.folder / "pipe")
    for path, said in {
        str(environment.folder): "it is a directory; name one file",
        str(environment.folder / "none.pem"): "there is no such file; correct the path",
        str(environment.folder / "pipe"): "a device or a pipe, no file",
        "/dev/zero": "a device or a pipe, no file",
        os.devnull: "to add no certificates, unset this",
    }.items():
        environment.set(VISJOB_CA_FILE=path)
        problem = problems_of()["VISJOB_CA_FILE"]
        assert said in str(problem.found)
        assert path in str(problem.found)
        assert "PEM" in str(problem.expected)


@pytest.mark.parametrize("around", ["", "Subject: CN=Übung AG\n"])
def test_a_certificate_is_trusted(environment: Environment, around: str) -> None:
    path = environment.folder / "ca.pem"
    path.write_text(around + PEM, encoding="utf-8")
    environment.set(VISJOB_CA_FILE=str(path))

    context = trusted(load_settings(NOTHING).ca_file)

    assert context is not None
    assert any("Company CA" in str(known["subject"]) for known in context.get_ca_certs())


@pytest.mark.parametrize(
    "url",
    [
        "http://proxy.example.com:3128",
        "http://user:canary@proxy.example.com:3128",
        "https://proxy.example.com",
        "HTTP://10.0.0.8:8080/",
        "http://[fd00::1]:3128",
    ],
)
def test_a_companys_proxy_is_accepted_and_its_password_kept_secret(
    environment: Environment, url: str
) -> None:
    environment.set(VISJOB_PROXY_URL=url)

    settings, problems = read_settings(NOTHING)

    assert problems == ()
    assert settings.secrets == (("canary",) if "canary" in url else ())
    assert "canary" not in repr(settings)


SECRET = "tr0ub4dor&3"
LEAKS = [
    ("MODELARTS_ENDPOINT", f"https://user:{SECRET}@modelarts.example.com"),
    ("MODELARTS_ENDPOINT", f"https://user:{SECRET}"),
    ("MODELARTS_ENDPOINT", f"https://user:{SECRET}/x@modelarts.example.com"),
    ("MODELARTS_ENDPOINT", f"https://{SECRET}@modelarts.example.com"),
    ("MODELARTS_ENDPOINT", f"user:{SECRET}@modelarts.example.com"),
    ("MODELARTS_ENDPOINT", f"https://modelarts.example.com/?token={SECRET}"),
    ("MODELARTS_ENDPOINT", f"https://u:[{SECRET}]@modelarts.example.com"),
    ("MODELARTS_ENDPOINT", f"https://[{SECRET}]"),
    ("MODELARTS_IAM_ENDPOINT", f"ftp://user:{SECRET}@iam.example.com"),
    ("SLACK_API_URL", f"http://user:{SECRET}@slack.com/api/"),
    ("SLACK_API_URL", f"http://hooks.slack.com/services/{SECRET}"),
    ("VISJOB_LINK_HOSTS", f"a.b,https://user:{SECRET}@boards.example.com"),
    ("VISJOB_OPERATORS", f"U12345,xoxb-{SECRET}"),
    ("VISJOB_DEADMAN_URL", f"http://hc-ping.com/{SECRET}"),
    ("VISJOB_METRICS_TOKEN", f"{SECRET} and spaces"),
    ("VISJOB_COMMAND", f"/visjob xoxb-{SECRET}"),
    ("VISJOB_HOST", f"https://user:{SECRET}@0.0.0.0"),
    ("DATABASE_URL", f"postgres://user:{SECRET}[@host/db"),
    ("DATABASE_URL", f"postgres://user:x/{SECRET}@host/db"),
    ("VISJOB_PROXY_URL", f"http://user:{SECRET}/@proxy.example.com"),
    ("VISJOB_CA_FILE", f"-----BEGIN PRIVATE KEY-----\n{SECRET}"),
    ("PORT", "8f742231b10e8888abcd99eee1f285a5"),
    ("VISJOB_POLL_SECONDS", "xoxb-1-2-tr0ub"),
]


@pytest.mark.parametrize(("name", "value"), LEAKS)
def test_no_message_shows_what_may_be_a_secret(
    environment: Environment, name: str, value: str
) -> None:
    environment.set({name: value})

    said = str(problems_of()[name])

    assert SECRET not in said
    assert "tr0ub" not in said
    assert value not in said


def test_a_secret_in_place_of_its_files_path_is_not_shown(environment: Environment) -> None:
    environment.set(
        SLACK_BOT_TOKEN_FILE="xoxb-1-2-canary", MODELARTS_SECRET_KEY_FILE="a/b8Canary" * 4
    )

    assert "anary" not in " ".join(map(str, problems_of().values()))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (
            "MODELARTS_ENDPOINT",
            "https://modelarts.example.com/v1",
            "'https://modelarts.example.com/…'",
        ),
        ("MODELARTS_ENDPOINT", "modelarts.example.com", "'modelarts.example.com'"),
        ("MODELARTS_ENDPOINT", "http://modelarts.example.com", "'http://modelarts.example.com'"),
        ("PORT", "http", "'http'"),
        ("PORT", "a\x1b[31m\x9b", "a value of 7 characters"),
    ],
)
def test_what_is_surely_no_secret_is_shown(
    environment: Environment, name: str, value: str, shown: str
) -> None:
    environment.set({name: value})

    assert f"is {shown}" in str(problems_of()[name].found)


def test_a_password_is_blotted_out_as_written_and_as_meant(environment: Environment) -> None:
    environment.set(DATABASE_URL="postgres://u:p%40ss#w?rd@h/d?sslpassword=key-canary")

    assert set(load_settings(NOTHING).secrets) == {"p%40ss#w?rd", "p@ss#w?rd", "key-canary"}


def test_paths_in_messages_lead_somewhere(environment: Environment) -> None:
    folder: Path = environment.folder
    environment.set(SLACK_BOT_TOKEN_FILE=str(folder / "missing-token-2024-production"))

    assert "missing-token-2024-production" in str(problems_of()["SLACK_BOT_TOKEN"].found)


def test_a_pipe_that_nobody_writes_to_is_named_and_not_waited_for(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipes, "_WAIT_FOR_WRITER_MS", 20)
    monkeypatch.setattr(pipes, "_WAIT_FOR_CONTENT_MS", 20)
    path = environment.folder / "pipe"
    os.mkfifo(path)
    environment.set(SLACK_BOT_TOKEN_FILE=str(path), PORT="x")

    silent = problems_of()
    with os.fdopen(os.open(path, os.O_RDWR), "wb", 0):  # a writer that writes nothing
        stuck = problems_of()

    assert set(silent) == set(stuck) == {"SLACK_BOT_TOKEN", "PORT"}
    for problems in (silent, stuck):
        found = str(problems["SLACK_BOT_TOKEN"].found)
        assert found == f"SLACK_BOT_TOKEN_FILE is '{path}', a pipe into which nobody writes"


def test_a_secret_comes_through_a_pipe(environment: Environment) -> None:
    """As shells pass the output of a password manager, and as one waits for its reader."""
    path = environment.folder / "pipe"
    os.mkfifo(path)
    environment.set(SLACK_BOT_TOKEN_FILE=str(path))
    writer = threading.Thread(target=path.write_text, args=[f"{TOKEN}\n"])
    writer.start()
    assert token() == TOKEN
    writer.join()

    read_end, write_end = os.pipe()
    environment.set(SLACK_BOT_TOKEN_FILE=f"/dev/fd/{read_end}", PORT="x")

    def write() -> None:
        with os.fdopen(write_end, "w") as file:
            file.write(TOKEN)

    threading.Timer(0.05, write).start()
    assert set(problems_of()) == {"PORT"}
    environment.drop("PORT")
    assert token() == TOKEN
    os.close(read_end)
