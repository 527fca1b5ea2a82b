"""Read an answer: the members of a good one, or a typed error that says what to do.

This module reads status, headers and body. It sends nothing and keeps nothing.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import httpx

from bot.core.errors import (
    JobNotFound,
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
)
from bot.core.job import JobId
from bot.core.text import Text, Words, say, sentences
from bot.modelarts import codes
from bot.modelarts.payload import read_int, read_text
from bot.modelarts.retry_after import read_wait
from bot.modelarts.strict_json import read_object

_LONGEST_CODE = 100


def read_answer(
    response: httpx.Response, *, now: datetime, job_id: JobId | None = None
) -> dict[str, object]:
    """Return the members of a good answer. Raises a JobSourceError for any other answer.

    Only an answer about one job (`job_id` is set) can raise JobNotFound.
    """
    if not response.is_success:
        raise _find_fault(response, _read_members(response), now=now, job_id=job_id)
    # Proxies label JSON with other content types, so the body decides, not the header.
    members = read_object(response.content)
    # Some pages of the vendor omit `is_success`, so only an explicit "no" counts as one.
    if _says_no(members.get("is_success")) or _read_code(members):
        raise _find_fault(response, members, now=now, job_id=job_id)
    return members


def find_login_fault(response: httpx.Response, *, now: datetime) -> LoginRefused | None:
    """Return the refusal of our login, or None if the answer means anything else."""
    # A good answer contains no `error_code`, so do not parse it here: the caller does.
    if response.is_success and b'"error_code"' not in response.content:
        return None
    fault = _find_fault(response, _read_members(response), now=now, job_id=None)
    return fault if isinstance(fault, LoginRefused) else None


def is_stale_token(fault: JobSourceError) -> bool:
    """True if a new token may cure this refusal."""
    # Keystone puts the HTTP status where other services put a code.
    return codes.normalise(fault.code) in codes.STALE_TOKEN or fault.code in {"", "401"}


def vendor_request_id(response: httpx.Response) -> str:
    """Return the id by which the cloud's support finds a call; empty if the answer names none."""
    request_id: str = response.headers.get("x-request-id", "")
    return request_id if re.fullmatch(r"[\w-]{1,64}", request_id, re.ASCII) else ""


def is_lock(fault: JobSourceError) -> bool:
    """True if the account or the key pair is locked."""
    words = fault.vendor_text.lower()
    return codes.normalise(fault.code) in codes.LOCKED or "reach the limit" in words


def _read_members(response: httpx.Response) -> dict[str, object]:
    with suppress(SourceUnavailable):
        return read_object(response.content)
    return {}


def _says_no(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _find_fault(
    response: httpx.Response,
    members: Mapping[str, object],
    *,
    now: datetime,
    job_id: JobId | None,
) -> JobSourceError:
    fault = _name_fault(response, members, now=now, job_id=job_id)
    fault.is_missing = response.status_code in _MISSING and _read_service(response) != "IAM"
    return fault


def _name_fault(
    response: httpx.Response,
    members: Mapping[str, object],
    *,
    now: datetime,
    job_id: JobId | None,
) -> JobSourceError:
    status, code, words = response.status_code, _read_code(members), _read_words(members)
    if job_id is not None and _means_no_job(code, words):
        return JobNotFound(
            say("ModelArts has no job\u00a0{id}.", id=job_id),
            hint=say("It may have been deleted, or it belongs to another project."),
            code=code,
            vendor_text=words,
        )
    meaning, service = codes.find_meaning(code), _read_service(response)
    if status in _MISSING and not meaning and service != "IAM":
        return SourceUnavailable(
            say(
                "“Not found” (HTTP\u00a0{status}), without ModelArts' own code for it.",
                status=status,
            ),
            hint=_NO_ROUTE,
            code=code,
            vendor_text=words,
        )
    error = (meaning.error if meaning else None) or _blame_by_status(status)
    hint = meaning.hint if meaning else _HINTS[error]
    if service == "IAM" and error is LoginRefused and not meaning:
        hint = codes.LOGIN_HINT
    sentence = _sentence(error, service, status)
    if error is not SourceUnavailable:
        return error(sentence, hint=hint, code=code, vendor_text=words)
    if status == 429 or hint == codes.THROTTLED_HINT:
        sentence, hint = (
            say("{service} asks us to slow down.", service=service),
            codes.THROTTLED_HINT,
        )
    return SourceUnavailable(
        sentence,
        hint=sentences(hint, _quote_request_id(response)),
        code=code,
        vendor_text=words,
        retry_after=read_wait(response.headers.get("retry-after", ""), words, now=now),
    )


_MISSING = {404, 410}
_NO_ROUTE = say(
    "That says nothing about a job: a gateway or a proxy does not know the way. Try again in a"
    " minute; if it persists, check MODELARTS_ENDPOINT and MODELARTS_PROJECT_ID."
)
_HINTS: dict[type[JobSourceError], Text] = {
    LoginRefused: say("Check the login settings and this computer's clock."),
    SourceRefused: say("Check MODELARTS_ENDPOINT, MODELARTS_PROJECT_ID and the user's rights."),
    SourceUnavailable: say("Try again in a minute."),
}


def _sentence(error: type[JobSourceError], service: str, status: int) -> Text:
    clause = _clause(error, service)
    if status < 400:
        return say("{sentence}.", sentence=clause)
    return say("{sentence} (HTTP\u00a0{status}).", sentence=clause, status=status)


def _clause(error: type[JobSourceError], service: str) -> Text:
    if error is LoginRefused:
        return say("{service} does not accept our login", service=service)
    if error is SourceRefused:
        return say("{service} refused the request", service=service)
    return say("{service} isn't answering properly", service=service)


def _read_service(response: httpx.Response) -> str:
    return str(response.request.extensions.get("service", "ModelArts"))


def _read_code(members: Mapping[str, object]) -> str:
    code = members.get("error_code")
    if not code and isinstance(nested := members.get("error"), dict):
        code = nested.get("code")
    # Keystone's code is a number.
    number = read_int(code)
    return read_text(code)[:_LONGEST_CODE] if number is None else str(number)[:_LONGEST_CODE]


def _read_words(members: Mapping[str, object]) -> str:
    candidates = [members.get(name) for name in ("error_message", "error_msg", "message")]
    if isinstance(nested := members.get("error"), dict):
        candidates.append(nested.get("message"))
    return next((text for text in map(read_text, candidates) if text), "")


def _means_no_job(code: str, words: str) -> bool:
    # Newer tables of the vendor also give 0102 to a workspace that does not exist.
    return codes.normalise(code) in codes.JOB_NOT_FOUND and "workspace" not in words.lower()


def _blame_by_status(status: int) -> type[JobSourceError]:
    if status == 401:
        return LoginRefused
    # 404, 403 and a 200 that says no: the cloud understood the request and refused it.
    refused = status < 300 or (400 <= status < 500 and status not in {408, 425, 429})
    return SourceRefused if refused else SourceUnavailable


def _quote_request_id(response: httpx.Response) -> Words:
    request_id = vendor_request_id(response)
    return say("Request id: {id}.", id=request_id) if request_id else ""
