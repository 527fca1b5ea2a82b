"""What a person sees, before Slack: facts and buttons, with no markup of any chat platform."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.cards.figures import Amount, Bar, Chart
from bot.core.cards.wording import clock_words, moment_words, second_words
from bot.core.commands.command import Command
from bot.core.commands.copy import Copy
from bot.core.text import Code, Fragment, Text, Words, say

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class Strong(Fragment):
    """Text that matters most."""

    is_as_written = True

    text: Words

    @property
    def words(self) -> Words:
        """The text."""
        return self.text


def strong_first(headline: Words, more: Words) -> "Line":
    """Sentences of which the first stands out."""
    strong = Strong(headline)
    return (say("{first} {next}", first=strong, next=more),) if more else (strong,)


class TimeStyle(Enum):
    """How much of a moment is shown; the reader's own zone and language apply."""

    CLOCK = "clock"
    TO_THE_SECOND = "to the second"
    DAY_AND_CLOCK = "day and clock"


@dataclass(frozen=True, slots=True)
class Moment(Fragment):
    """A point in time, shown in the reader's own zone where the platform can."""

    at: datetime
    style: TimeStyle = TimeStyle.CLOCK

    @property
    def words(self) -> str:
        """The same in UTC, where a reader's zone is not known."""
        return _WORDS[self.style](self.at)


_WORDS = {
    TimeStyle.CLOCK: clock_words,
    TimeStyle.TO_THE_SECOND: second_words,
    TimeStyle.DAY_AND_CLOCK: moment_words,
}


@dataclass(frozen=True, slots=True)
class Person(Fragment):
    """Somebody named by id, so that the platform shows their present name."""

    user_id: str

    @property
    def words(self) -> Words:
        """Nobody's name is known here."""
        return say("somebody")


@dataclass(frozen=True, slots=True)
class PeopleGroup(Fragment):
    """A user group named by id, so that the platform shows its present name."""

    group_id: str

    @property
    def words(self) -> Words:
        """No group's name is known here."""
        return say("a user group")


@dataclass(frozen=True, slots=True)
class Channel(Fragment):
    """A place named by id, so that the platform shows its present name to those who may see it."""

    channel_id: str

    @property
    def words(self) -> Words:
        """No place's name is known here."""
        return say("the channel")


@dataclass(frozen=True, slots=True)
class Bullet(Fragment):
    """Stands first in a line that is an item of a list."""

    @property
    def words(self) -> str:
        """What it looks like where no list can be drawn."""
        return "•\u00a0"


#: What is named by its id.
Named = Person | PeopleGroup | Channel
Span = str | Text | Strong | Code | Moment | Named | Bullet | Bar | Amount
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of facts; the first cell of each says what it is about."""

    caption: Words
    heads: tuple[Line, ...]
    #: One cell for each head, with nothing in it where there is nothing to say.
    rows: tuple[tuple[Line, ...], ...]


class Emphasis(Enum):
    """How strongly a button stands out."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: it says a sentence of the grammar, and may open a link besides."""

    label: Words
    command: Command
    emphasis: Emphasis = Emphasis.PLAIN
    url: str = ""
    #: The answer takes the place of the card that the button is on.
    renews_card: bool = False
    #: Asked before the button acts; empty for buttons that do no harm.
    question: Words = ""
    #: What its dialog calls acting and not acting; empty for the label and Cancel.
    consent: Words = ""
    refusal: Words = ""
    #: What a screen reader says, where the label alone says too little.
    aloud: Words = ""
    #: The page of a person's Home that it turns to, in place of saying its sentence there.
    turns_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What is wanted less often, behind one small button. Nothing in it does harm."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a picker, and the sentence that picking it says."""

    label: Words
    command: Command
    detail: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """Choices to pick one from."""

    placeholder: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBox:
    """A picker whose choices are looked up while the person types."""

    placeholder: Words
    #: What is said of the job that is picked; empty to show it.
    verb: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePicker:
    """A list of the channels that the person sees; the one picked is the sentence's last word."""

    placeholder: Words
    command: Copy


Control = Action | Menu | Picker | SearchBox | PlacePicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One answer. `summary` says in full sentences what the rest shows."""

    summary: Words
    lines: tuple[Line, ...]
    #: What a dialog is called that shows it; empty for the name of the app.
    subject: Words = ""
    #: Stands below the lines, and as more of them where no table is drawn.
    table: Table | None = None
    #: Below the table.
    more_lines: tuple[Line, ...] = ()
    #: Above all else, where it opens a part of a page.
    title: Words = ""
    #: Somebody else's own words, shown as a quotation.
    quote: str = ""
    #: Lines to copy literally.
    verbatim: tuple[str, ...] = ()
    #: Small print, one fact each.
    notes: tuple[Line, ...] = ()
    controls: tuple[Control, ...] = ()
    #: The rest of the card says the same.
    charts: tuple[Chart, ...] = ()
