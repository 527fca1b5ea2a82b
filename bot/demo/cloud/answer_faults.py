"""The faults of an answer, one small function each; `faults` decides when they occur."""

import gzip
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.demo.cloud.answers import Answer, Json
from bot.demo.cloud.gateways import NO_ROUTES

_HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """An answer as sent over the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def encode(answer: Answer) -> Wire:
    """Return the bytes of an answer: compact UTF-8 JSON."""
    text = json.dumps(answer.data, ensure_ascii=False, separators=(",", ":"))
    headers = {"Content-Type": "application/json", **answer.headers}
    # A request may contain half a surrogate pair, which UTF-8 cannot encode.
    return Wire(status=answer.status, body=text.encode(errors="replace"), headers=headers)


# --- instead of an answer ---------------------------------------------------------------------


def fail(code: str, http_status: int = 400, text: str = "The stand-in was told to fail.") -> Wire:
    """Return a refusal by its full code, such as `ModelArts.0105`, `APIG.0308` or `IAM.0066`."""
    data: Json = {"error_msg": text, "error_code": code}
    if code.startswith("ModelArts."):
        data = {"is_success": False, "error_message": text, "error_code": code}
    return encode(Answer(status=http_status, data=data))


def unauthorized(code: str = "APIG.0301") -> Wire:
    """Return a 401 with one of the codes for a bad token or key pair."""
    return fail(code, 401, "Incorrect IAM authentication information: decrypt token fail")


def token_expired(code: str = "ModelArts.0202") -> Wire:
    """Return the refusal of an expired token, whatever its own date says."""
    return fail(code, 401, "The token has expired.")


def throttled(limit: int = 60, retry_after: str | None = None) -> Wire:
    """Return the gateway's 429, which names the limit; `retry_after` is sent unchanged."""
    text = f"policy user over ratelimit,limit:{limit},time:1 minute"
    wire = fail("APIG.0308", 429, f"The throttling threshold has been reached: {text}")
    if retry_after is None:
        return wire
    return replace(wire, headers={**wire.headers, "Retry-After": retry_after})


def stop_refused(status: int = 10) -> Wire:
    """Return the refusal of a stop that came too late; the job's status ends the text."""
    return fail("ModelArts.0105", 400, f"This job can't be stop. job status: {status}")


def vanished(job_id: int = 0) -> Wire:
    """Return the refusal of an unknown job, for this call only."""
    return fail("ModelArts.0102", 404, f"The job does not exist. job id: {job_id}")


def no_route(gateway: str = "kong", status: int = 404) -> Wire:
    """Return the answer of a gateway or proxy without a route; `gateway` is one of NO_ROUTES."""
    text, kind = NO_ROUTES[gateway]
    return body(text, status=status, content_type=kind)


def html(status: int = 502) -> Wire:
    """Return an HTML error page of a proxy."""
    return body(_HTML, status=status, content_type="text/html")


def empty(status: int = 503) -> Wire:
    """Return a status with an empty body."""
    return Wire(status=status, body=b"")


def body(text: str, status: int = 200, content_type: str = "application/json") -> Wire:
    """Return any text as the body."""
    return Wire(status=status, body=text.encode(), headers={"Content-Type": content_type})


def redirect(to: str, status: int = 302) -> Wire:
    """Return a redirect to another origin, which must never get credentials."""
    return Wire(status=status, body=b"", headers={"Location": to})


def gzip_bomb(mebibytes: int = 64) -> Wire:
    """Return some kilobytes that unpack to `mebibytes`."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(b'{"job_desc":"')
        for _ in range(mebibytes):
            stream.write(b"0" * _MEBIBYTE)
        stream.write(b'"}')
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return Wire(status=200, body=packed.getvalue(), headers=headers)


# --- the answer's data, changed ---------------------------------------------------------------


def numbers_as_strings(answer: Answer) -> Answer:
    """Put every integer in quotes."""
    return replace(answer, data=_map_jobs(answer.data, _quote_numbers))


def no_is_success(answer: Answer) -> Answer:
    """Remove `is_success`, as in the answers of the newer pages."""
    return _with_data(answer, lambda data: _without(data, "is_success"))


def error_msg_key(answer: Answer) -> Answer:
    """Use the older key of an error's text."""
    return _with_data(
        answer,
        lambda data: {
            "error_msg" if key == "error_message" else key: value for key, value in data.items()
        },
    )


