"""What Slack knows of people: their time zone, their language, whether they are strangers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from bot.core.bounded_dict import BoundedDict
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.time import Monotonic
from bot.core.time_zone import zone_named
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.membership import is_stranger

_log = structlog.get_logger(__name__)

_SCOPE = "users:read"
_KEPT_SECONDS = 86_400.0
# Slack may recover, and the scope may be granted, at any moment.
_UNKNOWN_KEPT_SECONDS = 60.0
# The answer to a command waits for this, and Slack waits 3 s in all for the answer.
_PATIENCE_SECONDS = 0.6
_MOST_REMEMBERED = 10_000

# docs.slack.dev/reference/methods/users.info
_UNSEEN_PEOPLE = frozenset({"user_not_found", "user_not_visible"})

_ENGLISH, _CHINESE = "en", "zh-CN"

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    zone: ZoneInfo | None = None
    #: The tag of a language; empty where Slack does not name one.
    language: str = ""
    is_stranger: bool = False


_NOBODY = _Person()


@dataclass(frozen=True, slots=True)
class _Question:
    """A question that Slack has not answered yet, and until when callers wait for the answer."""

    answering: "asyncio.Task[_Person]"
    patient_until: float


class SlackPeople:
    """The People port. Without the optional scope it asks nothing and knows nothing.

    All callers share one question about a person. An answer that comes too late for them is
    kept for the next caller.
    """

    def __init__(
        self,
        calls: SlackCalls,
        *,
        identity: Callable[[], Identity | None],
        monotonic: Monotonic,
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._monotonic = monotonic
        #: What is known of each person, and until when it is valid.
        self._people = BoundedDict[_Key, tuple[_Person, float]](_MOST_REMEMBERED)
        self._asked: dict[_Key, _Question] = {}

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:
        """Return the time zone of a person; None if Slack does not name it soon enough."""
        return (await self._person((team_id, user_id))).zone

    async def language(self, team_id: str, user_id: str) -> str:
        """Return the tag of a person's language; empty if Slack does not name it soon enough."""
        return (await self._person((team_id, user_id))).language

    async def is_stranger(self, team_id: str, user_id: str) -> bool:
        """True for somebody of another company, if Slack says so soon enough."""
        return (await self._person((team_id, user_id))).is_stranger

    def known_language(self, team_id: str, user_id: str) -> str:
        """Return the tag of a person's language from memory; empty if it is unknown."""
        person, _ = self._people.get((team_id, user_id), (_NOBODY, 0.0))
        return person.language

    def prepare(self, team_id: str, user_id: str) -> None:
        """Start to ask Slack about a person, if that is needed, and do not wait."""
        if not self._is_good((team_id, user_id)):
            self._question((team_id, user_id))

    async def _person(self, key: _Key) -> _Person:
        if not self._is_good(key):
            question = self._question(key)
            left = question.patient_until - asyncio.get_running_loop().time()
            await asyncio.wait({question.answering}, timeout=max(left, 0.0))
            if not question.answering.done():
                _log.warning("person_not_seen", user=key[1], error="too slow")
                self._keep(key, None)
        person, _ = self._people.get(key, (_NOBODY, 0.0))
        return person

    def _is_good(self, key: _Key) -> bool:
        """True if there is nothing to ask: the answer is still valid, or the scope is missing."""
        identity = self._identity()
        if identity and identity.scopes and _SCOPE not in identity.scopes:
            return True
        _, good_until = self._people.get(key, (_NOBODY, 0.0))
        return self._monotonic() < good_until

    def _question(self, key: _Key) -> _Question:
        question = self._asked.get(key)
        if question is None:
            loop = asyncio.get_running_loop()
            question = _Question(loop.create_task(self._ask(key)), loop.time() + _PATIENCE_SECONDS)
            self._asked[key] = question
        return question

    async def _ask(self, key: _Key) -> _Person:
        """Ask Slack, and keep the answer (docs.slack.dev/reference/methods/users.info)."""
        try:
            person = await self._read(*key)
            return self._keep(key, person)
        finally:
            del self._asked[key]

    async def _read(self, team_id: str, user_id: str) -> _Person | None:
        """Return what Slack says of a person; None if it says nothing."""
        try:
            answer = await self._calls.read("users.info", user=user_id, include_locale=True)
        except MessengerError as error:
            is_refused = isinstance(error, MessageRejected) and error.refusal is Refusal.SCOPE
            if not is_refused:
                _log.warning("person_not_seen", user=user_id, error=type(error).__name__)
            # Slack answered that we may not see this person: it is somebody of another company.
            return _Person(is_stranger=True) if error.code in _UNSEEN_PEOPLE else None
        user = answer.data.get("user")
        if not isinstance(user, dict):
            return None
        identity = self._identity()
        return _Person(
            zone=zone_named(user.get("tz")),
            language=language_read(user.get("locale")),
            is_stranger=is_stranger(user, team_id, identity.enterprise_id if identity else ""),
        )

    def _keep(self, key: _Key, person: _Person | None) -> _Person:
        """Keep what is known of a person; for None, keep the earlier answer for another minute."""
        before, _ = self._people.get(key, (_NOBODY, 0.0))
        is_known = person is not None and person != _NOBODY
        kept = person if person is not None else before
        good_for = _KEPT_SECONDS if is_known else _UNKNOWN_KEPT_SECONDS
        self._people[key] = kept, self._monotonic() + good_for
        return kept


def language_read(locale: object) -> str:
    """Return the tag of the language in which we answer people with this locale of Slack's: zh-CN
    for all Chinese, such as `zh-TW`, and English for any other; empty if no locale is named."""
    if not isinstance(locale, str) or not locale.strip():
        return ""
    language = locale.strip().lower().replace("_", "-").split("-")[0]
    return _CHINESE if language == "zh" else _ENGLISH
