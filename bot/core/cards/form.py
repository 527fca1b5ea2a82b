"""Forms: questions whose answers make one sentence. No markup of any chat platform."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.cards.card import Choice, Line
from bot.core.text import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose in a form: what a person reads, and the word that it stands for."""

    label: Words
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobInput:
    """A job, looked up while the person types."""

    placeholder: Words
    initial: Choice | Option | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInput:
    """A channel that the person sees; at first the one that they look at, or `initial`."""

    placeholder: Words
    initial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneInput:
    """Exactly one of several answers."""

    options: tuple[Option, ...]
    initial: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeInput:
    """Any number of several answers."""

    options: tuple[Option, ...]
    initial: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentInput:
    """A day and a time."""

    initial: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput:
    """A few words; empty words are an answer, too."""

    placeholder: Words
    initial: str = ""


Input = JobInput | PlaceInput | OneInput | SomeInput | MomentInput | TextInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of a form; `name` is how the verb's grammar of answers calls it."""

    name: str
    label: Words
    input: Input
    hint: Words = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions whose answers make one sentence with `verb`. `intro` stands before them; `kept`
    comes back with the answers."""

    verb: str
    title: Words
    submit: Words
    questions: tuple[Question, ...]
    intro: tuple[Line, ...] = ()
    kept: str = ""
