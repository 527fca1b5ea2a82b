"""Who may act on jobs: the people and user groups of the settings, looked up in Slack."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.core.acting import Authorization
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.time import Monotonic
from bot.slack.blocks import Json
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import SlackCalls
from bot.slack.outgoing.membership import is_member

_log = structlog.get_logger(__name__)

_KEPT_SECONDS = 60.0
_ABOUT_PEOPLE = "users:read"
_UNKNOWN_PERSON = "user_not_found"


def groups_among(ids: Sequence[str]) -> list[str]:
    """Return the ids of user groups: Slack's ids begin with the kind of thing."""
    return [one for one in ids if one.startswith("S")]


async def read_members(calls: SlackCalls, group_id: str) -> frozenset[str] | None:
    """Return the ids of a user group's members; None if the answer has no list of them. Raises
    MessengerError. https://docs.slack.dev/reference/methods/usergroups.users.list"""
    answer = await calls.read("usergroups.users.list", usergroup=group_id)
    users = answer.data.get("users")
    if not isinstance(users, list):
        return None
    return frozenset(user for user in users if isinstance(user, str))


class SlackOperators:
    """The Operators port. A group that cannot be read admits nobody."""

    def __init__(
        self,
        calls: SlackCalls,
        *,
        identity: Callable[[], Identity | None],
        named: Sequence[str],
        monotonic: Monotonic,
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._named = tuple(named)
        self._monotonic = monotonic
        #: The members of each group, and when we asked for them.
        self._members: dict[str, tuple[frozenset[str], float]] = {}

    @property
    def named(self) -> tuple[str, ...]:
        """The ids of users and user groups that the settings name."""
        return self._named

    async def authorize(self, team_id: str, user_id: str) -> Authorization:
        """Return whether a person may act now, by groups at most a minute old. Raises nothing."""
        is_listed = user_id in self._named or await self._is_in_a_group(user_id)
        if is_listed is None:
            return Authorization.UNREADABLE
        return (
            await self._authorize_person(team_id, user_id)
            if is_listed
            else Authorization.NOT_LISTED
        )

    async def _is_in_a_group(self, user_id: str) -> bool | None:
        """None if no group contains the person, and one group could not be read."""
        members = await asyncio.gather(*map(self._members_of, groups_among(self._named)))
        if any(user_id in known for known in members if known is not None):
            return True
        return None if None in members else False

    async def _members_of(self, group_id: str) -> frozenset[str] | None:
        """Return a group's members as of a minute ago at most, or None if Slack does not list
        them."""
        asked_at = self._monotonic()
        members, known_since = self._members.get(group_id, (frozenset(), -_KEPT_SECONDS))
        if asked_at - known_since < _KEPT_SECONDS:
            return members
        self._members.pop(group_id, None)
        try:
            found = await read_members(self._calls, group_id)
        except MessengerError as error:
            _log.warning("group_unreadable", group=group_id, code=error.code)
            return None
        if found is not None:
            self._members[group_id] = found, asked_at
        return found

    async def _authorize_person(self, team_id: str, user_id: str) -> Authorization:
        """Return whether a listed person may act (docs.slack.dev/reference/methods/users.info).

        Without the optional scope, to be listed is enough.
        """
        identity = self._identity()
        if identity and identity.scopes and _ABOUT_PEOPLE not in identity.scopes:
            return Authorization.OPERATOR
        try:
            answer = await self._calls.read("users.info", user=user_id)
        except MessengerError as error:
            if isinstance(error, MessageRejected) and error.refusal is Refusal.SCOPE:
                return Authorization.OPERATOR
            is_unknown = error.code == _UNKNOWN_PERSON
            _log.warning("person_not_seen", user=user_id, code=error.code)
            return Authorization.STRANGER if is_unknown else Authorization.UNREADABLE
        user = answer.data.get("user")
        if not isinstance(user, dict):
            return Authorization.UNREADABLE
        return _authorization_of(user, team_id)


def _authorization_of(user: Json, team_id: str) -> Authorization:
    if user.get("deleted"):
        return Authorization.DEACTIVATED
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Authorization.GUEST
    if user.get("is_bot") or user.get("is_stranger") or not is_member(user, team_id):
        return Authorization.STRANGER
    return Authorization.OPERATOR
