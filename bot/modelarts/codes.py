"""The vendor's error codes as data: what each code means, and what a person can do about it.

Sources: the error code pages of ModelArts, API Gateway and IAM at docs.otc.t-systems.com and
support.huaweicloud.com. ModelArts has given some numbers two meanings over the years; such a hint
names both.
"""

from dataclasses import dataclass
from typing import Final

from bot.core.errors import JobSourceError, LoginRefused, SourceRefused, SourceUnavailable
from bot.core.text import Text, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The meaning of a code; `error` is None where only the HTTP status shows who is at fault."""

    error: type[JobSourceError] | None
    hint: Text


#: Codes for a stale token, which a new token may cure. With an access key pair they are final.
STALE_TOKEN: Final = frozenset(
    {
        "ModelArts.0202",
        "ModelArts.0203",
        "ModelArts.2784",
        "ModelArts.4127",
        "ModelArts.6620",
        "APIG.0301",
        "APIG.0307",
        "IAM.0066",
        "IAM.0067",
    }
)

#: Only these codes say that the one job asked for does not exist.
JOB_NOT_FOUND: Final = frozenset({"ModelArts.0102", "ModelArts.0015"})

#: Codes for a locked account or key pair: another attempt only prolongs the lock.
LOCKED: Final = frozenset({"IAM.0061"})


def find_meaning(code: str) -> Meaning | None:
    """Return the meaning of a code, or None for a code that no table of the vendor lists."""
    return _MEANINGS.get(normalise(code))


def normalise(code: str) -> str:
    """Return one spelling for the gateway's codes, which come as `APIG.` and as `APIGW.`."""
    return f"APIG.{code[6:]}" if code.startswith("APIGW.") else code


_AGAIN = say("The problem is on the cloud's side. Try again in a minute.")
_REPORT = say(
    "The problem is on the cloud's side. Try again in a minute; if it persists, ask its support."
)
#: What to do about a refused user name, password or account name.
LOGIN_HINT: Final = say(
    "Check the MODELARTS_USERNAME, MODELARTS_PASSWORD and MODELARTS_DOMAIN settings."
)
_SCOPE = say(
    "The token is not for this project. Check MODELARTS_PROJECT_ID, and that the user may enter"
    " that project."
)
_KEY = say(
    "Check MODELARTS_ACCESS_KEY and MODELARTS_SECRET_KEY, that the key is still active, and this"
    " computer's clock (15 minutes off is too much)."
)
_LOGIN = say(
    "Check the login settings (access key pair or user name and password) and this computer's"
    " clock."
)
_RIGHTS = say(
    "Give the bot's user the permissions modelarts:tensorboard:get and modelarts:tensorboard:list"
    " in this project; to stop and restart jobs, modelarts:tensorboard:stop and"
    " modelarts:tensorboard:restart, too."
)
_PLACE = say(
    "Check MODELARTS_ENDPOINT and MODELARTS_PROJECT_ID: region and project must belong together."
)
_ARGUMENT = say("The cloud rejected the request. Check the job id and MODELARTS_PROJECT_ID.")
#: What to do about every kind of throttling.
THROTTLED_HINT: Final = say("Too many requests. The bot waits; a longer VISJOB_POLL_SECONDS helps.")
_QUOTA = say("A quota of the project is used up. Delete old jobs or ask for a higher quota.")
_ACCOUNT = say("The cloud account is restricted or frozen. Ask its administrator.")
_STORAGE = say("The cloud could not read the OBS bucket. Check its permissions.")

_TABLE: Final[tuple[tuple[type[JobSourceError] | None, Text, tuple[str, ...]], ...]] = (
    (SourceUnavailable, _REPORT, ("ModelArts.0010", "APIG.0601", "APIG.0606", "APIG.0608")),
    (SourceUnavailable, _AGAIN, ("ModelArts.0012", "ModelArts.0013")),
    (SourceUnavailable, _REPORT, ("APIG.0610", "APIG.0611", "IAM.0006")),
    (
        SourceUnavailable,
        say("The cloud's login service is down. Try again in a minute."),
        ("APIG.0613",),
    ),
    (SourceUnavailable, THROTTLED_HINT, ("ModelArts.2799", "APIG.0308", "IAM.0012")),
    (
        SourceRefused,
        say("There is no such resource, or no such workspace. Check the id and the project."),
        ("ModelArts.0015", "ModelArts.0102"),
    ),
    (SourceRefused, say("Another job has this name already."), ("ModelArts.0103",)),
    (SourceRefused, _ARGUMENT, ("ModelArts.0101", "ModelArts.0104", "ModelArts.0107")),
    (
        SourceRefused,
        say("The job's status does not allow this. Look at the job again."),
        ("ModelArts.0105",),
    ),
    (SourceRefused, _QUOTA, ("ModelArts.0106", "ModelArts.0113", "ModelArts.0116")),
    (SourceRefused, _QUOTA, ("ModelArts.0118", "ModelArts.2815")),
    (SourceRefused, _RIGHTS, ("ModelArts.0108", "APIG.0302", "APIG.0306")),
    (
        SourceRefused,
        say("A policy of the workspace forbids this. Ask its owner."),
        ("ModelArts.0112",),
    ),
    (LoginRefused, _LOGIN, ("ModelArts.0201", "APIG.0301", "APIG.0307", "IAM.0001")),
    (LoginRefused, _LOGIN, ("ModelArts.0202", "ModelArts.0203", "ModelArts.2784")),
    (LoginRefused, _LOGIN, ("ModelArts.4127", "ModelArts.6620", "IAM.0066", "IAM.0067")),
    (LoginRefused, _SCOPE, ("ModelArts.0204", "ModelArts.0207", "ModelArts.0212")),
    (LoginRefused, _KEY, ("ModelArts.0206", "APIG.0303", "APIG.0305")),
    (
        LoginRefused,
        say("The user name or the password is wrong. {hint}", hint=LOGIN_HINT),
        ("IAM.0062",),
    ),
    (
        LoginRefused,
        say(
            "The account is locked after wrong passwords. Wait 15 minutes, correct the password,"
            " then restart the bot."
        ),
        ("IAM.0061",),
    ),
    (
        LoginRefused,
        say("The user may not log in by program. Use an IAM user with programmatic access."),
        ("IAM.0002", "IAM.0003", "IAM.0081", "IAM.0082"),
    ),
    (
        SourceRefused,
        say("The login service did not understand us. {hint}", hint=LOGIN_HINT),
        ("IAM.0007", "IAM.0011"),
    ),
    (SourceRefused, _PLACE, ("ModelArts.0210", "ModelArts.2786", "APIG.0101", "APIG.0310")),
    (SourceRefused, _STORAGE, ("ModelArts.1002",)),
    (SourceRefused, _ACCOUNT, ("ModelArts.1003", "ModelArts.2837")),
    (None, say("The gateway could not pass the request on."), ("APIG.0201",)),
)

_MEANINGS: Final = {
    code: Meaning(error=error, hint=hint) for error, hint, codes in _TABLE for code in codes
}
