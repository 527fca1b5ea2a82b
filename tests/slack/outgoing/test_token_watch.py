"""Whether Slack accepts our token: how soon it is asked again, and what the workspaces hear."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.core.errors import Refusal, StoreUnavailable
from bot.core.health import Verdict
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.faults import FaultKind
from bot.serve.metrics import Metrics
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.refusals import REFUSALS
from bot.slack.outgoing.token_watch import TokenWatch
from tests.fakes import ManualClock
from tests.watch_fakes import FakeWorkspaces
from tests.world import BOT_TOKEN

TEAM = "T0VISION01"
OF_THE_TOKEN = sorted(code for code, why in REFUSALS.items() if why is Refusal.WORKSPACE)


@pytest.fixture
async def messenger(workspace: StandInWorkspace) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        yield SlackMessenger(
            token=BOT_TOKEN, api_url=workspace.api_url, session=session, timeout=0.5
        )


@pytest.fixture
def workspaces() -> FakeWorkspaces:
    return FakeWorkspaces()


@pytest.fixture
def watch(messenger: SlackMessenger, workspaces: FakeWorkspaces, clock: ManualClock) -> TokenWatch:
    return TokenWatch(messenger, workspaces, monotonic=clock.monotonic, jitter=lambda: 0.5)


def asked(workspace: StandInWorkspace) -> int:
    """How often Slack was asked who we are."""
    return sum(call.method == "auth.test" for call in workspace.api.journal)


async def test_it_knows_what_slack_said_last(
    watch: TokenWatch, workspace: StandInWorkspace
) -> None:
    before = watch.check()
    await watch.ask()
    well = watch.check()
    workspace.installation.dead = "account_inactive"
    await watch.ask()
    gone = watch.check()

    verdicts = [before.verdict, well.verdict, gone.verdict]
    assert verdicts == [Verdict.FAILED, Verdict.OK, Verdict.FAILED]
    assert str(well.found) == "accepted, workspace Vision Lab"
    assert "account_inactive" in str(gone.found)
    assert gone.cure


async def test_a_token_that_was_good_stays_good_while_slack_is_silent(
    watch: TokenWatch, workspace: StandInWorkspace, workspaces: FakeWorkspaces
) -> None:
    await watch.ask()
    workspace.faults.add("http_error", method="auth.test")
    await watch.ask()

    assert watch.check().verdict is Verdict.OK
    assert workspaces.paused == {}


@pytest.mark.parametrize("trouble", ["http_error", "reset", "html"])
async def test_a_slack_that_is_away_is_told_at_once_and_once_and_so_is_its_return(
    messenger: SlackMessenger, workspace: StandInWorkspace, trouble: FaultKind
) -> None:
    back: list[str] = []
    watch = TokenWatch(
        messenger,
        FakeWorkspaces(),
        monotonic=ManualClock().monotonic,
        jitter=lambda: 0.5,
        recovered=lambda: back.append("now"),
    )
    workspace.faults.add(trouble, method="auth.test", count=3)
    with capture_logs() as lines:
        for _ in range(5):
            await watch.ask()

    told = [(line["event"], line["log_level"]) for line in lines]
    assert told == [("slack_away", "warning"), ("slack_back", "info")]
    assert "Slack" in lines[0]["error"]
    assert back == ["now"]


@pytest.mark.parametrize("code", OF_THE_TOKEN)
async def test_whatever_is_wrong_with_the_token_holds_the_workspace_until_it_is_good(
    watch: TokenWatch, workspace: StandInWorkspace, workspaces: FakeWorkspaces, code: str
) -> None:
    await watch.ask()
    workspace.installation.dead = code
    await watch.ask()
    held = dict(workspaces.paused)

    workspace.installation.dead = None
    await watch.ask()

    assert held == {TEAM: (code, True)}
    assert (workspaces.paused, workspaces.frozen) == ({}, set())
    assert watch.check().verdict is Verdict.OK


async def test_a_refused_token_is_asked_about_soon_and_then_ever_less_often(
    watch: TokenWatch, workspace: StandInWorkspace
) -> None:
    await watch.ask()
    workspace.installation.dead = "invalid_auth"
    pauses = [await watch.ask() for _ in range(9)]
    workspace.installation.dead = None
    await watch.ask()
    workspace.installation.dead = "invalid_auth"

    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert await watch.ask() == 5, "it begins anew"


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 4.0), (1.0, 6.0)])
async def test_replicas_do_not_ask_at_the_same_moment(
    messenger: SlackMessenger, workspace: StandInWorkspace, chance: float, pause: float
) -> None:
    watch = TokenWatch(
        messenger, FakeWorkspaces(), monotonic=ManualClock().monotonic, jitter=lambda: chance
    )
    workspace.installation.dead = "invalid_auth"

    assert await watch.ask() == pytest.approx(pause)


async def test_looks_ask_when_it_is_time_and_a_sign_of_trouble_makes_it_time(
    watch: TokenWatch, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    for _ in range(3):
        await watch.look()
    first = asked(workspace)
    watch.recheck()
    watch.recheck()
    for _ in range(3):
        await watch.look()
    again = asked(workspace)
    clock.advance(minutes=1)
    await watch.look()

    assert (first, again, asked(workspace)) == (1, 2, 3)


async def test_what_a_recheck_finds_bad_is_asked_about_again_soon_though_all_was_well(
    watch: TokenWatch, workspace: StandInWorkspace, clock: ManualClock
) -> None:
    await watch.look()
    workspace.installation.dead = "invalid_auth"
    watch.recheck()
    await watch.look()
    workspace.installation.dead = None
    clock.advance(seconds=5)
    await watch.look()

    assert watch.check().verdict is Verdict.OK


async def test_a_spell_holds_once_and_each_sign_holds_again(
    watch: TokenWatch, workspace: StandInWorkspace, workspaces: FakeWorkspaces
) -> None:
    await watch.ask()
    workspace.installation.dead = "token_revoked"
    for _ in range(3):
        await watch.ask()
    once = len(workspaces.reasons)
    watch.recheck()
    await watch.look()

    assert (once, len(workspaces.reasons)) == (1, 2)


async def test_a_thaw_says_whether_the_token_was_good_all_the_time(
    watch: TokenWatch, workspace: StandInWorkspace, workspaces: FakeWorkspaces
) -> None:
    await watch.ask()
    await watch.ask()
    workspace.faults.add("http_error", method="auth.test", count=1)
    await watch.ask()
    await watch.ask()
    workspace.installation.dead = "invalid_auth"
    await watch.ask()
    workspace.installation.dead = None
    await watch.ask()

    assert workspaces.thaws == [False, True, True, False]


async def test_what_could_not_be_thawed_is_tried_again_soon(
    watch: TokenWatch, workspaces: FakeWorkspaces
) -> None:
    workspaces.error = StoreUnavailable("No database.")
    soon = await watch.ask()
    workspaces.error = None

    assert soon < await watch.ask()
    assert workspaces.thaws == [False]


async def test_what_could_not_be_held_is_held_at_the_next_refusal_and_told_once(
    watch: TokenWatch, workspace: StandInWorkspace, workspaces: FakeWorkspaces
) -> None:
    await watch.ask()
    workspace.installation.dead = "invalid_auth"
    workspaces.error = StoreUnavailable("No database.")
    with capture_logs() as lines:
        await watch.ask()
        await watch.ask()
    workspaces.error = None
    await watch.ask()

    assert [line["event"] for line in lines].count("pause_postponed") == 1
    assert workspaces.paused == {TEAM: ("invalid_auth", True)}


async def test_each_message_that_a_removal_makes_a_dead_letter_is_told_and_counted(
    messenger: SlackMessenger,
) -> None:
    workspaces = FakeWorkspaces(frozen={TEAM}, given_up=("one", "two"))
    meter = Metrics(ManualClock())
    watch = TokenWatch(
        messenger,
        workspaces,
        monotonic=ManualClock().monotonic,
        jitter=lambda: 0.5,
        meter=meter,
    )

    with capture_logs() as lines:
        await watch.ask()

    told = [line["delivery"] for line in lines if line["event"] == "dead_letter"]
    assert told == ["one", "two"]
    counted = {
        sample.labels["outcome"]: sample.value
        for metric in meter.collect()
        for sample in metric.samples
        if sample.name == "visjob_deliveries_total"
    }
    assert counted["dead"] == 2
