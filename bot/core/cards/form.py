"""Forms: questions whose answers make one command, without markup of any chat platform."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.cards.card import Choice, Line
from bot.core.text import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose in a form: its label, and its word in the command."""

    label: Words
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInput:
    """A field for a job, which is looked up while the person types."""

    placeholder: Words
    initial: Choice | Option | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInput:
    """A field for a channel that the person can see; at first `initial`, or the channel in view."""

    placeholder: Words
    initial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneInput:
    """A field for exactly one of several answers."""

    options: tuple[Option, ...]
    initial: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeInput:
    """A field for any number of several answers."""

    options: tuple[Option, ...]
    initial: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentInput:
    """A field for a day and a time."""

    initial: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput:
    """A field for a few words; it may stay empty."""

    placeholder: Words
    initial: str


Input = JobInput | PlaceInput | OneInput | SomeInput | MomentInput | TextInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a form; `name` is the key of its answer."""

    name: str
    label: Words
    input: Input
    hint: Words = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions whose answers make one command with `verb`. The form shows `intro` above them; the
    platform returns `hidden` together with the answers."""

    verb: str
    title: Words
    submit: Words
    questions: tuple[Question, ...]
    intro: tuple[Line, ...] = ()
    hidden: str = ""
