"""The people, channels and app of the stand-in workspace. No behaviour."""

from dataclasses import dataclass, field
from typing import Literal

from bot.demo.workspace.news import News

ChannelKind = Literal["channel", "private", "dm", "app"]

APP_ID = "A0VISJOB01"
BOT_ID = "B0VISJOB01"
BOT_USER = "U0VISJOB01"
ME = "U0ANA00001"
BEN = "U0BEN00001"
LI = "U0LI000001"
EXPERIMENTS = "C0EXP00001"
GENERAL = "C0GENERAL1"
HIDDEN = "C0SECRET01"
APP_DM = "D0APPANA01"
ML_ADMINS = "S0MLADMINS"

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "app_mentions:read",
    "channels:read",
    "groups:read",
    "links:read",
    "links:write",
    "users:read",
    "usergroups:read",
    "channels:history",
    "groups:history",
    "im:history",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The workspace."""

    id: str = "T0VISION01"
    name: str = "Vision Lab"
    domain: str = "vision-lab"
    #: The organization of the workspace, and the organization's other workspaces; empty without
    #: one.
    enterprise_id: str = ""
    sibling_ids: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Person:
    """A person whom the workspace knows; `name` is the handle that is typed after an @."""

    id: str
    name: str
    real_name: str
    color: str
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    #: Another workspace than ours: the person is a colleague of the same organization, or a
    #: stranger in a shared channel.
    team_id: str = "T0VISION01"
    enterprise_id: str = ""
    #: The time zone that the person chose; empty if Slack leaves it out.
    tz: str = "Europe/Berlin"
    #: The language that the person chose for Slack; empty if Slack leaves it out.
    locale: str = "en-US"


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation: `app` is a person's direct message with the bot, `dm` one between people."""

    id: str
    name: str
    kind: ChannelKind
    topic: str = ""
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    #: The unread messages, by person.
    news: dict[str, News] = field(default_factory=dict)
    #: The workspace and organization of the company that shares the channel; empty if not shared.
    partner_id: str = ""
    partner_enterprise_id: str = ""


def people() -> list[Person]:
    """Return all people, the bot included."""
    return [
        Person(id=ME, name="ana", real_name="Ana Ruiz", color="e8912d"),
        Person(id=BEN, name="ben", real_name="Ben Okafor", color="4bbe2e"),
        Person(id="U0CHLOE001", name="chloe", real_name="Chloe Martin", color="9f69e7"),
        Person(id="U0DEV00001", name="dev", real_name="Dev Patel", color="2b6836"),
        Person(
            id=LI,
            name="li",
            real_name="Li Na",
            color="d1487a",
            tz="Asia/Shanghai",
            locale="zh-CN",
        ),
        Person(id=BOT_USER, name="visjob", real_name="VisJob", color="1f3a5f", is_bot=True),
    ]


def channels() -> list[Channel]:
    """Return the conversations; the bot is in #experiments and #general, not in #secret-exp."""
    everyone = {ME, BEN, "U0CHLOE001", "U0DEV00001", LI}
    return [
        Channel(
            id=EXPERIMENTS,
            name="experiments",
            kind="channel",
            topic="Runs, curves and surprises",
            members={*everyone, BOT_USER},
        ),
        Channel(
            id=GENERAL,
            name="general",
            kind="channel",
            topic="Everything the lab should know",
            members={*everyone, BOT_USER},
        ),
        Channel(
            id=HIDDEN,
            name="secret-exp",
            kind="private",
            topic="Not announced yet",
            members={ME, BEN},
        ),
        Channel(id="D0ANABEN01", name="ben", kind="dm", members={ME, BEN}),
        Channel(id=APP_DM, name="VisJob", kind="app", members={ME, BOT_USER}),
    ]


def usergroups() -> dict[str, list[str]]:
    """Return the user groups by id."""
    return {ML_ADMINS: [ME, BEN]}
