"""All texts for people are whole sentences, and the catalogue of each language has them."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from bot.core import errors
from bot.locale import language_of

babel = pytest.importorskip("babel", reason="Babel is not installed")

from tests import catalogues  # noqa: E402 - needs Babel
from tests.sources import calls, sources  # noqa: E402

ROOT = Path(__file__).parent.parent
# Words with which no sentence ends, and which are no sentence alone.
CONNECTIVES = {"a", "an", "and", "at", "by", "from", "is", "of", "on", "or"} | {
    "since", "the", "to", "until", "with", "within",
}  # fmt: skip


def named(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message.replace("`", "")) if name}


def test_every_sentence_of_the_code_is_a_literal_and_names_its_values() -> None:
    wrong = []
    for place, call in catalogues.sentence_calls():
        given = {keyword.arg for keyword in call.keywords}
        for message in catalogues.messages(call):
            if not message or named(message) - {"count"} != given - {"count"}:
                wrong.append(f"{place}:{call.lineno}: {message}")

    assert wrong == []


def test_no_sentence_is_glued_from_halves() -> None:
    glued = []
    for place, call in catalogues.sentence_calls():
        for message in catalogues.messages(call):
            words = message.split()
            if message != message.strip() or not words or words[-1] in CONNECTIVES:
                glued.append(f"{place}:{call.lineno}: {message!r}")

    assert glued == []


@pytest.mark.slow
def test_the_catalogues_hold_the_sentences_of_the_code_and_are_compiled() -> None:
    assert sorted(catalogues.problems()) == []


def test_a_translation_names_the_values_of_its_sentence() -> None:
    wrong = []
    for _, catalogue in catalogues.catalogues():
        for message in catalogue:
            source = [*([message.id] if isinstance(message.id, str) else message.id)][-1]
            [target] = [message.string] if isinstance(message.string, str) else message.string or ()
            if source and marks(source) != marks(target):
                wrong.append((source, target))
            # In Chinese `as of` is one word.
            units = source.replace("as\u00a0of", "as of")
            if "\u00a0" in units and " " in target and "\u00a0" not in target:
                wrong.append((source, target))

    assert wrong == []


def marks(sentence: str) -> tuple[set[str], int]:
    """Return what a translation must keep: the values, and the number of code marks."""
    return named(sentence), sentence.count("`")


HAN = "[\u3400-\u9fff]"
# Chinese punctuation, and full-width brackets and signs.
FULL = "[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]"
SLIPS = {
    "a space between two Chinese characters": re.compile(
        f"{HAN}[ \u00a0]{FULL}|{FULL}[ \u00a0]{HAN}"
    ),
    "punctuation of English between them": re.compile(f"{FULL}[,:;!?()]+{FULL}|{HAN}[,;!?]"),
    "a number that may part from its unit of time": re.compile(r"[0-9}] (?:秒|分钟|小时|天)"),
    "a name that is not used for the thing any more": re.compile("关注|Token有|Slack Token"),
    "a familiar you": re.compile("你"),
}


def slips_of(sentence: str) -> list[str]:
    return [name for name, slip in SLIPS.items() if slip.search(sentence)]


def test_chinese_is_written_as_chinese_is() -> None:
    slips = []
    for _, catalogue in catalogues.catalogues():
        for message in catalogue:
            if message.id:
                string = message.string or ""
                [target] = [string] if isinstance(string, str) else string
                slips += [(target, slip) for slip in slips_of(target)]

    assert slips == []


@pytest.mark.parametrize(
    "sentence",
    [
        "已 订阅",
        "失败, 已停止",
        "作业(已停止)已",
        "完成。 自动",
        "最近 24 小时",
        "不再关注",
        "你好",
    ],
)
def test_a_slip_of_chinese_is_found(sentence: str) -> None:
    assert len(slips_of(sentence)) == 1


# Names of arguments that people read, and of the functions that show or raise them.
_READ = frozenset(
    [
        "accessibility_label",
        "confirm_label",
        "cure",
        "deny_label",
        "detail",
        "found",
        "hint",
        "label",
        "placeholder",
        "question",
        "sentence",
        "submit",
        "summary",
        "title",
    ]
)
_FIRST_IS_READ = {"Strong"} | {name for name, one in vars(errors).items() if isinstance(one, type)}
_TALKING = (
    "cli", "config", "core", "demo/narrator.py", "demo/program.py", "modelarts", "responder",
    "serve", "slack/controls.py", "slack/incoming", "slack/outgoing", "store", "watcher",
)  # fmt: skip


def is_untranslated(node: ast.expr) -> bool:
    """Return True for English words in a literal that is not passed to `say`."""
    if isinstance(node, ast.JoinedStr):
        return any(map(is_untranslated, node.values))
    text = node.value if isinstance(node, ast.Constant) else ""
    return isinstance(text, str) and re.search("[A-Za-z]{2}", text) is not None


def test_what_people_read_is_never_a_bare_literal() -> None:
    bare = []
    for path in sources():
        name = str(path.relative_to(ROOT / "bot"))
        if not name.startswith(_TALKING):
            continue
        for node in calls(path):
            read = [one.value for one in node.keywords if one.arg in _READ]
            if getattr(node.func, "id", "") in _FIRST_IS_READ:
                read += node.args[:1]
            if getattr(node.func, "id", "") == "HelpRow":
                read += node.args[1:2]
            bare += [f"{name}:{one.lineno}" for one in read if is_untranslated(one)]

    assert bare == []


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        language_of("tlh")
