"""The shapes in which the cloud's answers fail, and how often; what each does is the stand-in's."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.demo.cloud.faults import Faults, Trouble

SHARE = 0.3

#: Where one job is read.
DETAIL = r" /v1/.*/visualization-jobs/[0-9]+$"
_LIST = r" /v1/.*/visualization-jobs\?"
_NO = '{"is_success":false,"error_code":"ModelArts.0105","error_message":"Not now."}'
_BARE_NO = '{"is_success":false}'
_NO_STATUS = '{"is_success":true,"job_id":1,"job_name":"walker-1","status":null}'
_BAD_STATUS = '{"is_success":true,"job_id":1,"job_name":"walker-1","status":-1}'
_ABSURD = '{"is_success":true,"job_id":1,"status":"eight","duration":-5,"create_time":9e99}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One way in which answers fail."""

    fault: str
    options: Mapping[str, str | int | None] = field(default_factory=dict)
    where: str = r" /v1/"
    #: The cloud says it of the same job twice in a row only if it is true.
    is_never_repeated: bool = False
    #: The client waits in vain: its deadline is short here, for the sake of the test's time.
    is_slow: bool = False


def _body(text: str, status: int = 200, where: str = r" /v1/") -> Shape:
    return Shape(fault="body", options={"text": text, "status": status}, where=where)


def _fail(code: str, http_status: int) -> Shape:
    return Shape(fault="fail", options={"code": code, "http_status": http_status})


#: Names of what can go wrong, after the list of faults in the delivery protocol (F24 to F35).
SHAPES: Mapping[str, Shape] = {
    "401 bad signature": Shape(fault="unauthorized"),
    "401 token expired": Shape(fault="token_expired"),
    "401 empty": Shape(fault="empty", options={"status": 401}),
    "403 not allowed": _fail("ModelArts.0108", 403),
    "403 of the gateway": _fail("APIG.0302", 403),
    "404 once": Shape(fault="vanished", where=DETAIL, is_never_repeated=True),
    "404 wrong path": _fail("APIG.0101", 404),
    "404 wrong project": _fail("ModelArts.2786", 404),
    "404 web page": Shape(fault="html", options={"status": 404}),
    "404 empty": Shape(fault="empty", options={"status": 404}),
    "429": Shape(fault="throttled"),
    "429 for 20 s": Shape(fault="throttled", options={"retry_after": "20"}),
    "429 for nonsense": Shape(fault="throttled", options={"retry_after": "soon"}),
    "500": _fail("ModelArts.0001", 500),
    "502 web page": Shape(fault="html"),
    "503 empty": Shape(fault="empty"),
    "504 web page": Shape(fault="html", options={"status": 504}),
    "connection reset": Shape(fault="reset"),
    "no answer": Shape(fault="never_answers", is_slow=True),
    "slow drip": Shape(fault="slow_drip", is_slow=True),
    "200 that says no": _body(_NO),
    "200 that says no, no more": _body(_BARE_NO),
    "200 web page": Shape(fault="html", options={"status": 200}),
    "200 empty": Shape(fault="empty", options={"status": 200}),
    "200 null": _body("null"),
    "200 list": _body("[]"),
    "200 empty object": _body("{}"),
    "cut JSON": Shape(fault="cut_json"),
    "byte order mark": Shape(fault="byte_order_mark"),
    "wrong content type": Shape(fault="wrong_content_type"),
    "NaN": Shape(fault="nan"),
    "duplicate keys": Shape(fault="duplicate_keys"),
    "huge body": Shape(fault="huge_body"),
    "deep nesting": Shape(fault="deep_nesting"),
    "gzip bomb": Shape(fault="gzip_bomb", options={"mebibytes": 2}),
    "redirect": Shape(fault="redirect"),
    "null fields": Shape(fault="null_fields"),
    "numbers as strings": Shape(fault="numbers_as_strings"),
    "another job's id": Shape(fault="wrong_id", where=DETAIL),
    "no status": _body(_NO_STATUS, where=DETAIL),
    "status below zero": _body(_BAD_STATUS, where=DETAIL),
    "mistyped fields": _body(_ABSURD, where=DETAIL),
    "list of null": Shape(fault="jobs_null", where=_LIST),
    "list without a list": Shape(fault="jobs_missing", where=_LIST),
    "pages that shift": Shape(fault="shifted_pages", where=_LIST),
}


class Weather(Faults):
    """Lets three of ten calls meet one shape; the same seed gives the same weather."""

    def __init__(self, shape: Shape, seed: int, *, redirects_to: str) -> None:
        Faults.__init__(self)
        self._shape = shape
        self._options = dict(shape.options)
        if shape.fault == "redirect":
            self._options["to"] = redirects_to
        self._dice = random.Random(seed)  # noqa: S311 - weather, not a secret
        self._spared: set[str] = set()
        self.calls = 0
        self.met = 0

    def take(self, line: str) -> Trouble:
        """The trouble of one request."""
        self.calls += 1
        is_bad = self._dice.random() < SHARE and re.search(self._shape.where, line) is not None
        if is_bad and line not in self._spared:
            self.met += 1
            self.add(self._shape.fault, count=1, where=r".", applied=False, **self._options)
            if self._shape.is_never_repeated:
                self._spared.add(line)
        else:
            self._spared.discard(line)
        return Faults.take(self, line)
