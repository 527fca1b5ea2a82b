"""`/metrics` of the running bot: who may read it, and that the work of the bot moves each
figure."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.core.ports.meter import CallOutcome, CommandOutcome, DeliveryOutcome, PollOutcome
from bot.demo.workspace.faults import Fault
from bot.serve.metrics import SLACK_METHODS, VERBS
from bot.store import migrate
from bot.store.gauges import OutboxState
from tests.story.test_absence import live, posted
from tests.waiting import until
from tests.world import World, open_world, settle

TOKEN = "s3cret-m3trics-t0ken"
#: Values by a sample's name and labels, as Prometheus writes them.
Samples = dict[str, float]

#: The names and labels that the contract prescribes.
CONTRACT = {
    "visjob_build_info": {"version"},
    "visjob_commands_total": {"verb", "outcome"},
    "visjob_command_seconds": set(),
    "visjob_polls_total": {"outcome"},
    "visjob_last_good_poll_age_seconds": set(),
    "visjob_watched_jobs": set(),
    "visjob_subscriptions": set(),
    "visjob_changes_total": set(),
    "visjob_deliveries_total": {"outcome"},
    "visjob_delivery_lag_seconds": set(),
    "visjob_outbox_deliveries": {"state"},
    "visjob_dead_letters": set(),
    "visjob_cloud_calls_total": {"outcome"},
    "visjob_slack_calls_total": {"method", "outcome"},
    "visjob_loop_stall_seconds": set(),
    "visjob_running_job_hours": set(),
}
#: The names and labels that the contract permits us to add.
FURTHER = {
    "visjob_database_up": set[str](),
    "visjob_kept_out_deliveries": set[str](),
    "visjob_oldest_delivery_age_seconds": set[str](),
    "visjob_slack_failing_seconds": set[str](),
    "visjob_start_time_seconds": set[str](),
}
HISTOGRAMS = {
    "visjob_command_seconds",
    "visjob_delivery_lag_seconds",
    "visjob_loop_stall_seconds",
}


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[World]:
    """A world that polls as often as it can."""
    async with open_world(tmp_path, VISJOB_POLL_SECONDS="0.5") as world:
        yield await settle(world)


async def scrape(world: World) -> Samples:
    status, text = await world.get("/metrics")
    assert status == 200
    return {
        _name(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _name(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


async def test_every_figure_of_the_contract_is_there_with_its_labels_and_no_other(
    busy: World,
) -> None:
    await busy.type("/visjob 205")

    async with busy.http.get(f"{busy.origin}/metrics") as answer:
        kind, text = answer.headers["Content-Type"], await answer.text()

    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = sample.name
            if family.type == "histogram":
                name = family.name
            found.setdefault(name, set()).update(set(sample.labels) - {"le"})
    assert kind.startswith("text/plain; version=0.0.4")
    assert found == {**CONTRACT, **FURTHER}
    assert _name("visjob_build_info", {"version": __version__}) in await scrape(busy)
    assert {f.name for f in text_string_to_metric_families(text)} >= HISTOGRAMS


async def test_what_no_sentence_has_come_to_yet_is_counted_as_none(busy: World) -> None:
    found = await scrape(busy)

    for verb in VERBS:
        for outcome in CommandOutcome:
            assert found[f"visjob_commands_total{{outcome={outcome.value},verb={verb}}}"] == 0
    assert 0 <= busy.clock().timestamp() - found["visjob_start_time_seconds"] < 60


#: A sample whose value rises, and the reason.
RISES = [
    ("visjob_commands_total{outcome=answered,verb=show}", "somebody asked for 205"),
    ("visjob_commands_total{outcome=refused,verb=none}", "somebody typed nonsense"),
    ("visjob_commands_total{outcome=answered,verb=subscribe}", "#experiments follows 241"),
    ("visjob_command_seconds_count", "these were answered"),
    ("visjob_polls_total{outcome=good}", "the jobs are read"),
    ("visjob_polls_total{outcome=failed}", "the cloud failed once"),
    ("visjob_cloud_calls_total{outcome=ok}", "by requests to the cloud"),
    ("visjob_cloud_calls_total{outcome=unavailable}", "one of which failed"),
    ("visjob_watched_jobs", "241 is watched"),
    ("visjob_subscriptions", "because of its subscription"),
    ("visjob_changes_total", "241 began to run, and failed"),
    ("visjob_deliveries_total{outcome=sent}", "the card and the changes were posted"),
    ("visjob_delivery_lag_seconds_count", "after a while"),
    ("visjob_slack_calls_total{method=chat.postMessage,outcome=ok}", "by calls to Slack"),
    ("visjob_slack_calls_total{method=chat.postMessage,outcome=limited}", "one came too soon"),
    ("visjob_deliveries_total{outcome=refused}", "and so a delivery waited"),
    ("visjob_loop_stall_seconds_count", "the loop was looked at"),
]


@pytest.mark.slow
async def test_each_figure_moves_when_the_bot_does_the_thing(busy: World) -> None:
    before = await scrape(busy)

    busy.workspace.faults.add("rate_limited", method="chat.postMessage", count=1)
    for text in ("205", "no such thing at all", "subscribe 241 for all"):
        await busy.type(f"/visjob {text}")
    await live(busy, lambda: bool(posted(busy, "visjob_card")))
    running = await until(lambda: _with(busy, "visjob_running_job_hours"))
    busy.cloud.faults.add("fail", http_status=500, code="ModelArts.0001", text="down", count=1)
    await live(busy, lambda: bool(posted(busy, "visjob_status_changed")))

    async def has_moved() -> Samples | None:
        busy.clock.advance(seconds=0.2)
        now = await scrape(busy)
        still = [name for name, _ in RISES if now.get(name, 0) <= before.get(name, 0)]
        return None if still else now

    after = await until(has_moved)
    assert running["visjob_running_job_hours"] > 0
    assert 0 <= after["visjob_last_good_poll_age_seconds"] < 3600
    assert after["visjob_outbox_deliveries{state=waiting}"] >= 0
    assert after["visjob_dead_letters"] == 0


async def _with(world: World, name: str) -> Samples | None:
    world.clock.advance(seconds=0.2)
    found = await scrape(world)
    return found if found.get(name) else None


async def test_a_message_that_slack_will_never_take_is_a_dead_letter(busy: World) -> None:
    busy.workspace.faults.add("error", method="chat.postMessage", error="msg_too_long", count=1)
    await busy.type("/visjob subscribe 205")

    found = await until(lambda: _with(busy, "visjob_dead_letters"))

    assert found["visjob_dead_letters"] == 1
    assert found["visjob_deliveries_total{outcome=dead}"] == 1
    assert found["visjob_slack_calls_total{method=chat.postMessage,outcome=refused}"] == 1


#: How Slack fails: the outcome that is counted, and whether it is an outage.
OUTAGES: list[tuple[str, Fault, str, bool]] = [
    ("answers 500", Fault(kind="http_error", method="chat.postMessage"), "unavailable", True),
    ("breaks connections", Fault(kind="reset", method="chat.postMessage"), "unavailable", True),
    ("asks to wait", Fault(kind="rate_limited", method="chat.postMessage"), "limited", True),
    (
        "refuses the token",
        Fault(kind="error", error="invalid_auth", method="chat.postMessage"),
        "unauthorized",
        False,
    ),
]


@pytest.mark.parametrize(("what", "fault", "outcome", "is_outage"), OUTAGES)
@pytest.mark.slow
async def test_an_outage_of_slack_is_seen_while_it_lasts(
    busy: World, what: str, fault: Fault, outcome: str, is_outage: bool
) -> None:
    before = await scrape(busy)
    posts = f"visjob_slack_calls_total{{method=chat.postMessage,outcome={outcome}}}"
    busy.workspace.faults.choose_with(
        lambda method, channel: fault if fault.matches(method, channel) else None
    )
    await busy.type("/visjob subscribe 205")

    async def is_late() -> Samples | None:
        busy.clock.advance(seconds=10)
        now = await scrape(busy)
        is_seen = now["visjob_oldest_delivery_age_seconds"] > 300
        is_told = now["visjob_slack_failing_seconds"] > 0 or not is_outage
        return now if is_seen and is_told else None

    async def is_told() -> str | None:
        said = json.dumps(await busy.type("/visjob status"))
        # Between two pauses no hold of the workspace shows the refusal.
        return said if is_outage or "Slack refuses my token: invalid_auth" in said else None

    after = await until(is_late)
    said = await until(is_told)

    assert before[posts] == before["visjob_oldest_delivery_age_seconds"] == 0, what
    assert after[posts] > 0
    assert (after["visjob_slack_failing_seconds"] > 0) is is_outage
    assert "Not well" in said
    assert "one of them has waited for" in said
    assert ("and nothing holds it" in said) is is_outage
    assert ("Slack refuses my token: invalid_auth" in said) is not is_outage
    assert ("calls to Slack have failed since" in said) is is_outage


async def test_what_waits_for_an_invitation_is_a_figure_of_its_own(busy: World) -> None:
    busy.workspace.faults.add("error", method="chat.postMessage", error="channel_not_found")
    await busy.type("/visjob subscribe 205")

    found = await until(lambda: _with(busy, "visjob_kept_out_deliveries"))
    status = json.dumps(await busy.type("/visjob status"))
    tried = json.dumps(await busy.type("/visjob redeliver all"))

    assert found["visjob_oldest_delivery_age_seconds"] == 0
    assert re.search(r"\d messages? waiting, held back; Slack does not let me post in", status)
    assert "I'm trying once more what waits for" in tried
    await live(busy, lambda: bool(posted(busy, "visjob_card")))


async def test_only_the_time_without_an_invitation_is_taken_off_a_lag(busy: World) -> None:
    """Slack is away for ten minutes; then it does not know the channel, for three hours."""
    faults, shown = busy.workspace.faults, "visjob_delivery_lag_seconds_bucket{le=%s}"
    await busy.type("/visjob subscribe 241 for all")
    await live(busy, lambda: bool(posted(busy, "visjob_card")))
    before = await scrape(busy)
    away = Fault(kind="http_error", method="chat.postMessage")
    faults.choose_with(lambda method, channel: away if away.matches(method, channel) else None)
    await live(busy, lambda: len(faults.injected) > 1)
    for _ in range(60):
        busy.clock.advance(seconds=10)
        await asyncio.sleep(0)
    unknown = Fault(kind="error", method="chat.postMessage", error="channel_not_found")
    faults.choose_with(
        lambda method, channel: unknown if unknown.matches(method, channel) else None
    )
    await until(lambda: _with(busy, "visjob_kept_out_deliveries"))
    busy.clock.advance(seconds=3 * 3600)
    faults.choose_with(None)
    await busy.type("/visjob redeliver all")

    async def is_shown() -> Samples | None:
        busy.clock.advance(seconds=0.2)
        now = await scrape(busy)
        return now if now[shown % "+Inf"] > before[shown % "+Inf"] else None

    after = await until(is_shown)
    moved = {le: after[shown % le] - before[shown % le] for le in ("300.0", "3600.0", "+Inf")}
    assert moved["300.0"] < moved["3600.0"] == moved["+Inf"]


async def test_no_label_has_a_value_from_outside(busy: World) -> None:
    for text in ("x" * 300, "subscribe nobody-knows", "<!channel>", "stop 205 #abc"):
        await busy.type(f"/visjob {text}")

    closed = {
        "verb": VERBS,
        "state": {one.value for one in OutboxState},
        "version": {__version__},
        "method": {*SLACK_METHODS},
        "outcome": {
            one.value
            for outcomes in (CommandOutcome, PollOutcome, DeliveryOutcome, CallOutcome)
            for one in outcomes
        },
    }
    _, text = await busy.get("/metrics")
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for label, value in sample.labels.items():
                assert label == "le" or value in closed[label]


#: The token of the settings, the headers of the request, and the status.
ASKERS: list[tuple[str, dict[str, str], int]] = [
    ("", {}, 200),
    ("", {"X-Forwarded-For": "203.0.113.9"}, 403),
    ("", {"x-forwarded-for": "127.0.0.1"}, 403),
    ("", {"Forwarded": "for=127.0.0.1"}, 403),
    ("", {"X-Real-IP": "127.0.0.1"}, 403),
    ("", {"Authorization": f"Bearer {TOKEN}", "Via": "1.1 proxy"}, 403),
    (TOKEN, {"Authorization": f"Bearer {TOKEN}"}, 200),
    (TOKEN, {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}, 200),
    (TOKEN, {}, 401),
    (TOKEN, {"Authorization": "Bearer "}, 401),
    (TOKEN, {"Authorization": f"Bearer {TOKEN}x"}, 401),
    (TOKEN, {"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
    (TOKEN, {"Authorization": f"Basic {TOKEN}"}, 401),
    (TOKEN, {"Authorization": TOKEN}, 401),
]


@pytest.mark.parametrize("token", ["", TOKEN])
async def test_only_who_may_know_reads_them(tmp_path: Path, token: str) -> None:
    settings: dict[str, Any] = {"VISJOB_METRICS_TOKEN": token} if token else {}
    async with open_world(tmp_path, **settings) as world:
        for given, headers, expected in ASKERS:
            if given != token:
                continue
            async with world.http.get(f"{world.origin}/metrics", headers=headers) as answer:
                text = await answer.text()
                assert answer.status == expected, headers
            assert ("visjob_" in text) is (expected == 200), headers
            assert expected == 200 or "VISJOB_METRICS_TOKEN" in text
            assert TOKEN not in text


@pytest.mark.slow
async def test_a_database_whose_tables_are_locked_is_up_and_tells_the_last_it_knew(
    tmp_path: Path, postgresql_url: str
) -> None:
    await migrate(postgresql_url)
    async with open_world(tmp_path, DATABASE_URL=postgresql_url) as world:
        await settle(world)
        well = await scrape(world)
        with psycopg.connect(postgresql_url) as other:
            other.execute("LOCK TABLE subscription IN ACCESS EXCLUSIVE MODE")
            both = await asyncio.gather(scrape(world), scrape(world))
        again = await until(lambda: _with(world, "visjob_database_up"))

    assert (well["visjob_database_up"], again["visjob_database_up"]) == (1, 1)
    for hung in both:
        assert hung["visjob_database_up"] == 1
        assert hung["visjob_subscriptions"] == well["visjob_subscriptions"]
        assert hung["visjob_polls_total{outcome=good}"] >= 1
