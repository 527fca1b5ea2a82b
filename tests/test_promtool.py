"""Prometheus' own promtool accepts the alert rules and the queries, and simulates their alerts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.test_operations import DASHBOARD, ROOT, RULES, Json

PROMTOOL = shutil.which("promtool")
STORIES = "alerts_test.yml"

pytestmark = pytest.mark.skipif(
    PROMTOOL is None, reason="needs promtool (Debian's package prometheus has it)"
)


def promtool(*arguments: str, folder: Path) -> tuple[bool, str]:
    """Run promtool in a folder; return whether it succeeded, and its output."""
    ran = subprocess.run(
        [PROMTOOL or "", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return ran.returncode == 0, ran.stdout + ran.stderr


def test_the_rules_are_ones_of_prometheus() -> None:
    is_good, said = promtool("check", "rules", "alerts.yml", folder=ROOT / "operations")

    assert is_good, said


@pytest.mark.slow
def test_each_alert_fires_when_it_should_and_not_after_a_quiet_night() -> None:
    is_good, said = promtool("test", "rules", STORIES, folder=ROOT / "operations")

    assert is_good, said


@pytest.mark.parametrize("instead", ["vector(0) > 1", "vector(1)"])
@pytest.mark.slow
def test_each_rule_that_never_or_always_fires_is_found_out(tmp_path: Path, instead: str) -> None:
    """All of them at once: an alert is held against its own rule alone."""
    [group] = RULES["groups"]
    rules = [{**one, "expr": instead} for one in group["rules"]]
    changed: Json = {"groups": [{**group, "rules": rules}]}
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(changed))
    shutil.copy(ROOT / "operations" / STORIES, tmp_path)

    is_good, said = promtool("test", "rules", STORIES, folder=tmp_path)

    assert not is_good
    assert set(re.findall(r"alertname: (\w+)", said)) == {rule["alert"] for rule in rules}


def test_prometheus_can_read_every_query_of_the_dashboard(tmp_path: Path) -> None:
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    records = [{"record": f"query{i}", "expr": query} for i, query in enumerate(queries)]
    file: Json = {"groups": [{"name": "dashboard", "rules": records}]}
    (tmp_path / "queries.yml").write_text(yaml.safe_dump(file))

    is_good, said = promtool("check", "rules", "queries.yml", folder=tmp_path)

    assert is_good, said
