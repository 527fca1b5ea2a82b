"""Dead letters as cards: the list of them, and the answer to sending them again."""

from collections.abc import Sequence
from typing import assert_never

from bot.core.cards.card import Action, Card, Code, Control, Line, Moment, Strong, TimeStyle
from bot.core.cards.change_words import step_words
from bot.core.cards.subscription_words import line_words, where_span
from bot.core.cards.wording import count_words, job_words
from bot.core.commands.redeliver import EVERY_DEAD_LETTER, Redeliver
from bot.core.commands.status import DeadLetters, Status
from bot.core.delivery import DeadLetter, DeliveryKind

_LISTED_AT_MOST = 10
# More buttons than these would be a wall; `all` reaches the rest.
_BUTTONS_AT_MOST = 3

_LOOKS_FIRST = "What may have been sent already is looked for first."


def dead_letters_card(dead_letters: Sequence[DeadLetter]) -> Card:
    """The dead letters, latest first, with buttons that send them again."""
    headline = f"{count_words(len(dead_letters), 'dead letter')}."
    if not dead_letters:
        nothing = "Everything was sent, or still waits for its turn."
        return Card(
            summary=f"{headline} {nothing}",
            lines=((Strong(headline), f" {nothing}"),),
            controls=(Action(label="Status", command=Status()),),
        )
    shown = dead_letters[:_LISTED_AT_MOST]
    lines: list[Line] = [(Strong(headline), " What is given up is not tried again by itself.")]
    lines += [_line(number, dead_letter) for number, dead_letter in enumerate(shown, 1)]
    if len(dead_letters) > len(shown):
        lines.append((f"… and {len(dead_letters) - len(shown)} more.",))
    return Card(
        summary=f"{headline} " + " ".join(f"{line_words(line)}." for line in lines[1:]),
        lines=tuple(lines),
        notes=((_LOOKS_FIRST,),),
        controls=_controls(dead_letters),
    )


def redelivered_card(count: int) -> Card:
    """How many dead letters are sent again."""
    if count:
        headline = f"{count_words(count, 'dead letter')} on the way again."
        return _answer_card(headline, _LOOKS_FIRST)
    return _answer_card("There is no such dead letter.", "It may have been sent again already.")


def _answer_card(headline: str, rest: str) -> Card:
    return Card(
        summary=f"{headline} {rest}",
        lines=((Strong(headline), f" {rest}"),),
        controls=(Action(label="Dead letters", command=DeadLetters()),),
    )


def _controls(dead_letters: Sequence[DeadLetter]) -> tuple[Control, ...]:
    singles = tuple(
        Action(
            label="Send again" if len(dead_letters) == 1 else f"Send {number} again",
            command=Redeliver(one.delivery_id),
        )
        for number, one in enumerate(dead_letters[:_BUTTONS_AT_MOST], 1)
    )
    every = Action(label="Send all again", command=Redeliver(EVERY_DEAD_LETTER))
    refresh = Action(label="Refresh", command=DeadLetters(), renews_card=True)
    return (*singles, *((every,) if len(dead_letters) > 1 else ()), refresh)


def _line(number: int, dead_letter: DeadLetter) -> Line:
    return (
        f"{number}. ",
        Moment(dead_letter.died_at, TimeStyle.DAY_AND_CLOCK),
        "  ",
        Strong(_what(dead_letter)),
        " to ",
        where_span(dead_letter.place),
        ": ",
        Code(dead_letter.reason),
    )


def _what(dead_letter: DeadLetter) -> str:
    match dead_letter.kind:
        case DeliveryKind.CARD:
            return f"the card of job {dead_letter.job_id}"
        case DeliveryKind.CHANGE:
            [change] = dead_letter.changes
            return f"{job_words(change.job)}, {step_words(change.step)}"
        case DeliveryKind.CHANGES:
            return count_words(len(dead_letter.changes), "change")
        case DeliveryKind.PLACE_PAUSED:
            return "a note on a channel"
        case DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK:
            return "a note on the cloud"
        case _:
            assert_never(dead_letter.kind)
