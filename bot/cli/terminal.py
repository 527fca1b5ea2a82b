"""Draw the cards of Slack and tables of jobs in a terminal, or write them to a pipe.

Foreign text is never read as markup or as control characters.
"""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.core.cards.card import (
    Action,
    Bullet,
    Card,
    Channel,
    Code,
    Line,
    Moment,
    Named,
    PeopleGroup,
    Person,
    Span,
    Strong,
    TimeStyle,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.figures import Amount, Bar, drawn
from bot.core.cards.past.rows import all_lines
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, Language, breakable
from bot.core.text import Text as Sentence

_LONGEST = 1000
# Nobody can read a narrower screen; a wider one is a pipe or a mistake.
_NARROWEST, _WIDEST = 40, 500
_FORMATS = {
    TimeStyle.CLOCK: "%H:%M %Z",
    TimeStyle.TO_THE_SECOND: "%H:%M:%S %Z",
    TimeStyle.DAY_AND_CLOCK: "%Y-%m-%d %H:%M %Z",
}


def open_console() -> Console:
    """Return a console on standard output, with its width limited to a usable range."""
    # rich's own reading of COLUMNS accepts 0 and fails at `²`.
    columns = shutil.get_terminal_size((_WIDEST, 25)).columns
    width = min(max(columns, _NARROWEST), _WIDEST)
    return Console(width=width, height=25, highlight=False, emoji=False)


def is_screen(console: Console) -> bool:
    """Return True for a terminal: only terminals get boxes and clickable links."""
    return console.file.isatty() and not console.is_dumb_terminal


def write_json(facts: object) -> None:
    """Print facts as JSON, in ASCII without control characters."""
    text = json.dumps(facts, indent=2)
    click.echo(text.replace("\x7f", "\\u007f"))


def draw(card: Card, console: Console, language: Language = ENGLISH) -> None:
    """Print a card: its lines, its quote, its notes, and its link if it has one."""
    card = translated(card, language)
    body = Text("\n").join(map(line_text, all_lines(card)))
    if card.quote:
        body.append("\n│ ", "dim").append(shown(str(card.quote), _LONGEST), "italic")
    if card.notes:
        body.append("\n").append_text(notes_text(card.notes))
    if is_screen(console):
        console.print(Panel(body, expand=False, border_style="dim", padding=(0, 1)))
    else:
        console.print(body, soft_wrap=True)
    for control in card.controls:
        if isinstance(control, Action) and control.url:
            # The link has an unwrapped line of its own, so that people can click and copy it.
            console.print(Text(f"{control.label}:"), soft_wrap=True)
            console.print(Text(control.url, f"link {control.url}"), soft_wrap=True)


def draw_table(head: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print rows in aligned columns, also with wide letters. A narrow screen gets fewer columns and
    shorter names; a pipe gets everything."""
    cells = [list(head), *([shown(cell, _LONGEST) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if is_screen(console):
        while len(widths) > _FEWEST_COLUMNS and _spare(widths, console) < 0:
            del widths[-1]
        widths[_NAMES] = max(widths[_NAMES] + min(_spare(widths, console), 0), _SHORTEST_NAME)
    for number, row in enumerate(cells):
        line = _GAP.join(_fitted(*cell) for cell in zip(row, widths, strict=False)).rstrip()
        console.print(Text(line, "" if number else "dim"), soft_wrap=True)


_GAP = "  "
_FEWEST_COLUMNS = 4
_NAMES, _SHORTEST_NAME = 2, 8


def _spare(widths: Sequence[int], console: Console) -> int:
    return console.width - sum(widths) - len(_GAP) * (len(widths) - 1)


def _fitted(cell: str, width: int) -> str:
    if cell_len(cell) > width:
        cell = set_cell_size(cell, width - 1).rstrip() + "…"
    return set_cell_size(cell, width)


def local_words(at: datetime, style: TimeStyle = TimeStyle.DAY_AND_CLOCK) -> str:
    """Return a moment in the local time zone of this computer."""
    return shown(at.astimezone().strftime(_FORMATS[style]), _LONGEST)


def notes_text(notes: Sequence[Line]) -> Text:
    """Return the notes of a card on one line, dimmed."""
    return Text("   ·   ", "dim").join(map(_note, notes))


def line_text(line: Line) -> Text:
    """Return one line of a card as styled text."""
    text = Text()
    for span in line:
        text.append_text(_span(span))
    return text


def _note(line: Line) -> Text:
    text = line_text(line)
    text.stylize("dim")
    return text


def _span(span: Span) -> Text:
    match span:
        case str() | Sentence():
            text = breakable(str(span))
            return Text(text if text.isprintable() else shown(text, _LONGEST))
        case Bar() | Amount():
            return Text(breakable(drawn(span)))
        case Strong(text=text):
            return Text(shown(str(text), _LONGEST), "bold")
        case Code(text=text):
            return Text(shown(text, _LONGEST), "cyan")
        case Moment(at=at, style=style):
            return Text(local_words(at, style))
        case Person() | PeopleGroup() | Channel():
            return Text(_name(span))
        case Bullet():
            return Text("• ")


def _name(span: Named) -> str:
    match span:
        case Person(user_id=user_id):
            return f"@{shown(user_id, _LONGEST)}"
        case PeopleGroup(group_id=group_id):
            return f"@{shown(group_id, _LONGEST)}"
        case Channel(channel_id=channel_id):
            return f"#{shown(channel_id, _LONGEST)}"
