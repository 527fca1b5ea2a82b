"""Print wrapped text with a hanging indent."""

from rich.console import Console
from rich.text import Text

INDENT = " " * 5


def print_below(console: Console, words: Text, lead: str = INDENT) -> None:
    """Print words after `lead`, and indent all further lines by its width."""
    for line in words.wrap(console, console.width - len(lead)):
        line.rstrip()
        console.print(Text.assemble((lead, words.style), line), soft_wrap=True)
        lead = " " * len(lead)
