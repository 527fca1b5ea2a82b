"""Jobs that a sentence names twice, by id and by name, as people copy them: `205 flowers-tb`."""

import re
from collections.abc import Callable

from bot.core.job import JobId

#: Returns the name of the job with this id; empty if no job is known by it.
NameOf = Callable[[JobId], str]

_ID = r"(?<![\w:.-])(?:id: ?|#)?{}(?![\w.-])"
_NAME = r"(?<![\w-]){}(?![\w-])"
_NUMBER = re.compile(_ID.format("([0-9]{1,19})"), re.IGNORECASE)
_BETWEEN = r"[ \t]*[·•,:=/|–—-]?[ \t]*"


def named_once(text: str, name_of: NameOf) -> str:
    """Return the text with `id:205` in place of each pair of an id and the name of the same job."""
    for number in dict.fromkeys(_NUMBER.findall(text)):
        name = name_of(JobId(int(number)))
        if name and not name.isdecimal() and name.casefold() in text.casefold():
            one, other = _ID.format(number), _NAME.format(re.escape(name))
            pair = re.compile(rf"{one}{_BETWEEN}{other}|{other}{_BETWEEN}{one}", re.IGNORECASE)
            text = pair.sub(f"id:{number}", text)
    return text
