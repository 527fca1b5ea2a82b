"""What Slack says of people: where their clocks stand, which language they read, whose they are."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.time import Monotonic
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.membership import is_stranger

_log = structlog.get_logger(__name__)

_SCOPE = "users:read"
_KEPT_SECONDS = 86_400.0
# Slack may be in trouble, or the scope be granted any moment.
_UNKNOWN_KEPT_SECONDS = 60.0
# The answer to a command waits for this, and Slack for the answer: 3 s in all.
_PATIENCE_SECONDS = 0.6
_MOST_REMEMBERED = 10_000

# docs.slack.dev/reference/methods/users.info
_UNSEEN_PEOPLE = frozenset({"user_not_found", "user_not_visible"})

_ENGLISH, _CHINESE = "en", "zh-CN"

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    zone: ZoneInfo | None = None
    #: The tag of a language; empty where Slack does not tell it.
    language: str = ""
    is_stranger: bool = False


_NOBODY = _Person()


@dataclass(frozen=True, slots=True)
class _Question:
    """A question that Slack has not answered yet, and until when people wait for it."""

    answering: "asyncio.Task[_Person]"
    patient_until: float


class SlackPeople:
    """The People port. Without the optional scope it asks nothing and knows nothing.

    A person is asked for once, whoever wants to know what. An answer that comes too late for
    those who waited is there for the next.
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
        #: What is known, and until when it is good; oldest first.
        self._people: dict[_Key, tuple[_Person, float]] = {}
        self._asked: dict[_Key, _Question] = {}

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:
        """The time zone of a person; None where Slack does not tell it soon enough."""
        return (await self._person((team_id, user_id))).zone

    async def language(self, team_id: str, user_id: str) -> str:
        """The tag of a person's language; empty where Slack does not tell it soon enough."""
        return (await self._person((team_id, user_id))).language

    async def is_stranger(self, team_id: str, user_id: str) -> bool:
        """True for somebody of another company, where Slack tells it soon enough."""
        return (await self._person((team_id, user_id))).is_stranger

    def known_language(self, team_id: str, user_id: str) -> str:
        """The same from memory."""
        person, _ = self._people.get((team_id, user_id), (_NOBODY, 0.0))
        return person.language

    def prepare(self, team_id: str, user_id: str) -> None:
        """Begin to ask Slack, where that is needed, and do not wait."""
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
        """True if there is nothing to ask."""
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
        """https://docs.slack.dev/reference/methods/users.info"""
        try:
            person = await self._read(*key)
            return self._keep(key, person)
        finally:
            del self._asked[key]

    async def _read(self, team_id: str, user_id: str) -> _Person | None:
        """None where Slack does not tell."""
        try:
            answer = await self._calls.read("users.info", user=user_id, include_locale=True)
        except MessengerError as error:
            is_refused = isinstance(error, MessageRejected) and error.refusal is Refusal.SCOPE
            if not is_refused:
                _log.warning("person_not_seen", user=user_id, error=type(error).__name__)
            # Slack may be asked, and says that this person is nobody whom we may see.
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
        """Remember a person; where nothing new is known, what was known is good a little longer."""
        before, _ = self._people.pop(key, (_NOBODY, 0.0))
        is_known = person is not None and person != _NOBODY
        kept = person if person is not None else before
        good_for = _KEPT_SECONDS if is_known else _UNKNOWN_KEPT_SECONDS
        self._people[key] = kept, self._monotonic() + good_for
        if len(self._people) > _MOST_REMEMBERED:
            del self._people[next(iter(self._people))]
        return kept


def zone_named(name: object) -> ZoneInfo | None:
    """The zone of an IANA name; None for anything else."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; no name of one; a folder of zones
        return None


def language_read(locale: object) -> str:
    """The tag of the language that is spoken to people with this locale of Slack's, as `zh-TW`:
    all Chinese is zh-CN, anything else English; empty where it names none."""
    if not isinstance(locale, str) or not locale.strip():
        return ""
    language = locale.strip().lower().replace("_", "-").split("-")[0]
    return _CHINESE if language == "zh" else _ENGLISH
