"""The files of the other ways to install agree: app.json, compose.yaml, kubernetes/, systemd/."""

import json
import re
import shlex
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
#: The command of `serve`, as the Procfile and the Dockerfile start it.
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


def test_the_button_asks_for_all_that_serve_needs_and_says_what_each_process_does() -> None:
    needed = {name for name, asked in APP["env"].items() if asked.get("required", True)}

    for name, process in {"SLACK_SIGNING_SECRET": "web", "SLACK_APP_TOKEN": "worker"}.items():
        assert f"(the process {process})" in APP["env"][name]["description"]
        assert "One of this and" in APP["env"][name]["description"]
    assert needed == {
        "SLACK_BOT_TOKEN",
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


def test_on_kubernetes_the_settings_cannot_move_the_bot_away_from_its_probes() -> None:
    pod, service = MANIFESTS[0]["spec"]["template"]["spec"], MANIFESTS[1]["spec"]
    [bot] = pod["containers"]
    [port] = bot["ports"]

    # `env` takes precedence over `envFrom`, and an empty value counts as unset.
    assert bot["env"] == [
        {"name": "PORT", "value": str(port["containerPort"])},
        {"name": "VISJOB_HOST", "value": ""},
    ]
    probes = ("startupProbe", "livenessProbe", "readinessProbe")
    assert {bot[name]["httpGet"]["port"] for name in probes} == {port["name"]}
    assert service["ports"][0]["targetPort"] == port["name"]
    assert pod["enableServiceLinks"] is False, "VISJOB_PORT would look like a setting"


def test_in_compose_the_settings_cannot_move_the_bot_away_from_its_port() -> None:
    bot = COMPOSE["services"]["bot"]

    assert {name: bot["environment"][name] for name in ("PORT", "VISJOB_HOST")} == {
        "PORT": "3000",
        "VISJOB_HOST": "",
    }
    assert bot["ports"] == ["127.0.0.1:3000:3000"]


#: Files that start the bot, and their hint on how to choose Socket Mode.
SOCKET_MODE = {
    "compose.yaml": 'add "--socket-mode" to the command of `bot`',
    "kubernetes/visjob.yaml": '# args: ["python", "-m", "bot", "serve", "--socket-mode"]',
    "systemd/visjob.service": "add --socket-mode to ExecStart",
    "Procfile": "worker: python -m bot serve --socket-mode",
}


@pytest.mark.parametrize(("name", "how"), SOCKET_MODE.items())
def test_each_way_to_run_says_how_to_choose_socket_mode(name: str, how: str) -> None:
    assert how in (ROOT / name).read_text()


def test_on_kubernetes_a_restored_database_is_reconciled_with_the_same_settings() -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="group check is not installed")
    page = (ROOT / "docs/operating.md").read_text()
    [line] = [line for line in page.splitlines() if line.startswith("kubectl run reconcile")]
    words = dict(word.partition("=")[::2] for word in shlex.split(line))
    pod = json.loads(words["--overrides"])
    [container] = pod["spec"]["containers"]

    about = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "reconcile"}}
    validate.validate({**about, **pod}, "1.31", strict=True)
    assert container["args"] == [*MIGRATE, "--reconcile"]
    assert container["image"] == words["--image"]
    assert container["envFrom"] == next(containers())["envFrom"]


def test_kubernetes_in_socket_mode_stands_the_schema_too() -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="group check is not installed")
    text = (ROOT / "kubernetes/visjob.yaml").read_text().replace("# args:", "args:")
    deployment = next(iter(yaml.safe_load_all(text)))

    validate.validate(deployment, "1.31", strict=True)
    [bot] = deployment["spec"]["template"]["spec"]["containers"]
    assert bot["args"] == [*SERVE, "--socket-mode"]


def test_both_stages_of_the_image_are_on_the_base_that_is_given() -> None:
    default = re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    given = {COMPOSE["services"][name]["build"]["args"]["BASE"] for name in ("bot", "migrate")}

    assert bases == ["${BASE}", "${BASE}"]
    assert given == {f"${{PYTHON_IMAGE:-{default[0]}}}"}


# --- systemd: systemd.exec(5)


def directives() -> dict[str, str]:
    lines = UNIT.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_unit_is_installed_as_its_header_and_the_page_say() -> None:
    page = (ROOT / "docs/installing.md").read_text()
    [line] = [line for line in page.splitlines() if line.startswith("python3 -m venv /opt")]

    assert f"#   {line}" in UNIT.read_text().splitlines()


def test_the_pages_other_commands_run_as_the_unit_does() -> None:
    page = (ROOT / "docs/installing.md").read_text()
    [line] = [line for line in page.splitlines() if line.startswith("visjob() {")]
    words = shlex.split(line.removesuffix("; }"))
    given = dict(word.removeprefix("--property=").split("=", 1) for word in words if "rty=" in word)
    unit = directives()

    assert given.pop("User") == UNIT.stem, "the name that systemd makes of the unit's own"
    assert given == {name: unit[name] for name in given}
    assert set(given) == {"DynamicUser", "StateDirectory", "WorkingDirectory", "EnvironmentFile"}
    assert words[-2:] == [unit["ExecStart"].split()[0], "$@"]
    assert "--pipe" in words
    assert "--wait" in words


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
