"""Names of jobs that were typed with blanks or dots: `flowers tb` for `flowers-tb`."""

import re
from collections.abc import Sequence

from bot.core.commands.grammar import is_sentence
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import OPTIONS
from bot.core.job import VisualizationJob

_NO_LETTER = re.compile(r"[\W_]+")
_WORDS_AT_MOST = 5


def joined_names(words: Sequence[Word], jobs: Sequence[VisualizationJob]) -> tuple[str, ...]:
    """Return the sentence with the name of a known job in place of the words that are this name
    apart from its marks; empty if that is no sentence."""
    names = {key: job.name for job in reversed(jobs) if (key := _letters(job.name))}
    for begin, end in _runs(words):
        name = names.get("".join(_letters(word.text) for word in words[begin:end]))
        if name:
            before, after = words[:begin], words[end:]
            said = [*(one.sentence for one in before), name, *(one.sentence for one in after)]
            sentence = " ".join(said)
            return (sentence,) if is_sentence(sentence) else ()
    return ()


def _runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the runs of words that may be a name: they follow the verb and precede the options."""
    first = 1 if words and words[0].verb else 0
    last = next((at for at, one in enumerate(words) if one.keyword in OPTIONS), len(words))
    return [
        (begin, end)
        for begin in range(first, last)
        for end in range(min(last, begin + _WORDS_AT_MOST), begin, -1)
    ]


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()
