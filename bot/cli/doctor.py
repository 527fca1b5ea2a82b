"""`visjob doctor`: print all checks; each row that is not ok ends with its cure."""

from rich.table import Table
from rich.text import Text

from bot import __version__
from bot.cli.examination import checks
from bot.cli.terminal import is_screen, open_console, write_json
from bot.config import NOTHING, read_settings
from bot.core.cards.bot.health import VERDICT_SYMBOLS
from bot.core.cards.cleaning import shown
from bot.core.health import Check, Verdict
from bot.core.text import Language, Words, say, say_many
from bot.locale import language_of

_LONGEST_FOUND = 1_000


async def examine(*, as_json: bool, url: str) -> int:
    """Print one row per check. Return the exit code: 0 if nothing failed, else 1."""
    found = [check async for check in checks(url=url)]
    language = language_of(read_settings(NOTHING)[0].language)
    if as_json:
        write_json(
            [
                {
                    "check": check.key,
                    "verdict": check.verdict.value,
                    "found": language.plain(check.found),
                    "cure": language.plain(check.cure) or None,
                }
                for check in found
            ]
        )
    else:
        _draw(found, language)
    return 1 if _count(found, Verdict.FAILED) else 0


def _draw(found: list[Check], language: Language) -> None:
    console = open_console()
    title = say("VisJob {version}: what the bot needs", version=__version__)
    console.print(Text(language.plain(title), "bold"))
    for check in found:
        if is_screen(console):
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=2)
            grid.add_row(VERDICT_SYMBOLS[check.verdict], _words(check, language, indent=""))
            console.print(grid)
        else:
            words = _words(check, language, indent="   ")
            line = Text(f"{VERDICT_SYMBOLS[check.verdict]} ").append_text(words)
            console.print(line, soft_wrap=True)
    console.print(Text(language.plain(_conclusion(found)), "bold"), soft_wrap=True)


def _words(check: Check, language: Language, *, indent: str) -> Text:
    name, found, cure = map(language.plain, (check.name, check.found, check.cure))
    # Sentences about settings begin with the setting's name, which is not repeated.
    is_sentence = found.startswith(f"{name} ")
    words = Text().append(name if is_sentence else f"{name}:", "bold")
    words.append(f" {shown(found.removeprefix(f'{name} '), _LONGEST_FOUND)}")
    if cure and check.verdict is not Verdict.OK:
        words.append(f"\n{indent}→ {shown(cure, _LONGEST_FOUND)}")
    return words


def _conclusion(found: list[Check]) -> Words:
    failed, warned = _count(found, Verdict.FAILED), _count(found, Verdict.WARNING)
    if not failed and not warned:
        return say("All {number} are well.", number=len(found))
    warnings = say_many("{count} is a warning", "{count} are warnings", warned)
    if not failed:
        return say(
            "Of {number}, {warnings}; nothing has failed.", number=len(found), warnings=warnings
        )
    need = say_many(
        "{count} of {number} needs fixing",
        "{count} of {number} need fixing",
        failed,
        number=len(found),
    )
    if not warned:
        return say("{need}.", need=need)
    return say("{need}; {warnings}.", need=need, warnings=warnings)


def _count(found: list[Check], verdict: Verdict) -> int:
    return sum(check.verdict is verdict for check in found)
