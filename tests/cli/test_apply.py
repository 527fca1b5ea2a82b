"""`visjob apply`: a file is shown as a difference, and applied once somebody agrees."""

from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from tests.cli.outside import Outside
from tests.program import call

FILE = f"""\
places:
- place: {EXPERIMENTS}
  quiet: 22:00-08:00 weekdays except failures
  digest: off
  language: zh-CN
  subscriptions:
  - follow: 205
    for: failed,deleted
  - follow: flowers*
    as: card
- place: "#general"
  time_zone: Asia/Shanghai
  subscriptions:
  - follow: project
"""


@pytest.fixture
async def world(outside: Outside) -> Outside:
    assert (await call("migrate", env=outside.env)).code == 0
    return outside


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "places.yaml"
    path.write_text(FILE)
    return path


async def apply(world: Outside, file: Path, *options: str) -> tuple[int, str, str]:
    ended = await call("apply", str(file), *options, env=world.env)
    return ended.code, ended.out, ended.err


async def test_a_file_is_applied_once(world: Outside, file: Path) -> None:
    code, out, err = await apply(world, file, "--yes")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        EXPERIMENTS,
        f"  + subscribe id:205 for failed,deleted in #{EXPERIMENTS}",
        f"  + subscribe flowers* for changes in #{EXPERIMENTS} as card",
        "  + language zh-CN",
        "  + quiet 22:00-08:00 weekdays except failures",
        GENERAL,
        f"  + subscribe project for failures in #{GENERAL}",
        "  + time_zone Asia/Shanghai",
        "Done, in 2 channels.",
    ]
    assert await apply(world, file) == (0, "Nothing to do: all is as the file says.\n", "")


async def test_a_dry_run_does_nothing(world: Outside, file: Path) -> None:
    first = await apply(world, file, "--dry-run")
    second = await apply(world, file, "--dry-run")

    assert first == second
    assert first[0] == 0
    assert "+ language zh-CN" in first[1]


async def test_without_anybody_to_ask_nothing_is_done(world: Outside, file: Path) -> None:
    code, out, err = await apply(world, file)

    assert code == 2
    assert "+ language zh-CN" in out
    assert "add --yes" in err
    assert "+ language zh-CN" in (await apply(world, file, "--dry-run"))[1]


async def test_the_answer_may_come_from_a_pipe(world: Outside, file: Path) -> None:
    refused = await call("apply", str(file), env=world.env, typed="n\n")
    agreed = await call("apply", str(file), env=world.env, typed="y\n")

    assert (refused.code, agreed.code) == (1, 0)
    assert "Nothing was done." in refused.err
    assert "Done, in 2 channels." in agreed.out


async def test_what_the_file_does_not_name_goes_only_with_prune(world: Outside, file: Path) -> None:
    await apply(world, file, "--yes")
    file.write_text(f"places:\n- place: {EXPERIMENTS}\n  subscriptions:\n  - follow: 205\n")

    kept = await apply(world, file, "--yes")
    pruned = await apply(world, file, "--prune", "--yes")

    assert kept[1].splitlines() == [
        EXPERIMENTS,
        f"  - subscribe id:205 for failed,deleted in #{EXPERIMENTS}",
        f"  + subscribe id:205 for changes in #{EXPERIMENTS}",
        "Done, in 1 channel.",
    ]
    assert pruned[1].splitlines() == [
        EXPERIMENTS,
        f"  - subscribe flowers* for changes in #{EXPERIMENTS} as card",
        "  - language zh-CN",
        "  - quiet 22:00-08:00 weekdays except failures",
        GENERAL,
        f"  - subscribe project for failures in #{GENERAL}",
        "  - time_zone Asia/Shanghai",
        "Done, in 2 channels.",
    ]


async def test_the_difference_is_told_in_the_language_of_the_settings(
    world: Outside, file: Path
) -> None:
    ended = await call("apply", str(file), "--yes", env={**world.env, "VISJOB_LANGUAGE": "zh-CN"})

    assert ended.code == 0
    assert "Done" not in ended.out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("places:\n\t- place: C1\n", "no tabs"),
        ("places: [\n", ":2:1: This is not YAML"),
        ("places: []\nplaces: []\n", ":2:1: This is not YAML: the key places stands here twice"),
        ("a: &a [1]\nb: *a\n", "aliases are not read"),
        ("places:\n- place: #general\n", "or its name in quotes"),
        ('places:\n- place: "#nowhere"\n', "I see no channel called #nowhere"),
        ("places:\n- place: general\n", "`general` is not the id of a channel"),
        (f'places:\n- place: {GENERAL}\n- place: "#general"\n', "stands in the file twice"),
        (f"places:\n- place: {GENERAL}\n  silent: true\n", "There is no key `silent`"),
        (f"places:\n- place: {GENERAL}\n  digest: at 25:00\n", "25:00"),
        ("\xff\xfe", "not UTF-8"),
        ("x: " + "[" * 50_000, ":1:23: This is not YAML: lists and keys are nested too deep"),
        ("- " * 50, "nested too deep"),
        ("? [places]\n: 1\n", ":1:3: This is not YAML: a key is a word"),
        ("? {places: 1}\n", "a key is a word"),
        ("\x07", "not YAML"),
    ],
)
async def test_a_file_that_makes_no_sense_is_refused_whole(
    world: Outside, file: Path, content: str, told: str
) -> None:
    file.write_bytes(content.encode("latin-1"))

    code, out, err = await apply(world, file, "--yes")

    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


async def test_a_file_that_is_not_there_is_named(world: Outside, tmp_path: Path) -> None:
    code, _, err = await apply(world, tmp_path / "nowhere.yaml", "--yes")

    assert code == 2
    assert "nowhere.yaml" in err
    assert "No such file" in err


@pytest.mark.slow
async def test_ten_thousand_lines_are_too_many_for_one_place_and_nothing_of_them_is_done(
    world: Outside, file: Path
) -> None:
    rows = "".join(f"  - follow: {number}\n" for number in range(1, 10_001))
    file.write_text(f"places:\n- place: {EXPERIMENTS}\n  subscriptions:\n{rows}")

    code, _, err = await apply(world, file, "--yes")

    assert code == 1
    assert "200 subscriptions" in err
    file.write_text(FILE)
    assert "+ subscribe id:205" in (await apply(world, file, "--dry-run"))[1]


async def test_without_a_token_names_are_not_known(world: Outside, file: Path) -> None:
    env = {name: value for name, value in world.env.items() if name != "SLACK_BOT_TOKEN"}

    ended = await call("apply", str(file), "--yes", env=env)

    assert ended.code == 1
    assert "SLACK_BOT_TOKEN is not set" in ended.err
