"""`visjob doctor`: prints what was checked; each row that is not ok ends with its cure."""

from rich.table import Table
from rich.text import Text

from bot import __version__
from bot.cli.examination import checks
from bot.cli.terminal import is_screen, open_console, write_json
from bot.core.cards.cleaning import shown
from bot.core.health import Check, Verdict
from bot.core.text import ENGLISH

_LONGEST_FOUND = 1_000

_SYMBOLS = {Verdict.OK: "✅", Verdict.WARNING: "⚠️", Verdict.FAILED: "❌"}


async def examine(*, as_json: bool, url: str = "") -> int:
    """Print one row per check; the exit code: 0 if nothing failed, else 1."""
    found = [check async for check in checks(url=url)]
    if as_json:
        write_json(
            [
                {
                    "check": check.key,
                    "verdict": check.verdict.value,
                    "found": ENGLISH.plain(check.found),
                    "cure": ENGLISH.plain(check.cure) or None,
                }
                for check in found
            ]
        )
    else:
        _draw(found)
    return 1 if _count(found, Verdict.FAILED) else 0


def _draw(found: list[Check]) -> None:
    console = open_console()
    console.print(Text(f"VisJob {__version__}: what the bot stands on", "bold"))
    for check in found:
        if is_screen(console):
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=2)
            grid.add_row(_SYMBOLS[check.verdict], _words(check, indent=""))
            console.print(grid)
        else:
            line = Text(f"{_SYMBOLS[check.verdict]} ").append_text(_words(check, indent="   "))
            console.print(line, soft_wrap=True)
    console.print(Text(_conclusion(found), "bold"), soft_wrap=True)


def _words(check: Check, *, indent: str) -> Text:
    name, found, cure = map(ENGLISH.plain, (check.name, check.found, check.cure))
    # A setting's own sentence begins with its name.
    is_sentence = found.startswith(f"{name} ")
    words = Text().append(name if is_sentence else f"{name}:", "bold")
    words.append(f" {shown(found.removeprefix(f'{name} '), _LONGEST_FOUND)}")
    if cure and check.verdict is not Verdict.OK:
        words.append(f"\n{indent}→ {shown(cure, _LONGEST_FOUND)}")
    return words


def _conclusion(found: list[Check]) -> str:
    failed, warned = _count(found, Verdict.FAILED), _count(found, Verdict.WARNING)
    if not failed and not warned:
        return f"All {len(found)} are well."
    warnings = f"{warned} {'is a warning' if warned == 1 else 'are warnings'}"
    if not failed:
        return f"Of {len(found)}, {warnings}; nothing has failed."
    need = f"{failed} of {len(found)} {'needs' if failed == 1 else 'need'} fixing"
    return f"{need}; {warnings}." if warned else f"{need}."


def _count(found: list[Check], verdict: Verdict) -> int:
    return sum(check.verdict is verdict for check in found)
