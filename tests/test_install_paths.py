"""What hosts other than the Procfile's read (app.json, compose.yaml, kubernetes/, systemd/)."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import SETTINGS_TABLE

ROOT = Path(__file__).parent.parent
KNOWN_SETTINGS = {row.name for row in SETTINGS_TABLE}
#: Of the program `serve` itself, as the Procfile and the Dockerfile start it.
SERVE = ["python", "-m", "bot", "serve"]
MIGRATE = ["python", "-m", "bot", "migrate"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
APP: Any = json.loads((ROOT / "app.json").read_text())
COMPOSE: Any = yaml.safe_load((ROOT / "compose.yaml").read_text())
MANIFESTS: list[Any] = list(yaml.safe_load_all((ROOT / "kubernetes/visjob.yaml").read_text()))
UNIT = ROOT / "systemd/visjob.service"


def user_of_the_image() -> int:
    found = re.search(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert found
    return int(found[1])


# --- Heroku: devcenter.heroku.com/articles/app-json-schema


def test_the_button_asks_for_settings_that_exist() -> None:
    assert set(APP["env"]) <= KNOWN_SETTINGS
    assert [name for name, asked in APP["env"].items() if not asked["description"]] == []


def test_the_button_asks_for_all_that_serve_needs() -> None:
    needed = {name for name, asked in APP["env"].items() if asked.get("required", True)}

    assert needed == {
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "MODELARTS_ENDPOINT",
        "MODELARTS_PROJECT_ID",
        "MODELARTS_ACCESS_KEY",
        "MODELARTS_SECRET_KEY",
    }


def test_the_button_brings_a_database_and_runs_one_process() -> None:
    assert [addon.split(":")[0] for addon in APP["addons"]] == ["heroku-postgresql"]
    assert {name: kind["quantity"] for name, kind in APP["formation"].items()} == {
        "web": 1,
        "worker": 0,
    }


# --- Compose: compose-spec.io


def test_compose_starts_the_bot_after_its_schema_and_that_after_its_database() -> None:
    services = COMPOSE["services"]

    assert services["bot"]["command"] == SERVE
    assert services["migrate"]["command"] == MIGRATE
    assert services["bot"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in services["database"]


def test_compose_confines_what_it_builds() -> None:
    for name in ("bot", "migrate"):
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_compose_knows_no_password_and_opens_no_port_to_the_world() -> None:
    text = (ROOT / "compose.yaml").read_text()

    assert re.findall(r"PASSWORD: (?!\$\{)\S+", text) == []
    assert [
        port
        for service in COMPOSE["services"].values()
        for port in service.get("ports", ())
        if not port.startswith("127.0.0.1:")
    ] == []


# --- Kubernetes


def containers() -> Iterator[Any]:
    spec = MANIFESTS[0]["spec"]["template"]["spec"]
    yield from spec["initContainers"]
    yield from spec["containers"]


def test_the_manifests_stand_the_schemas_of_kubernetes() -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="group check is not installed")

    for manifest in MANIFESTS:
        validate.validate(manifest, "1.31", strict=True)


def test_kubernetes_runs_two_replicas_and_never_stops_both() -> None:
    deployment, _, budget = MANIFESTS

    assert deployment["spec"]["replicas"] == 2
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert budget["kind"] == "PodDisruptionBudget"
    assert budget["spec"]["minAvailable"] == 1


def test_kubernetes_selects_what_it_starts() -> None:
    deployment, service, budget = MANIFESTS
    labels = deployment["spec"]["template"]["metadata"]["labels"]

    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    assert budget["spec"]["selector"]["matchLabels"] == labels


def test_kubernetes_confines_each_container_as_the_image_is_built() -> None:
    pod = MANIFESTS[0]["spec"]["template"]["spec"]

    assert pod["securityContext"]["runAsUser"] == user_of_the_image()
    assert pod["automountServiceAccountToken"] is False
    for container in containers():
        confined = container["securityContext"]
        assert confined["readOnlyRootFilesystem"] is True
        assert confined["allowPrivilegeEscalation"] is False
        assert confined["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]


def test_kubernetes_waits_for_a_stop_and_asks_the_right_questions() -> None:
    pod = MANIFESTS[0]["spec"]["template"]["spec"]
    bot = pod["containers"][0]

    assert pod["terminationGracePeriodSeconds"] > 25
    assert bot["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert bot["startupProbe"]["httpGet"]["path"] == "/healthz"
    assert bot["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert pod["initContainers"][0]["args"] == MIGRATE


# --- systemd: systemd.exec(5)


def directives() -> dict[str, str]:
    lines = UNIT.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_unit_starts_the_command_that_the_readme_installs() -> None:
    found = directives()

    assert found["ExecStart"].split()[0].endswith("/bin/visjob")
    assert found["ExecStart"].split()[1:] == ["serve"]
    assert int(found["TimeoutStopSec"]) > 25
    assert found["RestartPreventExitStatus"] == "2"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_the_unit_well_confined() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-500:]
