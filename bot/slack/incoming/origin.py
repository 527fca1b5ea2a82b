"""The origin of a request: what Slack's payloads say of the person's workspace and of ours.

docs.slack.dev/apis/slack-connect, docs.slack.dev/enterprise
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.slack.blocks import Json
from bot.slack.incoming.reading import id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What one payload says of the person who caused it. Empty ids are left out."""

    #: Ids of the person's workspace or enterprise.
    team_ids: frozenset[str]
    #: The enterprise of each workspace that the payload names together with its enterprise.
    enterprise_of: Mapping[str, str]
    #: Every enterprise that the payload names, also one that is not the person's.
    enterprise_ids: frozenset[str]
    #: Whether the channel is shared with another company; None where the payload does not say.
    is_shared: bool | None
    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """The installations to which one event is sent."""

    team_ids: frozenset[str]
    #: Enterprises with an org-wide installation.
    enterprise_ids: frozenset[str]


def command_origin(body: Json) -> Origin:
    """Return the origin of a slash command: `team_id` and `enterprise_id` are the person's."""
    team_id, enterprise_id = id_of(body.get("team_id")), id_of(body.get("enterprise_id"))
    return _origin(
        [team_id or enterprise_id],
        [(team_id, enterprise_id)],
        is_shared=_flag(body.get("is_ext_shared_channel")),
        channel_id=id_of(body.get("channel_id")),
    )


def interaction_origin(body: Json) -> Origin:
    """Return the origin of a click, a submission or a search. With an org-wide installation `team`
    is null; a colleague's `user.team_id` may differ from `team`."""
    user, team, view = (_object(body.get(name)) for name in ("user", "team", "view"))
    team_id = id_of(body.get("team")) or id_of(view.get("team_id"))
    enterprise_id = id_of(body.get("enterprise")) or id_of(team.get("enterprise_id"))
    channel_id = id_of(body.get("channel")) or id_of(
        _object(body.get("container")).get("channel_id")
    )
    is_shared = _flag(body.get("is_ext_shared_channel"))
    if is_shared is None and not channel_id:
        is_shared = False  # we show a view only to people whom we admitted
    own_team_id = id_of(user.get("team_id"))
    return _origin(
        [own_team_id or team_id or enterprise_id],
        [(team_id, enterprise_id), (own_team_id, id_of(user.get("enterprise_id")))],
        is_shared=is_shared,
        channel_id=channel_id,
    )


def event_origin(body: Json) -> Origin:
    """Return the origin of a mention or an opened Home tab.

    In a shared channel the outer team may be either company's, and `event.team` the channel's, so
    a field that names the person's team takes precedence over both.
    """
    event = _object(body.get("event"))
    profile = _object(event.get("user_profile"))
    own = [
        id_of(event.get("user_team")),
        id_of(event.get("source_team")),
        id_of(profile.get("team")),
    ]
    is_shared = _flag(body.get("is_ext_shared_channel"))
    if not any(own):
        own = [id_of(event.get("team"))]
    if not any(own) and not is_shared:
        own = [id_of(body.get("team_id")) or id_of(body.get("enterprise_id"))]
    return _origin(own, _pairs(body), is_shared=is_shared, channel_id=id_of(event.get("channel")))


def event_recipients(body: Json) -> Recipients:
    """Return an event's recipients. In a shared channel the outer team may be another company's."""
    outer = {name: body.get(name) for name in ("team_id", "enterprise_id")}
    grants = _grants(body)
    org_wide = [grant for grant in grants if _is_org_wide(grant)] if grants else [outer]
    named = [outer, {"team_id": body.get("context_team_id")}, *grants]
    return Recipients(
        team_ids=_ids(grant.get("team_id") for grant in named),
        enterprise_ids=_ids(grant.get("enterprise_id") for grant in org_wide),
    )


def _origin(
    own: Iterable[str],
    pairs: Iterable[tuple[str, str]],
    *,
    is_shared: bool | None,
    channel_id: str,
) -> Origin:
    pairs = list(pairs)
    return Origin(
        team_ids=frozenset(own) - {""},
        enterprise_of={
            team_id: enterprise for team_id, enterprise in pairs if team_id and enterprise
        },
        enterprise_ids=frozenset(enterprise for _, enterprise in pairs) - {""},
        is_shared=is_shared,
        channel_id=channel_id,
    )


def _pairs(body: Json) -> Iterator[tuple[str, str]]:
    """Yield each workspace that an event names, with its enterprise."""
    yield id_of(body.get("team_id")), id_of(body.get("enterprise_id"))
    yield id_of(body.get("context_team_id")), id_of(body.get("context_enterprise_id"))
    for grant in _grants(body):
        yield id_of(grant.get("team_id")), id_of(grant.get("enterprise_id"))


def _grants(body: Json) -> list[Json]:
    grants = body.get("authorizations")
    return (
        [grant for grant in grants if isinstance(grant, dict)] if isinstance(grants, list) else []
    )


def _is_org_wide(grant: Json) -> bool:
    return grant.get("is_enterprise_install") is True or not grant.get("team_id")


def _ids(given: Iterable[object]) -> frozenset[str]:
    return frozenset(id_of(one) for one in given) - {""}


def _object(given: object) -> Json:
    return given if isinstance(given, dict) else {}


def _flag(given: object) -> bool | None:
    """Return a boolean of a JSON body or of a form; None for anything else."""
    if isinstance(given, bool):
        return given
    return {"true": True, "false": False}.get(given) if isinstance(given, str) else None
