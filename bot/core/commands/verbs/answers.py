"""Parse the answers of a form into the parts of a command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.core.errors import BadAnswers, BadCommand
from bot.core.text import Words, sentences

T = TypeVar("T")
CommandT_co = TypeVar("CommandT_co", covariant=True)

#: A person's answers in a form: words of the grammar, by the name of the question.
Answers = Mapping[str, tuple[str, ...]]
#: The key, in place of a question's name, of the sentence that the form was opened with.
HIDDEN_FIELD = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGrammar(Generic[CommandT_co]):
    """The rules by which the answers of a verb's form become a command."""

    #: Parses the answers into a command. Raises BadAnswers.
    read: Callable[[Answers], CommandT_co]
    #: The name of the question for each option of the sentence; `""` is the key of the target.
    questions: Mapping[str, str]


class AnswerReader:
    """Parses the answers one by one, and collects the problems of those that are wrong."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._problems: dict[str, Words] = {}

    @property
    def problems(self) -> Mapping[str, Words]:
        """Return the problems that were found so far, by the name of the question."""
        return self._problems

    def read(self, question: str, read: Callable[[tuple[str, ...]], T]) -> T | None:
        """Parse an answer with `read`; on BadCommand, record the problem and return None."""
        try:
            return read(self._answers.get(question, ()))
        except BadCommand as error:
            self._problems[question] = sentences(error.sentence, error.hint)
            return None

    def check(self) -> None:
        """Raise BadAnswers if an answer was wrong."""
        if self._problems:
            raise BadAnswers(self._problems)
