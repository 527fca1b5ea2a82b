"""Build complete, plausible values for tests: a test names only the fields that matter to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.cards.card import Card, Line
from bot.core.change import StatusChange, Step
from bot.core.commands.request import Request
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.project import Project
from bot.core.text import Fragment

NOW = datetime(2026, 3, 24, 14, 17, 5, tzinfo=UTC)
CREATED = datetime(2026, 3, 24, 12, 3, 5, tzinfo=UTC)
PROJECT = "04f679b17380d32a2f32c00335c4b5ba"
LINK_HOSTS = ("console.huaweicloud.com", ".vision.example")
TEAM = "T0VISION01"
OURS = Project(team_id=TEAM, project_id=PROJECT)
ANA = "U0ANA00001"

#: Texts that forge, hide, reorder or notify where a platform reads markup.
HOSTILE_TEXTS = (
    "<!channel> *bold* <http://evil|x> & `code` @here",
    "<@U0ANA00001>",
    "<#C0EXP00001|general>",
    "<!subteam^S0MLADMINS>",
    "http://evil.example/?a=1",
    "evil\u202egnp.exe",
    "line one\n🟢 Running · forged",
    "a\u200bb\u2066c\ufeffd",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306algo",
    "&lt;!channel&gt;",
    "~struck~ _slanted_ :tada: ```block``` > quote",
    "mailto:ben@vision.example",
    "\x00\x07\x1b[31mred",
    "\ud800",
    "x" * 5000,
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 " * 400,
)


def a_job(id: int = 205, status: int = 8, **facts: Any) -> VisualizationJob:
    """Return flowers-tb, which has run for 2 h 14 min; `facts` replace single fields."""
    usual: dict[str, Any] = {
        "name": "flowers-tb",
        "description": "ModelArts API Dialtest",
        "service_url": f"https://console.huaweicloud.com/tensorboard/{PROJECT}/{id}/",
        "train_url": "/wph-test/Flowers-Set/ApiTest/",
        "resource_id": "e17dd874-b5e0-4e9b-aaf0-22b045ad8571",
        "duration": timedelta(hours=2, minutes=14),
        "created_at": CREATED,
        "read_at": NOW,
    }
    return VisualizationJob(id=JobId(id), status=JobStatus(status), **{**usual, **facts})


def a_change(
    before: int = 7,
    after: int = 8,
    *,
    sequence: int = 1,
    job: VisualizationJob | None = None,
    **facts: Any,
) -> StatusChange:
    """Return the change that flowers-tb began to run, seen at NOW; `facts` are of its job."""
    status = before if after < 0 else after
    return StatusChange(
        team_id=TEAM,
        project_id=PROJECT,
        job=job or a_job(status=status, **facts),
        sequence=sequence,
        step=Step(before, after),
        seen_at=NOW,
        last_seen_at=NOW - timedelta(seconds=30),
    )


def a_card(**parts: Any) -> Card:
    """Return a card with one sentence; `parts` replace single fields."""
    usual: dict[str, Any] = {"summary": "flowers-tb is running.", "lines": (("flowers-tb",),)}
    return Card(**{**usual, **parts})


def a_request(text: str, *, user_id: str = ANA, team_id: str = TEAM) -> Request:
    """Return a request that Ana typed."""
    return Request(text=text, team_id=team_id, user_id=user_id)


def line_words(line: Line) -> str:
    """Return a line of a card as plain English."""
    return "".join(str(one.words if isinstance(one, Fragment) else one) for one in line)
