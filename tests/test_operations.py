"""The alert rules, the dashboard and docs/operating.md name metrics that there are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.story.test_metrics import CONTRACT, HISTOGRAMS

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
RULES: Json = yaml.safe_load((ROOT / "operations" / "alerts.yml").read_text())
DASHBOARD: Json = json.loads((ROOT / "operations" / "dashboard.json").read_text())
PAGE = (ROOT / "docs" / "operating.md").read_text()

#: Every series that a query may name, with its labels.
SERIES = {
    **{name: labels for name, labels in CONTRACT.items() if name not in HISTOGRAMS},
    "visjob_database_up": set[str](),
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

    for name in [*CONTRACT, "visjob_database_up"]:
        assert name in shown, name
        assert f"`{name}" in PAGE, name
