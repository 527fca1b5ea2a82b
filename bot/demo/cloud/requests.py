"""Parse the queries and bodies of calls strictly, and refuse bad ones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.demo.cloud.answers import Refused, modelarts_no

# https://support.huaweicloud.com/api-modelarts/modelarts_03_0065.html; the pages give two limits,
# and the smaller one applies here, so that a client that passes here obeys both.
PER_PAGE = 100
SEARCH = 64
# https://support.huaweicloud.com/api-modelarts/modelarts_03_0064.html
DESCRIPTION = 256
MOST_HOURS = 24
SORT_KEYS = ("job_id", "job_name", "job_desc", "create_time", "status")
JOB_TYPES = ("tensorboard", "mindinsight")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
_DIGITS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """The filter, the order and the page of a list call."""

    per_page: int
    page: int
    status: int | None
    search: str
    sort_by: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJobRequest:
    """A job to create; `runs_for` is the time until its auto-stop, None without one."""

    name: str
    description: str
    train_url: str
    runs_for: timedelta | None


def read_list_request(query: Mapping[str, str]) -> ListRequest:
    """Parse the query of the list call; unknown parameters are ignored."""
    search = query.get("search_content", "")
    if len(search) > SEARCH:
        raise _no(f"The length of search content should be in [0,{SEARCH}]")
    if query.get("workspace_id", "0") != "0":
        raise _no(f"Invalid workspace id: {query['workspace_id']}")
    return ListRequest(
        per_page=_read_number(query, "per_page", 10, PER_PAGE),
        page=_read_number(query, "page", 1, 2**31 - 1),
        status=_read_status(query.get("status", "")),
        search=search,
        sort_by=_read_choice(query, "sortBy", SORT_KEYS),
        descending=_read_choice(query, "order", ("asc", "desc")) == "desc",
    )


def read_job_id(text: str) -> int:
    """Parse the job id of a path."""
    if not _DIGITS.fullmatch(text):
        raise _no(f"Illegal job id: {text}")
    return int(text)


def read_new_job(body: bytes) -> NewJobRequest:
    """Parse the body of the create call."""
    wanted = _read_object(body)
    name = wanted.get("job_name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _no(f"Illegal name: {name}")
    train_url = wanted.get("train_url")
    if not isinstance(train_url, str) or not train_url.startswith("/"):
        raise _no(f"Illegal train url: {train_url}")
    if wanted.get("job_type", "tensorboard") not in JOB_TYPES:
        raise _no(f"Illegal job type: {wanted['job_type']}")
    _check_flavor(wanted.get("flavor"))
    return NewJobRequest(
        name=name,
        description=_description(wanted.get("job_desc", "")),
        train_url=train_url,
        runs_for=_read_schedule(wanted.get("schedule")),
    )


def read_description(body: bytes) -> str:
    """Parse the body of the update call, and return the description."""
    return _description(_read_object(body).get("job_desc"))


def _no(text: str) -> Refused:
    return modelarts_no("0104", text)


def _read_number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not _DIGITS.fullmatch(text) or not 1 <= int(text) <= most:
        raise _no(f"The value of {name} should be in [1,{most}]")
    return int(text)


def _read_status(text: str) -> int | None:
    if text and not _DIGITS.fullmatch(text):
        raise _no(f"Illegal status: {text}")
    return int(text) if text else None


def _read_choice(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    choice = query.get(name, choices[0])
    if choice not in choices:
        raise _no(f"The value of {name} should be one of {', '.join(choices)}")
    return choice


def _read_object(body: bytes) -> dict[str, object]:
    try:
        wanted = json.loads(body)
    except (ValueError, RecursionError):
        wanted = None
    if not isinstance(wanted, dict):
        raise _no("The request body is not a JSON object.")
    return wanted


def _description(value: object) -> str:
    if not isinstance(value, str) or len(value) > DESCRIPTION:
        raise _no(f"The length of job description should be in [0,{DESCRIPTION}]")
    return value


def _check_flavor(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or not isinstance(value.get("code"), str):
        raise _no("Illegal flavor.")


def _read_schedule(value: object) -> timedelta | None:
    # The vendor's table says object, every sample shows an array of one: both are accepted. 0 hours
    # means never.
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    match value:
        case None:
            return None
        case {"type": "stop", "time_unit": "HOURS", "duration": int(hours)} if (
            not isinstance(hours, bool) and 0 <= hours <= MOST_HOURS
        ):
            return timedelta(hours=hours) if hours else None
        case _:
            raise _no(f"Illegal schedule: hours should be in [0,{MOST_HOURS}]")
