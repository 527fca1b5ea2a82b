"""Payloads from our organization's workspaces and from another company's, each with a sentence."""

from typing import Any

from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, GENERAL, ME
from tests.world import World

Json = dict[str, Any]

HOME = "T0VISION01"
SIBLING = "T0SIBLING1"
ORG = "E0VISION01"
THEIRS = "T0PARTNER1"
THEIR_ORG = "E0PARTNER1"
GRANT = {"enterprise_id": ORG, "team_id": HOME, "user_id": BOT_USER, "is_bot": True}
WIDE_GRANT = {**GRANT, "team_id": None, "is_enterprise_install": True}
LONE_GRANT = {**GRANT, "enterprise_id": None}
STRANGER = "people of the workspace that installed me"
HOSTED_BY_US = {"team_id": HOME, "enterprise_id": ORG, "authorizations": [GRANT]}
HOSTED_BY_THEM = {"team_id": THEIRS, "context_team_id": HOME, "context_enterprise_id": ORG,
                  "authorizations": [GRANT], "is_ext_shared_channel": True}  # fmt: skip

#: What is said, whether it is answered, in a workspace of an organization.
COMMANDS: list[tuple[str, bool, Json]] = [
    ("our own workspace", True, {"team_id": HOME}),
    ("our own, with the organization", True, {"team_id": HOME, "enterprise_id": ORG}),
    ("another workspace of ours", True, {"team_id": SIBLING, "enterprise_id": ORG}),
    ("installed for the whole organization", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "is_enterprise_install": "true"}),
    ("no workspace, but our organization", True, {"team_id": "", "enterprise_id": ORG}),
    ("our organization as the workspace", True, {"team_id": ORG}),
    ("another company's workspace", False, {"team_id": THEIRS}),
    ("another organization", False, {"team_id": THEIRS, "enterprise_id": THEIR_ORG}),
    ("another organization as the workspace", False, {"team_id": THEIR_ORG}),
    ("theirs, with ours as context", False, {"team_id": THEIRS, "context_team_id": HOME}),
    ("nobody", False, {"team_id": ""}),
]  # fmt: skip

TEAM = {"id": HOME, "domain": "vision-lab"}
OURS = {"team": TEAM, "enterprise": {"id": ORG, "name": "Vision"}}
INTERACTIONS: list[tuple[str, bool, Json]] = [
    ("our own workspace", True, {**OURS, "user": {"id": ME, "team_id": HOME}}),
    ("ours, and the team is theirs", True,
     {"team": {"id": THEIRS}, "user": {"id": ME, "team_id": HOME}}),
    ("another workspace of ours in a channel that is not shared", True,
     {**OURS, "user": {"id": ME, "team_id": SIBLING}}),
    ("another workspace of ours, the team too", True,
     {"team": {"id": SIBLING, "enterprise_id": ORG}, "user": {"id": ME, "team_id": SIBLING}}),
    ("another workspace of ours, with the organization beside", True,
     {"team": {"id": SIBLING}, "enterprise": {"id": ORG}, "user": {"id": ME, "team_id": SIBLING}}),
    ("our organization as the person's workspace", True,
     {**OURS, "user": {"id": ME, "team_id": ORG}}),
    ("installed for the whole organization: no team", True,
     {"team": None, "enterprise": {"id": ORG}, "is_enterprise_install": True,
      "user": {"id": ME, "team_id": SIBLING}}),
    ("neither a team nor the person's", True,
     {"team": None, "enterprise": {"id": ORG}, "is_enterprise_install": True, "user": {"id": ME}}),
    ("another organization", False,
     {"team": {"id": THEIRS}, "enterprise": {"id": THEIR_ORG},
      "user": {"id": ME, "team_id": THEIRS}}),
    ("another organization, clicking on ours", False,
     {**OURS, "user": {"id": ME, "team_id": THEIR_ORG}}),
    ("another company, and Slack names no organization", False,
     {"team": TEAM, "user": {"id": ME, "team_id": THEIRS}}),
    ("a shared channel, as the payload says", False,
     {**OURS, "user": {"id": ME, "team_id": THEIRS}, "is_ext_shared_channel": True}),
    ("a shared channel, as only Slack's answer says", False,
     {**OURS, "user": {"id": ME, "team_id": THEIRS}, "channel": {"id": GENERAL}}),
    ("a channel that nobody knows", False,
     {**OURS, "user": {"id": ME, "team_id": SIBLING}, "channel": {"id": "C0NOWHERE1"}}),
]  # fmt: skip

