"""The cards that people see, before Slack renders them: facts and buttons without any markup."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.cards.figures import Amount, Bar, Chart
from bot.core.cards.wording import clock_words, moment_words, second_words
from bot.core.commands.command import Command
from bot.core.commands.verbs.copy import Copy
from bot.core.text import Code, Fragment, Text, Words, say

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class Strong(Fragment):
    """Text that stands out, such as a headline."""

    is_as_written = True

    text: Words

    @property
    def words(self) -> Words:
        """Return the text."""
        return self.text


def strong_first(headline: Words, more: Words) -> "Line":
    """Return a line whose first sentence stands out."""
    strong = Strong(headline)
    return (say("{first} {next}", first=strong, next=more),) if more else (strong,)


class TimeStyle(Enum):
    """The parts of a moment that are shown, in the reader's own zone and language."""

    CLOCK = "clock"
    TO_THE_SECOND = "to the second"
    DAY_AND_CLOCK = "day and clock"


@dataclass(frozen=True, slots=True)
class Moment(Fragment):
    """A point in time, shown in the reader's own zone if the platform can."""

    clings = True

    at: datetime
    style: TimeStyle = TimeStyle.CLOCK

    @property
    def begins_with_word(self) -> bool:
        """Return True for a style with a day, because the reader's language may begin it with a
        word."""
        return self.style is TimeStyle.DAY_AND_CLOCK

    @property
    def words(self) -> str:
        """Return the moment in UTC, for a platform that does not know the reader's zone."""
        return _WORDS[self.style](self.at)


_WORDS = {
    TimeStyle.CLOCK: clock_words,
    TimeStyle.TO_THE_SECOND: second_words,
    TimeStyle.DAY_AND_CLOCK: moment_words,
}


def day_and_clock(at: datetime) -> Moment:
    """Return a moment with its day, also for today, because readers have different time zones."""
    return Moment(at, TimeStyle.DAY_AND_CLOCK)


def end_after(begin: datetime, end: datetime) -> Moment:
    """Return the end of a stretch whose begin is shown with its day: with a day of its own only
    from half a day on."""
    is_near = end - begin < HALF_A_DAY
    return Moment(end, TimeStyle.CLOCK if is_near else TimeStyle.DAY_AND_CLOCK)


#: Two moments that are nearer than this share the day that one of them shows.
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Person(Fragment):
    """A person, named by id: the platform shows their present name."""

    user_id: str

    @property
    def words(self) -> Words:
        """Return a placeholder, because only the platform knows the name."""
        return say("somebody")


@dataclass(frozen=True, slots=True)
class PeopleGroup(Fragment):
    """A user group, named by id: the platform shows its present name."""

    group_id: str

    @property
    def words(self) -> Words:
        """Return a placeholder, because only the platform knows the name."""
        return say("a user group")


@dataclass(frozen=True, slots=True)
class Channel(Fragment):
    """A place, named by id: the platform shows its present name to people who may see the place."""

    channel_id: str

    @property
    def words(self) -> Words:
        """Return a placeholder, because only the platform knows the name."""
        return say("the channel")


@dataclass(frozen=True, slots=True)
class Bullet(Fragment):
    """The first span of a line that is an item of a list."""

    @property
    def words(self) -> str:
        """Return the bullet as a character, for a platform without lists."""
        return "•\u00a0"


#: Spans that hold only an id, for which the platform shows the name.
Named = Person | PeopleGroup | Channel
Span = str | Text | Strong | Code | Moment | Named | Bullet | Bar | Amount
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of facts; the first cell of each row names the row's subject."""

    caption: Words
    heads: tuple[Line, ...]
    #: Each row has one cell for each head; a cell may be empty.
    rows: tuple[tuple[Line, ...], ...]


class Emphasis(Enum):
    """How strongly a button stands out."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: a press runs its command, and may open a link as well."""

    label: Words
    command: Command
    emphasis: Emphasis = Emphasis.PLAIN
    url: str = ""
    #: True if the answer replaces the card that the button is on.
    renews_card: bool = False
    #: The question of a dialog before the button acts; empty if the button does no harm.
    question: Words = ""
    #: The labels in that dialog; empty for the button's label and for Cancel.
    confirm_label: Words = ""
    deny_label: Words = ""
    #: The text for screen readers; empty for the one that `accessibility_label_of` derives.
    accessibility_label: Words = ""
    #: The page of Home that a press shows, instead of running the command; 0 for none.
    turns_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Less wanted buttons, behind one small button. None of them may do harm."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a picker, and the command that picking it runs."""

    label: Words
    command: Command
    detail: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """A list of choices, of which a person picks one."""

    placeholder: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBox:
    """A picker that looks up its choices while the person types."""

    placeholder: Words
    #: The verb of the command that runs on the picked job; empty to show the job.
    verb: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePicker:
    """A list of the channels that the person can see; the picked one completes the command."""

    placeholder: Words
    command: Copy


Control = Action | Menu | Picker | SearchBox | PlacePicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message or answer; `summary` says in full sentences what the rest shows."""

    summary: Words
    lines: tuple[Line, ...]
    #: The title of a dialog that shows the card; empty for the name of the app.
    subject: Words = ""
    #: Shown below the lines; a platform that draws no table shows the rows as further lines.
    table: Table | None = None
    #: Lines below the table.
    more_lines: tuple[Line, ...] = ()
    #: The heading of the card if it begins a part of a page; else empty.
    title: Words = ""
    #: The vendor's own words, shown as a quotation.
    quote: Words = ""
    #: Fixed-width lines that people can copy.
    verbatim: tuple[Line, ...] = ()
    #: Small print, one fact each.
    notes: tuple[Line, ...] = ()
    controls: tuple[Control, ...] = ()
    #: The card is complete without its charts, because not every platform draws them.
    charts: tuple[Chart, ...] = ()
