"""All that README.md and docs/ name exists: links, headings, pictures, settings, events, errors."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot import __version__
from bot.config import SETTINGS_TABLE
from bot.core.commands.words.typed import LONGEST_SENTENCE
from bot.core.reasons import ARCHIVED, DELETED, NOT_A_MEMBER, REMOVED, reason_words
from bot.core.subscription import MOST_OF_A_PERSON, MOST_OF_A_PLACE
from bot.modelarts.body import LARGEST_ANSWER
from bot.modelarts.codes import find_meaning
from bot.responder.reads import READS_PER_MINUTE
from bot.responder.request_limiter import SENTENCES_PER_MINUTE
from bot.serve.connections import MOST_CONNECTIONS
from bot.slack.incoming.gate import LARGEST_BODY
from bot.slack.outgoing.refusals import REFUSALS
from tests.doc_pages import GUIDES, PAGES, ROOT, anchors, code_words, links, rows_below
from tests.sources import calls, sources, tree

OPERATING = ROOT / "docs/operating.md"
PICTURES = ROOT / "docs/pictures"
ALL_PAGES = (*PAGES, *(ROOT / name for name in ("CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md")))
LARGEST_PICTURE = 120 * 1024

#: Words of Slack itself, which the bot never says.
SLACKS_OWN = {
    "dispatch_failed",
    "operation_timeout",
    "/visjob is not a valid command",
    "Your URL didn't respond with the value of the challenge parameter.",
}
#: The reasons that explain a dead letter without a code of Slack's.
KEPT_REASONS = {str(reason_words(code)) for code in (NOT_A_MEMBER, REMOVED, ARCHIVED, DELETED)}
#: Names that look like our settings, but are variables of the tests or of hosts.
NO_SETTINGS = re.compile(r"VISJOB_PROOF\w*|VISJOB_FUZZ\w*|VISJOB_ENCRYPTION_KEYS|SLACK_CLIENT_\w+")


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.name))
def test_a_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in links(page):
        if "://" in link:
            continue
        name, _, heading = link.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (heading and heading not in anchors(file)):
            broken.append(link)

    assert broken == []


def test_every_picture_is_used_and_small() -> None:
    used = {
        (page.parent / link).resolve() for page in PAGES for link in links(page) if "png" in link
    }
    there = set(PICTURES.iterdir())

    assert used == there
    assert [path.name for path in there if path.stat().st_size > LARGEST_PICTURE] == []


def test_each_task_of_a_user_has_one_picture() -> None:
    text = (ROOT / "docs/using.md").read_text()
    parts = re.split(r"^## ", text.partition("## Every sentence")[0], flags=re.MULTILINE)[1:]

    assert len(parts) == 5
    assert [part.splitlines()[0] for part in parts if part.count("![") != 1] == []


@pytest.mark.parametrize("page", ALL_PAGES[:-3], ids=lambda page: str(page.name))
def test_a_setting_that_a_page_names_exists(page: Path) -> None:
    known = {row.name for row in SETTINGS_TABLE}
    named = re.findall(r"\b(?:SLACK|MODELARTS|VISJOB)_[A-Z_]*[A-Z]\b", page.read_text())
    strange = {
        name
        for name in named
        if not {name, name.removesuffix("_FILE")} & known and not NO_SETTINGS.fullmatch(name)
    }

    assert strange == set()


@cache
def metrics() -> frozenset[str]:
    """Return every string of the program that looks like the name of a metric."""
    texts = "".join(path.read_text() for path in sources())
    return frozenset(re.findall(r"\"(visjob_[a-z_]+)\"", texts))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_a_metric_that_a_page_names_exists(page: Path) -> None:
    named = {
        found for line in code_words(page) for found in re.findall(r"^(visjob_[a-z_]+)", line.text)
    }

    # Prometheus's library adds the suffix of a counter.
    assert {name for name in named if not {name, name.removesuffix("_total")} & metrics()} == set()


@cache
def events() -> frozenset[str]:
    """Return every event that the program logs."""
    methods = {"info", "warning", "error", "exception", "note", "count"}
    found = set()
    for path in sources():
        for node in calls(path):
            first = node.args[0] if node.args else None
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            is_logging = name in methods or name == "log"
            if is_logging and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
        found |= _chosen_events(path)
    return frozenset(found)


def _chosen_events(path: Path) -> set[str]:
    """Return the events that the code assigns to a variable before it logs one of them."""
    return {
        str(node.value.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and any(getattr(target, "id", "") == "event" for target in node.targets)
    }


#: Names of other programs.
FOREIGN = {"message_metadata_posted", "pg_restore"}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.name))
def test_a_field_an_event_or_a_code_that_a_page_names_stands_in_the_code(page: Path) -> None:
    text = "".join(path.read_text() for path in sources())
    words = set(re.findall(r"\w+", text)) | FOREIGN
    named = {one.text for one in code_words(page) if re.fullmatch(r"[a-z]+(_[a-z]+)+", one.text)}

    assert {name for name in named if not {name, name.removesuffix("_total")} & words} == set()


def keys_below(heading: str) -> list[str]:
    cells = " ".join(rows_below(OPERATING, heading))
    return re.findall(r"`([^`]+)`", cells)


@pytest.mark.slow
def test_an_event_that_the_table_explains_is_one_of_the_log() -> None:
    named = keys_below("### In the log")

    assert len(named) > 12
    assert [event for event in named if event not in events()] == []


@cache
def loud_events() -> frozenset[str]:
    """Return every event that the program logs as a warning or worse."""
    methods = {"warning", "error", "exception", "critical", "log"}
    found = set()
    for path in sources():
        for node in calls(path):
            first = node.args[0] if node.args else None
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            said = first.value if isinstance(first, ast.Constant) else None
            if name in methods and isinstance(said, str) and re.fullmatch(r"[a-z_]+", said):
                found.add(said)
        found |= _chosen_events(path)
    return frozenset(found)


def test_the_table_explains_every_warning_and_every_error_of_the_log() -> None:
    assert len(loud_events()) > 50
    assert loud_events() - set(keys_below("### In the log")) == set()


def test_a_code_of_the_cloud_that_the_table_explains_is_known() -> None:
    named = keys_below("### The cloud")

    assert len(named) > 12
    assert [code for code in named if find_meaning(code) is None] == []


@cache
def messages() -> tuple[re.Pattern[str], ...]:
    """Return a pattern for every sentence of the program, which matches any values."""
    said = set()
    for path in sources():
        for node in calls(path):
            if getattr(node.func, "id", "") in ("say", "say_many"):
                said |= {
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return tuple(_pattern(message) for message in said if _letters(message) > 7)


def _letters(message: str) -> int:
    return sum(map(str.isalpha, re.sub(r"\{\w+\}", "", message)))


def _pattern(message: str) -> re.Pattern[str]:
    plain = message.replace("`", "")
    pieces = [re.escape(piece) for piece in re.split(r"\{\w+\}", plain)]
    return re.compile(".+".join(pieces), re.DOTALL)


def is_said(text: str) -> bool:
    """Return True if the program says this text; `…` at the end stands for any continuation."""
    if text in SLACKS_OWN or text in REFUSALS or text in KEPT_REASONS:
        return True
    if any(pattern.fullmatch(text) for pattern in messages()):
        return True
    begin = text.removesuffix(" …")
    return begin != text and any(pattern.pattern.startswith(re.escape(begin))
                                 for pattern in messages())  # fmt: skip


ERRORS = [
    key
    for heading in ("It does not start", "Slack and the bot do not meet", "In a channel")
    for key in keys_below(f"### {heading}")
    if not key.startswith(("/visjob status", "SLACK_APP_TOKEN"))
]


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_that_the_tables_explain_is_said_just_so(text: str) -> None:
    assert is_said(text)


@pytest.mark.parametrize("text", ["is not so set", "The certificate of … is not liked.", "no_code"])
def test_what_nobody_says_is_found_out(text: str) -> None:
    assert not is_said(text)


def test_the_tables_explain_many_errors() -> None:
    assert len(ERRORS) > 30


def test_a_limit_is_the_one_of_the_code() -> None:
    limits = {
        "sentences of one person": f"{SENTENCES_PER_MINUTE} a minute",
        "jobs that one person makes the bot read anew": f"{READS_PER_MINUTE} a minute",
        "subscriptions of one person, of one channel": f"{MOST_OF_A_PERSON}, {MOST_OF_A_PLACE}",
        "a sentence": f"{LONGEST_SENTENCE} characters",
        "a request's body, an answer of the cloud": f"{LARGEST_BODY // 1024} KiB, "
        f"{LARGEST_ANSWER // 2**20} MiB",
        "open connections": str(MOST_CONNECTIONS),
    }
    page = OPERATING.read_text()

    assert [row for row in limits.items() if f"| {row[0]} | {row[1]} |" not in page] == []


def test_the_version_is_the_last_one_of_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## (\S+)(?: - (\d{4}-\d\d-\d\d))?$", text, re.MULTILINE)

    assert releases[0] == ("Unreleased", "")
    assert releases[1][0] == __version__
    assert all(day for _, day in releases[1:])