def failures_as_200(answer: Answer) -> Answer:
    """Answer a refusal with HTTP 200; only the body says that it failed."""
    return replace(answer, status=200) if answer.data.get("is_success") is False else answer


def wrong_id(answer: Answer) -> Answer:
    """Answer with another job's id, as in the vendor's sample (asked for 10, answered 197)."""
    return replace(answer, data=_map_jobs(answer.data, _next_number))


def unknown_status(answer: Answer, code: int = 37) -> Answer:
    """Put all jobs in a status that is not documented."""
    return _on_jobs(answer, status=code)


def null_status(answer: Answer) -> Answer:
    """Set the status of all jobs to null."""
    return _on_jobs(answer, status=None)


def null_fields(answer: Answer) -> Answer:
    """Set all fields except id and status to null."""
    return replace(answer, data=_map_jobs(answer.data, _hollow))


def nan(answer: Answer) -> Answer:
    """Set the duration to NaN, which JSON does not have."""
    return _on_jobs(answer, duration=float("nan"))


def jobs_null(answer: Answer) -> Answer:
    """Set the list of jobs to null."""
    return _with_data(answer, lambda data: {**data, "jobs": None})


def jobs_missing(answer: Answer) -> Answer:
    """Remove the list of jobs."""
    return _with_data(answer, lambda data: _without(data, "jobs"))


def null_character(answer: Answer) -> Answer:
    """Put U+0000 into a text: JSON allows it, PostgreSQL cannot store it."""
    return _on_jobs(answer, job_desc="before\0after")


def schedule(answer: Answer, shape: str = "array", unit: str = "timeUnit") -> Answer:
    """Add an auto-stop in one of four shapes: `array` or `object`, `timeUnit` or `time_unit`."""
    stop = {"type": "stop", unit: "HOURS", "duration": 1}
    return _on_jobs(answer, schedule=[stop] if shape == "array" else stop)


# --- the answer's bytes, spoiled --------------------------------------------------------------


def huge_body(wire: Wire) -> Wire:
    """Pad the body to more than 1 MiB of valid JSON."""
    padding = b'{"padding":"' + b"0" * (_MEBIBYTE + 1) + b'",'
    return replace(wire, body=padding + wire.body[1:])


def deep_nesting(wire: Wire, levels: int = 100_000) -> Wire:
    """Add a value of `levels` nested brackets."""
    return replace(wire, body=b'{"deep":' + b"[" * levels + b"]" * levels + b"," + wire.body[1:])


def duplicate_keys(wire: Wire) -> Wire:
    """Repeat two keys with other values."""
    return replace(wire, body=wire.body[:-1] + b',"status":11,"job_id":1}')


def cut_json(wire: Wire) -> Wire:
    """Cut the body in half."""
    return replace(wire, body=wire.body[: len(wire.body) // 2])


def byte_order_mark(wire: Wire) -> Wire:
    """Put a UTF-8 byte order mark before the body."""
    return replace(wire, body=b"\xef\xbb\xbf" + wire.body)


def gzipped(wire: Wire) -> Wire:
    """Compress the body although the client did not ask for it, as transparent proxies do."""
    headers = {**wire.headers, "Content-Encoding": "gzip"}
    return replace(wire, body=gzip.compress(wire.body, mtime=0), headers=headers)


def wrong_content_type(wire: Wire, value: str = "text/html") -> Wire:
    """Send JSON with another content type."""
    return replace(wire, headers={**wire.headers, "Content-Type": value})


def _with_data(answer: Answer, change: Callable[[Json], Json]) -> Answer:
    return replace(answer, data=change(answer.data))


def _without(data: Json, key: str) -> Json:
    return {name: value for name, value in data.items() if name != key}


def _on_jobs(answer: Answer, **facts: object) -> Answer:
    return replace(answer, data=_map_jobs(answer.data, lambda job: {**job, **facts}))


def _map_jobs(data: Json, change: Callable[[Json], Json]) -> Json:
    """Change each job of a list, or the single job of the answer."""
    jobs = data.get("jobs")
    if isinstance(jobs, list):
        return {**data, "jobs": [change(job) for job in jobs]}
    return change(data) if "job_id" in data else data


def _quote_numbers(job: Json) -> Json:
    return {
        key: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in job.items()
    }


def _next_number(job: Json) -> Json:
    return {**job, "job_id": int(str(job["job_id"])) + 1}


def _hollow(job: Json) -> Json:
    kept = {"job_id", "status"}
    return {key: value if key in kept else None for key, value in job.items()}
