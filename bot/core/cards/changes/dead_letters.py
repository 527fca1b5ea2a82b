"""The cards of dead letters: their list, and the answer to sending them again."""

from collections.abc import Collection, Sequence
from typing import Literal, assert_never

from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Choice,
    Code,
    Control,
    Line,
    Moment,
    Picker,
    Strong,
    TimeStyle,
    strong_first,
)
from bot.core.cards.changes.guard import notice_words
from bot.core.cards.wording import job_words
from bot.core.cards.words.change_words import step_words
from bot.core.cards.words.subscription_words import where_span
from bot.core.commands.verbs.redeliver import EVERY_DEAD_LETTER, Redeliver
from bot.core.commands.verbs.status import DeadLetters, Status
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeadLetter, OutboxCounts
from bot.core.listed import first_of
from bot.core.reasons import reason_words
from bot.core.subscription import Place
from bot.core.text import Text, Value, Words, all_of, say, say_many, sentences

_LISTED_AT_MOST = 10
_PICKED_AT_MOST = 100

_LOOKS_FIRST = say("I check Slack first, so nothing is posted twice.")


def dead_letters_card(
    dead_letters: Sequence[DeadLetter], *, hidden: Collection[Place] = ()
) -> Card:
    """Return the dead letters, latest first, with controls that send them again. Places in `hidden`
    are not named, because the asker cannot see them."""
    headline = _headline(len(dead_letters))
    if not dead_letters:
        nothing = say("Everything was posted, or is waiting for its turn.")
        return Card(
            subject=say("Undelivered messages"),
            summary=sentences(headline, nothing),
            lines=(strong_first(headline, nothing),),
            controls=(Action(label=say("Status"), command=Status()),),
        )
    shown = first_of(dead_letters, _LISTED_AT_MOST)
    found = [_sentence(dead_letter, hidden) for dead_letter in shown]
    lines: list[Line] = [strong_first(headline, say("I don't try them again by myself."))]
    lines += [(f"{number}. ", sentence) for number, sentence in enumerate(found, 1)]
    if rest := len(dead_letters) - len(shown):
        lines.append((say_many("… and {count} more.", "… and {count} more.", rest),))
    return Card(
        subject=say("Undelivered messages"),
        summary=sentences(headline, *(say("{item}.", item=item) for item in found)),
        lines=tuple(lines),
        notes=((_LOOKS_FIRST,),),
        controls=_controls(dead_letters),
    )


def waiting_card(counts: OutboxCounts) -> Card:
    """Return how many messages are held back, if there is no dead letter to send again."""
    if not counts.held:
        return dead_letters_card(())
    held = say_many(
        "{count} message is held back until the rule, the snooze or the wait that holds it ends;"
        " `subscriptions` says which it is.",
        "{count} messages are held back until the rules, snoozes or waits that hold them end;"
        " `subscriptions` says which these are.",
        counts.held,
    )
    return _answer_card(_headline(0), held)


def redelivered_card(count: int, channels: Sequence[str] = (), *, unseen: int = 0) -> Card:
    """Return how many dead letters are sent again, and in which channels the bot retries a post
    that Slack refused; `unseen` counts such channels that the asker cannot see."""
    if channels or unseen:
        return _tried_card(count, channels, unseen)
    if not count:
        return _answer_card(
            say("There is no such undelivered message."), say("It may be on its way already.")
        )
    headline = say_many(
        "I'm trying {count} message again.", "I'm trying {count} messages again.", count
    )
    return _answer_card(headline, _LOOKS_FIRST)


def _tried_card(count: int, channels: Sequence[str], unseen: int) -> Card:
    where: list[Value] = [Channel(one) for one in first_of(channels, _LISTED_AT_MOST)]
    if unseen:
        where.append(
            say_many(
                "{count} channel that you can't see", "{count} channels that you can't see", unseen
            )
        )
    headline = say("I'm trying once more what waits for {channels}.", channels=all_of(where))
    rest = say("Slack did not let me post there: if it still does not, invite me there.")
    if not count:
        return _answer_card(headline, rest)
    again = say_many(
        "I'm trying {count} message again.", "I'm trying {count} messages again.", count
    )
    return _answer_card(again, sentences(headline, rest, _LOOKS_FIRST))


def _headline(count: int) -> Text:
    if not count:
        return say("No undelivered messages.")
    return say_many("{count} undelivered message.", "{count} undelivered messages.", count)


def _answer_card(headline: Text, rest: Words) -> Card:
    return Card(
        subject=say("Undelivered messages"),
        summary=sentences(headline, rest),
        lines=(strong_first(headline, rest),),
        controls=(Action(label=say("Undelivered messages"), command=DeadLetters()),),
    )


def _controls(dead_letters: Sequence[DeadLetter]) -> tuple[Control, ...]:
    refresh = Action(label=say("Refresh"), command=DeadLetters(), renews_card=True)
    if len(dead_letters) == 1:
        [only] = dead_letters
        return Action(label=say("Try again"), command=Redeliver(only.delivery_id)), refresh
    choices = tuple(
        Choice(
            label=say("{number}. {what}", number=number, what=_what(one)),
            command=Redeliver(one.delivery_id),
        )
        for number, one in enumerate(dead_letters[:_PICKED_AT_MOST], 1)
    )
    every = Action(label=say("Try all again"), command=Redeliver(EVERY_DEAD_LETTER))
    return Picker(placeholder=say("Try one again…"), choices=choices), every, refresh


def _sentence(dead_letter: DeadLetter, hidden: Collection[Place]) -> Text:
    return say(
        "{when}: {what} to {place}; {reason}",
        when=Moment(dead_letter.died_at, TimeStyle.DAY_AND_CLOCK),
        what=Strong(_what(dead_letter)),
        place=where_span(dead_letter.place, hidden),
        reason=_reason(dead_letter.reason),
    )


def _reason(kept: str) -> Text | Code:
    words = reason_words(kept)
    return words if isinstance(words, Text) else Code(words)


def _what(dead_letter: DeadLetter) -> Text:
    match dead_letter.kind:
        case DeliveryKind.CARD:
            return say("the card of job\u00a0{id}", id=dead_letter.job_id)
        case DeliveryKind.CHANGE:
            [change] = dead_letter.changes
            return say("{job}, {step}", job=job_words(change.job), step=step_words(change.step))
        case DeliveryKind.CHANGES:
            return say_many("{count} change", "{count} changes", len(dead_letter.changes))
        case DeliveryKind.GUARD:
            job = say("job\u00a0{id}", id=dead_letter.job_id)
            if dead_letter.guard is None:
                return job
            return say("{job}, {step}", job=job, step=notice_words(dead_letter.guard))
        case _:
            return _what_of_no_job(dead_letter.kind)


def _what_of_no_job(
    kind: Literal[
        DeliveryKind.PLACE_PAUSED,
        DeliveryKind.MORNING,
        DeliveryKind.GREETING,
        DeliveryKind.SOURCE_LOST,
        DeliveryKind.SOURCE_BACK,
    ],
) -> Text:
    match kind:
        case DeliveryKind.PLACE_PAUSED:
            return say("a note about a channel")
        case DeliveryKind.MORNING:
            return say("the morning line")
        case DeliveryKind.GREETING:
            return say("my welcome message to a channel")
        case DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK:
            return say("a note about ModelArts")
        case _:
            assert_never(kind)
