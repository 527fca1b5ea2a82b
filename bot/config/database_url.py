"""Validate DATABASE_URL. Messages never quote it, except for names of parameters.

postgresql.org/docs/current/libpq-connect.html
"""

import re
from urllib.parse import unquote

from pydantic import SecretStr

from bot.config.redaction import printable
from bot.core.text import Words, all_of, enumeration, say

_NAMES = """
    application_name channel_binding client_encoding connect_timeout dbname
    fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives
    keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts
    max_protocol_version min_protocol_version oauth_client_id oauth_client_secret oauth_issuer
    oauth_scope options passfile password port replication require_auth requirepeer
    scram_client_key scram_server_key service servicefile ssl_max_protocol_version
    ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey
    sslkeylogfile sslmode sslnegotiation sslpassword sslrootcert sslsni target_session_attrs
    tcp_user_timeout user
"""
#: All parameters that libpq knows; the tests compare this set with the installed libpq.
PARAMETERS = frozenset(_NAMES.split())
_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": (
        "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
    ),
}  # fmt: skip
_NUMBERS = {
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout",
}  # fmt: skip
# Other programs name the schema by these parameters.
_SCHEMAS = {"currentSchema", "schema", "search_path"}

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*)(?::(\d{1,5}))?", re.ASCII)


def database_url(secret: SecretStr) -> SecretStr:
    """Return the URL with its scheme in lower case. Raises ValueError unless it names a SQLite file
    or is a PostgreSQL URL that libpq can read."""
    scheme, mark, rest = secret.get_secret_value().partition("://")
    scheme = scheme.lower()
    family, _, driver = scheme.partition("+")
    if not mark or family not in ("sqlite", "postgres", "postgresql"):
        raise ValueError(say("neither SQLite nor PostgreSQL"))
    if driver not in ("", "psycopg") or (family == "sqlite" and driver):
        raise ValueError(say("it names a driver: begin it with {start}", start=f"{family}://"))
    if family == "sqlite":
        _check_sqlite(rest)
    else:
        _check_postgresql(rest)
    return SecretStr(f"{scheme}://{rest}")


def _check_sqlite(rest: str) -> None:
    file, question, _ = rest.partition("?")
    if file.strip("/") in ("", ":memory:"):
        raise ValueError(say("a database in memory forgets everything at each restart"))
    if not file.startswith("/"):
        raise ValueError(say("a file needs three slashes: sqlite:///visjob.db"))
    if question:
        raise ValueError(say("a SQLite file takes no parameters: end the URL before the ?"))
    if re.search(r"[\x00-\x1f\x7f]", file):
        raise ValueError(say("it holds a control character"))


def _check_postgresql(rest: str) -> None:
    if re.search(r"[\s\x00-\x1f\x7f]", rest):
        raise ValueError(say("it holds a space or a control character: write a space as %20"))
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", rest):
        raise ValueError(say("it holds a % that begins no %XX: write it as %25"))
    # libpq splits it so: a login ends at the first @, unless a / comes first.
    login = re.match(r"([^@/]*)@", rest)
    place, _, parameters = rest[login.end() if login else 0 :].partition("?")
    if login and re.search(r"[\[\]]", login[1]):
        raise ValueError(say("its user name or password holds [ or ]: write [ as %5B and ] as %5D"))
    if "@" in place:
        raise ValueError(say("its user name or password holds @ or /: write @ as %40 and / as %2F"))
    hosts, _, database = place.partition("/")
    if not (hosts or database or parameters):
        raise ValueError(say("it names no host and no database"))
    for host in hosts.split(","):
        _check_host(host)
    if parameters:
        _check_parameters([part.partition("=") for part in parameters.split("&")])


def _check_host(text: str) -> None:
    found = _HOST.fullmatch(text)
    if not found or (found[1] and not 0 < int(found[1]) < 65_536):
        raise ValueError(
            say(
                "its port is no number from 1 to 65535, or its password holds : / [ or ]: "
                "write them as %3A, %2F, %5B and %5D"
            )
        )


def _check_parameters(parts: list[tuple[str, str, str]]) -> None:
    given = [(unquote(name), mark, unquote(value)) for name, mark, value in parts]
    # JDBC writes `ssl=true`; libpq reads it as sslmode=require.
    given = [part for part in given if part != ("ssl", "=", "true")]
    unknown = [name for name, _, _ in given if name not in PARAMETERS]
    if unknown:
        raise ValueError(_unknown_words(unknown))
    for name, mark, value in given:
        if not mark:
            raise ValueError(say("its parameter {name} has no value", name=name))
        if name in _CHOICES and value not in _CHOICES[name]:
            choices = enumeration(_CHOICES[name])
            raise ValueError(say("its {name} is none of {choices}", name=name, choices=choices))
        if name in _NUMBERS and not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            raise ValueError(say("its {name} is not a whole number", name=name))


def _unknown_words(names: list[str]) -> Words:
    listed = all_of(list(dict.fromkeys(map(printable, names))))
    if not _SCHEMAS.intersection(names):
        return say(
            "PostgreSQL knows no parameter {names}: other programs do. Leave it out", names=listed
        )
    return say(
        "PostgreSQL knows no parameter {names}: other programs do. Leave it out; "
        "a schema is named by options=-csearch_path%3DNAME",
        names=listed,
    )
