"""The last list of jobs, for when the cloud returns no newer one."""

from dataclasses import replace
from datetime import datetime

from bot.core.cards.card import Card, Moment, Picker, TimeStyle
from bot.core.text import say, sentences


def last_list_card(trouble: Card, last: Card, *, read_at: datetime) -> Card:
    """Return the problem, and below it the last list, which was read at `read_at`."""
    seen = say("This is the last list, of {time}.", time=Moment(read_at, TimeStyle.DAY_AND_CLOCK))
    pickers = (one for one in last.controls if isinstance(one, Picker))
    return replace(
        trouble,
        summary=sentences(trouble.summary, seen, last.summary),
        lines=(*trouble.lines, (seen,), *last.lines),
        notes=(*trouble.notes, *last.notes),
        controls=(*pickers, *trouble.controls),
    )
