"""A problem of one setting, in words."""

from dataclasses import dataclass

from bot.config.fields import names_of, word_of
from bot.config.settings import Settings
from bot.core.text import Text, Words, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of one setting; `found` says what is wrong, and never shows a secret."""

    name: str
    #: A sentence without its full stop.
    found: Text
    expected: Words
    example: Words

    @property
    def cure(self) -> Text:
        """What the setting should hold, with an example."""
        return say(
            "Expected {expected}, for example {example}",
            expected=self.expected,
            example=self.example,
        )

    @property
    def sentence(self) -> Text:
        """The problem and its cure."""
        if str(self.example).endswith("."):
            return say("{found}. {cure}", found=self.found, cure=self.cure)
        return say("{found}. {cure}.", found=self.found, cure=self.cure)

    def __str__(self) -> str:
        return str(self.sentence)


class BadSettings(Exception):
    """The error of unusable settings; `problems` names each problem, and `language` is the language
    to print them in."""

    def __init__(self, problems: tuple[Problem, ...], *, language: str) -> None:
        super().__init__(", ".join(problem.name for problem in problems))
        self.problems = problems
        self.language = language


def problem_of(attribute: str, found: Text | None = None) -> Problem:
    """Return the problem of a setting; without `found`, that it is not set."""
    field, name = Settings.model_fields[attribute], name_of(attribute)
    expected, example = word_of(field, "expected"), word_of(field, "example")
    return Problem(name=name, found=found or not_set(name), expected=expected, example=example)


def not_set(name: str, slip: str = "") -> Text:
    """Return the words for a missing setting; `slip` is a set variable that was probably meant."""
    if slip:
        return say("{name} is not set ({slip} is: did you mean it?)", name=name, slip=slip)
    return say("{name} is not set", name=name)


def name_of(attribute: str) -> str:
    """Return the variable of an attribute of the settings."""
    return names_of(Settings.model_fields[attribute])[0]
