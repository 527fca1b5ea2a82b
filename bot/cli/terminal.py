"""The cards of Slack, drawn in a terminal."""

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Code,
    Line,
    Moment,
    Person,
    Span,
    Strong,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, NO_BREAK, Language
from bot.core.text import Text as Sentence

_LONGEST = 1000


def draw(card: Card, console: Console, language: Language = ENGLISH) -> None:
    """Print facts, somebody's own words, small print, and the one link that a card may carry."""
    card = translated(card, language)
    body = Text("\n").join(_line(line) for line in card.lines)
    if card.quote:
        body.append("\n│ ", "dim").append(shown(card.quote, _LONGEST), "italic")
    if card.notes:
        body.append("\n").append_text(Text("   ·   ", "dim").join(map(_note, card.notes)))
    for control in card.controls:
        if isinstance(control, Action) and control.url:
            body.append(f"\n{control.label}: ").append(control.url, f"link {control.url}")
    console.print(Panel(body, expand=False, border_style="dim", padding=(0, 1)))


def _line(line: Line) -> Text:
    text = Text()
    for span in line:
        text.append_text(_span(span))
    return text


def _note(line: Line) -> Text:
    text = _line(line)
    text.stylize("dim")
    return text


def _span(span: Span) -> Text:
    match span:
        case str() | Sentence():
            text = str(span).replace(NO_BREAK, " ")
            return Text(text if text.isprintable() else shown(text, _LONGEST))
        case Strong(text=text):
            return Text(shown(str(text), _LONGEST), "bold")
        case Code(text=text):
            return Text(shown(text, _LONGEST), "cyan")
        case Moment():
            return Text(span.words)
        case Person(user_id=user_id):
            return Text(f"@{user_id}")
        case Channel(channel_id=channel_id):
            return Text(f"#{channel_id}")