MENTIONS: list[tuple[str, bool, Json, Json]] = [
    ("our own", True, HOSTED_BY_US, {"team": HOME}),
    ("named by our organization", True, HOSTED_BY_US,
     {"team": HOME, "user_team": ORG, "source_team": ORG, "user_profile": {"team": ORG}}),
    ("another workspace of ours", True,
     {**HOSTED_BY_US, "is_ext_shared_channel": False}, {"team": SIBLING}),
    ("another workspace of ours, which the channel's answer shows", True, HOSTED_BY_US,
     {"team": SIBLING, "user_team": SIBLING}),
    ("another workspace, sent from there", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "authorizations": [GRANT]}, {"team": SIBLING}),
    ("installed for the whole organization", True,
     {"team_id": SIBLING, "authorizations": [WIDE_GRANT], "is_ext_shared_channel": False},
     {"team": SIBLING}),
    ("a colleague in a channel shared with others", True, HOSTED_BY_THEM,
     {"team": SIBLING, "user_team": ORG}),
    ("ours in a channel of theirs", True, HOSTED_BY_THEM, {"team": HOME}),
    ("ours, written in a channel of theirs", True, HOSTED_BY_THEM,
     {"team": THEIRS, "user_team": HOME, "source_team": HOME}),
    ("theirs by team", False, HOSTED_BY_THEM, {"team": THEIRS}),
    ("theirs by user_team", False, {**HOSTED_BY_US, "is_ext_shared_channel": True},
     {"team": HOME, "user_team": THEIRS}),
    ("theirs by source_team", False, HOSTED_BY_US, {"team": HOME, "source_team": THEIR_ORG}),
    ("theirs by user_profile", False,
     {**HOSTED_BY_US, "is_ext_shared_channel": True},
     {"team": HOME, "user_profile": {"team": THEIRS}}),
    ("theirs by one of three", False, HOSTED_BY_US,
     {"team": HOME, "user_team": HOME, "source_team": HOME, "user_profile": {"team": THEIR_ORG}}),
    ("another workspace in a shared channel", False,
     {**HOSTED_BY_US, "is_ext_shared_channel": True}, {"team": SIBLING}),
    ("theirs, and only Slack's answer says that the channel is shared", False, HOSTED_BY_US,
     {"team": THEIRS, "channel": GENERAL}),
    ("nobody's, in a shared channel", False, {**HOSTED_BY_US, "is_ext_shared_channel": True}, {}),
    ("another organization's", False,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "authorizations": [GRANT],
      "is_ext_shared_channel": False}, {"team": THEIRS}),
]  # fmt: skip

HOMES: list[tuple[str, bool, Json]] = [
    ("our own", True, HOSTED_BY_US),
    ("another workspace of ours", True,
     {"team_id": SIBLING, "enterprise_id": ORG, "authorizations": [GRANT]}),
    ("another workspace of ours, told by the installation", True,
     {"team_id": SIBLING, "authorizations": [GRANT], "is_ext_shared_channel": False}),
    ("our organization", True, {"team_id": ORG, "authorizations": [WIDE_GRANT]}),
    ("another company's", False, {"team_id": THEIRS, "authorizations": [GRANT]}),
    ("another organization's", False,
     {"team_id": THEIRS, "enterprise_id": THEIR_ORG, "authorizations": [GRANT]}),
]  # fmt: skip


def a_mention(number: int) -> Json:
    """Return a mention in a thread of this number, by which its answer is recognized."""
    said = {"type": "app_mention", "user": ME, "text": f"<@{BOT_USER}> 205", "ts": "1.1"}
    return {**said, "channel": EXPERIMENTS, "thread_ts": thread(number)}


def thread(number: int) -> str:
    return f"1700000000.{number:06}"


def threads(world: World) -> set[str]:
    """Return the threads in which the bot answered somebody."""
    return {
        entry.arguments["thread_ts"]
        for entry in world.workspace.journal
        if entry.method == "chat.postEphemeral"
    }
