"""The alert rules, the dashboard and docs/operating.md name only metrics that exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.serve.metrics import Metrics
from tests.fakes import ManualClock
from tests.story.test_metrics import CONTRACT, FURTHER, HISTOGRAMS

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
RULES: Json = yaml.safe_load((ROOT / "operations" / "alerts.yml").read_text())
DASHBOARD: Json = json.loads((ROOT / "operations" / "dashboard.json").read_text())
PAGE = (ROOT / "docs" / "operating.md").read_text()

#: Every series that a query may name, with its labels.
SERIES = {
    **{name: labels for name, labels in CONTRACT.items() if name not in HISTOGRAMS},
    **FURTHER,
    **{f"{name}_{part}": set[str]() for name in HISTOGRAMS for part in ("sum", "count")},
    **{f"{name}_bucket": {"le"} for name in HISTOGRAMS},
}
QUERIES = [
    *(rule["expr"] for group in RULES["groups"] for rule in group["rules"]),
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_series_and_labels_that_there_are(query: str) -> None:
    named = re.findall(r"visjob_\w+", query)
    grouped = re.findall(r"by \(([^)]*)\)", query)
    matched = re.findall(r"(\w+)=~?\"", query)
    labels = {label.strip() for group in grouped for label in group.split(",")} | set(matched)

    assert named
    assert set(named) <= set(SERIES)
    assert labels <= set().union(*(SERIES[name] for name in named))
    assert query.count("(") == query.count(")")


def test_every_rule_says_what_happened_and_what_to_do() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]

    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["cure"]
        assert re.fullmatch(r"\d+m", rule.get("for", "1m"))


def test_the_panels_have_a_place_each_and_a_source_that_grafana_asks_for() -> None:
    panels = DASHBOARD["panels"]
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(cells) == len(set(cells)), "no panel covers another"
    assert all(0 <= x < 24 for x, _ in cells)
    assert [one["name"] for one in DASHBOARD["templating"]["list"]] == ["source"]
    assert {panel["datasource"]["uid"] for panel in panels} == {"${source}"}


def test_each_metric_is_on_the_dashboard_and_in_the_page() -> None:
    shown = " ".join(QUERIES)

    for name in [*CONTRACT, *FURTHER]:
        assert name in shown, name
        assert f"`{name}" in PAGE, name


#: Alerts without a bound in the dashboard, which shows these otherwise.
NO_BOUND = {"VisJobIsAway", "VisJobHasABug", "VisJobReadsFail"}
#: The bound of each alert: the query, the comparison and the value.
BOUNDS = [
    (rule["alert"], *re.fullmatch(r"(.+?) (>=|>|==) (\d+)", part).groups())  # type: ignore[union-attr]
    for group in RULES["groups"]
    for rule in group["rules"]
    if rule["alert"] not in NO_BOUND
    for part in rule["expr"].split(" or ")
]
#: Without this condition, the counters of a bot that is gone would be shown for their window.
IS_THERE = " and count(visjob_build_info)"


def thresholds(panel: Json, name: str) -> list[Json]:
    """Return the values at which the series of this name changes its colour."""
    of_field = panel["fieldConfig"]
    for override in of_field["overrides"]:
        if override["matcher"]["options"] == name:
            properties = {one["id"]: one["value"] for one in override["properties"]}
            return list(properties["thresholds"]["steps"])
    return list(of_field["defaults"]["thresholds"]["steps"])


@pytest.mark.parametrize(("alert", "query", "compared", "bound"), BOUNDS)
def test_a_panel_turns_red_at_the_bound_of_the_alert(
    alert: str, query: str, compared: str, bound: str
) -> None:
    steps = [
        thresholds(panel, target["legendFormat"])
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
        if target["expr"].removesuffix(IS_THERE) == query
        and "thresholds" in panel["fieldConfig"]["defaults"]
    ]

    assert steps, alert
    for of_panel in steps:
        first, *warnings, second = [(step["color"], step["value"]) for step in of_panel]
        assert all(color == "orange" and value < int(bound) for color, value in warnings)
        if compared == "==":
            assert (first, second) == (("red", None), ("green", int(bound) + 1))
        else:
            assert first == ("green", None)
            # For whole numbers, more than 0 means from 1 on.
            assert second == ("red", int(bound) or 1)


@pytest.mark.parametrize("panel", DASHBOARD["panels"], ids=lambda panel: str(panel["title"]))
def test_a_panel_says_what_it_shows_when_to_worry_and_what_to_do(panel: Json) -> None:
    said = panel["description"]

    assert 2 <= len(re.findall(r"[.:;](?: |$)", said)) <= 6, said
    assert "orry " in said or " red " in said
    assert re.search(r"\bthen\b|: the log has", said, re.IGNORECASE)
    for target in panel["targets"]:
        words = re.sub(r"\{\{\w+\}\}", "", target["legendFormat"])
        assert "{{" in target["legendFormat"] or re.search(r"[a-z]{4}", words)
        assert not re.search(r"\d\.\d", words)


def test_the_stories_of_the_alerts_use_counters_that_begin_as_those_of_the_bot_do() -> None:
    """Prometheus sees no increase in a counter that is exported from its first event on."""
    exported = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in Metrics(ManualClock()).collect()
        for sample in metric.samples
    }
    stories = yaml.safe_load((ROOT / "operations" / "alerts_test.yml").read_text())["tests"]
    series = [one["series"] for story in stories for one in story["input_series"]]
    counters = [name for name in series if "_total{" in name]

    assert counters
    for one in counters:
        name = one.partition("{")[0]
        labels = dict(re.findall(r"(\w+)=\"([^\"]*)\"", one))
        labels.pop("instance", None)
        assert exported[name, frozenset(labels.items())] == 0, one


#: Queries with whole numbers as values, although Prometheus extrapolates some of them.
COUNTS = re.compile(r"increase\(|^count\(|_(deliveries|letters|jobs|subscriptions|up)\)$")


@pytest.mark.parametrize("panel", DASHBOARD["panels"], ids=lambda panel: str(panel["title"]))
def test_counts_are_shown_without_a_fraction(panel: Json) -> None:
    of_field = panel["fieldConfig"]
    for target in panel["targets"]:
        query = target["expr"].removesuffix(IS_THERE).removesuffix(" or vector(0)")
        settings = dict(of_field["defaults"])
        for override in of_field["overrides"]:
            if override["matcher"]["options"] == target["legendFormat"]:
                settings |= {one["id"]: one["value"] for one in override["properties"]}
        if COUNTS.search(query):
            assert settings.get("decimals") == 0, query


def test_the_questions_of_the_page_are_titles_of_panels() -> None:
    table = PAGE.partition("| question | look at |")[2].partition("\n\n")[0]
    asked = re.findall(r"^\| ([A-Z][^|]*\?) \|", table, re.MULTILINE)

    assert len(asked) > 5
    assert set(asked) <= {panel["title"] for panel in DASHBOARD["panels"]}


def test_the_alerts_that_fire_are_on_the_dashboard() -> None:
    [panel] = [panel for panel in DASHBOARD["panels"] if panel["type"] == "alertlist"]
    names = [rule["alert"] for group in RULES["groups"] for rule in group["rules"]]

    assert all(panel["options"]["alertName"] in name for name in names)


STATS = [panel for panel in DASHBOARD["panels"] if panel["type"] == "stat"]


@pytest.mark.parametrize("panel", STATS, ids=lambda panel: str(panel["title"]))
def test_a_question_is_answered_by_now_and_not_by_an_old_value(panel: Json) -> None:
    assert panel["fieldConfig"]["defaults"]["noValue"].endswith("not answer")
    for target in panel["targets"]:
        is_counter = "increase(" in target["expr"]
        assert target["instant"] is True
        assert target["expr"].endswith(IS_THERE) is is_counter
