"""Dead letters as cards: what was never sent and why, and what driving it again came to."""

from collections.abc import Sequence

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

_LOOKED_FOR = "What may have been sent already is looked for first."


def dead_letters_card(letters: Sequence[DeadLetter]) -> Card:
    """What was given up, latest first, with the sentences that try it again."""
    told = f"{count_words(len(letters), 'dead letter')}."
    if not letters:
        return Card(summary=f"{told} Everything was sent, or still waits for its turn.",
                    lines=((Strong(told), " Everything was sent, or still waits for its turn."),),
                    controls=(Action(label="Status", command=Status()),))  # fmt: skip
    shown = letters[:_LISTED_AT_MOST]
    lines: list[Line] = [(Strong(told), " What is given up is not tried again by itself.")]
    lines += [_line(number, letter) for number, letter in enumerate(shown, 1)]
    if len(letters) > len(shown):
        lines.append((f"… and {len(letters) - len(shown)} more.",))
    return Card(
        summary=f"{told} " + " ".join(f"{line_words(line)}." for line in lines[1:]),
        lines=tuple(lines),
        notes=((_LOOKED_FOR,),),
        controls=_controls(letters),
    )


def redelivered_card(count: int) -> Card:
    """How many are tried again now."""
    if count:
        told = f"{count_words(count, 'dead letter')} on the way again."
        return _told(told, _LOOKED_FOR)
    return _told("There is no such dead letter.", "It may have been sent again already.")


def again(letter_id: str, *, label: str = "Send again") -> Action:
    """The button that tries one again."""
    return Action(label=label, command=Redeliver(letter_id))


def _told(told: str, rest: str) -> Card:
    return Card(
        summary=f"{told} {rest}",
        lines=((Strong(told), f" {rest}"),),
        controls=(Action(label="Dead letters", command=DeadLetters()),),
    )


def _controls(letters: Sequence[DeadLetter]) -> tuple[Control, ...]:
    singles = tuple(
        again(one.delivery_id, label="Send again" if len(letters) == 1 else f"Send {number} again")
        for number, one in enumerate(letters[:_BUTTONS_AT_MOST], 1)
    )
    every = Action(label="Send all again", command=Redeliver(EVERY_DEAD_LETTER))
    refresh = Action(label="Refresh", command=DeadLetters(), renews_card=True)
    return (*singles, *((every,) if len(letters) > 1 else ()), refresh)


def _line(number: int, letter: DeadLetter) -> Line:
    return (
        f"{number}. ",
        Moment(letter.died_at, TimeStyle.DAY_AND_CLOCK),
        "  ",
        Strong(_what(letter)),
        " to ",
        where_span(letter.place),
        ": ",
        Code(letter.reason),
    )


def _what(letter: DeadLetter) -> str:
    match letter.kind:
        case DeliveryKind.CARD:
            return f"the card of job {letter.job_id}"
        case DeliveryKind.CHANGE:
            [change] = letter.changes
            return f"{job_words(change.job)}, {step_words(change.step)}"
        case DeliveryKind.CHANGES:
            return count_words(len(letter.changes), "change")
        case DeliveryKind.PLACE_PAUSED:
            return "a note on a channel"
        case _:
            return "a note on the cloud"
