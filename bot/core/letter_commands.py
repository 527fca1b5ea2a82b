"""The sentences about what was never sent."""

from dataclasses import dataclass

#: Of dead letters: all of them.
EVERY_LETTER = "all"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """What was never sent, and will not be unless somebody asks for it."""

    text: str = "status letters"


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Try again to send a dead letter, by its id, or all."""

    letter: str

    @property
    def text(self) -> str:
        return f"redeliver {self.letter}"
