"""The shapes in which the cloud's answers fail, and how often. The stand-in implements them."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.cloud.faults import Faults, Trouble
from bot.demo.cloud.gateways import NO_ROUTES
from bot.demo.cloud.odd_lists import ODD_ROWS

SHARE = 0.3
# In seconds.
_LONGEST_SPELL = 600.0
_LONGEST_LULL = 900.0

#: Patterns of the requests that read one job, and that read job 1.
DETAIL = r" /v1/.*/visualization-jobs/[0-9]+$"
ONE_DETAIL = r" /v1/.*/visualization-jobs/1$"
_LIST = r" /v1/.*/visualization-jobs\?"
_NO = '{"is_success":false,"error_code":"ModelArts.0105","error_message":"Not now."}'
_BARE_NO = '{"is_success":false}'
_NO_STATUS = '{"is_success":true,"job_id":1,"job_name":"walker-1","status":null}'
_BAD_STATUS = '{"is_success":true,"job_id":1,"job_name":"walker-1","status":-1}'
_ABSURD = '{"is_success":true,"job_id":1,"status":"eight","duration":-5,"create_time":9e99}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One way in which the cloud's answers fail."""

    fault: str
    options: Mapping[str, str | int | None] = field(default_factory=dict)
    where: str = r" /v1/"
    #: The fault never hits the same request twice in a row, because that would be a true answer.
    is_never_repeated: bool = False
    #: The fault hits every matching call during spells of 1 s to 10 min, and none between.
    is_spell: bool = False
    #: A second fault, for requests that the first one does not match.
    also: "Shape | None" = None
    #: The client waits for an answer in vain, so its timeout is short in this run.
    is_slow: bool = False


def _body(text: str, status: int = 200, where: str = r" /v1/") -> Shape:
    return Shape(fault="body", options={"text": text, "status": status}, where=where)


def _fail(code: str, http_status: int) -> Shape:
    return Shape(fault="fail", options={"code": code, "http_status": http_status})


#: The shapes by name, after the list of faults in the delivery protocol (F24 to F35).
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
    **{
        f"404 of a gateway: {name}": Shape(
            fault="no_route", options={"gateway": name, "status": 404}, is_spell=True
        )
        for name in NO_ROUTES
    },
    "410 of a gateway": Shape(
        fault="no_route", options={"gateway": "aws", "status": 410}, is_spell=True
    ),
    "404 for a while: one route": Shape(fault="no_route", where=ONE_DETAIL, is_spell=True),
    "404 for a while: one route, and no row": Shape(
        fault="no_route",
        where=ONE_DETAIL,
        is_spell=True,
        also=Shape(fault="unlisted", options={"job_id": 1}, where=_LIST),
    ),
    "404 for a while: all details": Shape(fault="no_route", where=DETAIL, is_spell=True),
    "404 for a while: the list": Shape(fault="no_route", where=_LIST, is_spell=True),
    "404 in its own words: one job": Shape(fault="vanished", where=ONE_DETAIL, is_spell=True),
    "404 in its own words: all jobs": Shape(fault="vanished", where=DETAIL, is_spell=True),
    "404 in its own words: everything": Shape(fault="vanished", is_spell=True),
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
    **{
        f"odd row: {name}": Shape(fault="odd_row", options={"shape": name}, where=_LIST)
        for name in ODD_ROWS
    },
    "a job left out": Shape(fault="unlisted", options={"job_id": 2}, where=_LIST),
    "a job left out for a while": Shape(
        fault="unlisted", options={"job_id": 2}, where=_LIST, is_spell=True
    ),
    "a total of one too many": Shape(fault="wrong_total", where=_LIST),
    "null character": Shape(fault="null_character"),
    "pages that shift": Shape(fault="shifted_pages", where=_LIST),
}


class Weather(Faults):
    """Faults of one shape, for three of ten calls or for all calls in spells; the same seed gives
    the same faults."""

    def __init__(
        self, shape: Shape, seed: int, *, redirects_to: str, clock: Callable[[], datetime]
    ) -> None:
        Faults.__init__(self)
        self._shape = shape
        self._options = dict(shape.options)
        if shape.fault == "redirect":
            self._options["to"] = redirects_to
        self._dice = random.Random(seed)  # noqa: S311 - weather, not a secret
        self._clock = clock
        self._spared: set[str] = set()
        self._is_bad = False
        self._turns_at = clock()
        self.calls = 0
        self.met = 0

    def take(self, line: str) -> Trouble:
        """Return the trouble of one request."""
        self.calls += 1
        shape = self._meets(line) if self._blows() else None
        if shape is not None and line not in self._spared:
            self.met += 1
            options = self._options if shape is self._shape else shape.options
            self.add(shape.fault, count=1, where=r".", applied=False, **options)
            if shape.is_never_repeated:
                self._spared.add(line)
        else:
            self._spared.discard(line)
        return Faults.take(self, line)

    def _meets(self, line: str) -> Shape | None:
        for shape in (self._shape, self._shape.also):
            if shape is not None and re.search(shape.where, line):
                return shape
        return None

    def _blows(self) -> bool:
        if not self._shape.is_spell:
            return self._dice.random() < SHARE
        while self._clock() >= self._turns_at:
            self._is_bad = not self._is_bad
            # The length is log-uniform, so that short spells are as likely as long ones.
            longest = _LONGEST_SPELL if self._is_bad else _LONGEST_LULL
            self._turns_at += timedelta(seconds=longest ** self._dice.random())
        return self._is_bad
