"""The answers of a form, read into the parts of a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.core.errors import BadAnswers, BadCommand
from bot.core.text import Words, sentences

T = TypeVar("T")
CommandT_co = TypeVar("CommandT_co", covariant=True)

#: What a person chose, as words of the grammar, by the name of the question.
Answers = Mapping[str, tuple[str, ...]]
#: In place of a question: what the form itself was made with.
KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGrammar(Generic[CommandT_co]):
    """How the answers of a verb's form become its command."""

    #: Raises BadAnswers.
    read: Callable[[Answers], CommandT_co]
    #: The question that asks for each option of the sentence; the one for `""` asks for its target.
    questions: Mapping[str, str]


class AnswerReader:
    """Reads one answer after the other, and collects what is wrong with them."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._problems: dict[str, Words] = {}

    @property
    def problems(self) -> Mapping[str, Words]:
        """What was wrong so far, by the question."""
        return self._problems

    def read(self, question: str, read: Callable[[tuple[str, ...]], T]) -> T | None:
        """What `read` makes of an answer; None if it raises BadCommand."""
        try:
            return read(self._answers.get(question, ()))
        except BadCommand as error:
            self._problems[question] = sentences(error.sentence, error.hint)
            return None

    def check(self) -> None:
        """Raise BadAnswers if an answer was wrong."""
        if self._problems:
            raise BadAnswers(self._problems)
