"""The card of `why` for a terminal, which is in no place: the outcome of each change in every
place."""

from collections.abc import Mapping, Sequence

from bot.core.cards.card import Card, Channel, Line, Strong
from bot.core.cards.jobs.care import kept_sentence
from bot.core.cards.jobs.current_state import (
    CurrentState,
    looks_again,
    no_change,
    nothing_yet,
    state_now,
)
from bot.core.cards.jobs.job_lines import DOT
from bot.core.cards.why.why import moment
from bot.core.cards.why.why_lines import several_words
from bot.core.cards.why.why_rows import awaited, outcome_words
from bot.core.cards.words.change_words import step_words
from bot.core.cards.words.subscription_words import all_wanted_words
from bot.core.care import NO_CARE, JobCare
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.subscription import Place, Subscription
from bot.core.text import Words, say, sentences


def why_everywhere_card(
    *,
    changes: Sequence[StatusChange],
    receipts: Mapping[Place, Sequence[DeliveryReceipt]],
    following: Mapping[Place, Sequence[Subscription]],
    state: CurrentState,
    care: JobCare = NO_CARE,
) -> Card:
    """Return the state of a job, then its changes, newest first, each with its outcome in every
    place."""
    followed = [one for here in following.values() for one in here]
    latest = max((one.seen_at for one in changes), default=None)
    silent = nothing_yet(followed, latest)
    now = [state_now(state), silent, looks_again(state, followed), kept_sentence(state.job, care)]
    lines: list[Line] = [(state_now(state, Strong),), *((one,) for one in now[1:] if one)]
    for place, subscriptions in following.items():
        wanted = all_wanted_words(subscriptions)
        channel = Channel(place.channel_id)
        gets = say("{channel} gets {changes}.", channel=channel, changes=wanted)
        waiting = awaited(receipts.get(place, ()))
        waits = say("What I would post there waits: {reason}.", reason=waiting) if waiting else ""
        lines.append((sentences(gets, waits),))
        now += [gets, waits]
    told = [*now]
    for stretch in _folded(changes, receipts, following):
        head, sentence = _head(stretch)
        lines += [head, *_outcome_lines(stretch[0], receipts, following)]
        told.append(sentence)
    if not changes and not silent:
        nothing = no_change(is_followed=bool(following))
        lines.append((nothing,))
        told.append(nothing)
    if not following and not receipts:
        nobody = say("Nobody follows it.")
        lines.append((nobody,))
        told.append(nobody)
    return Card(subject=say("Why"), summary=sentences(*told), lines=tuple(lines))


_Receipts = Mapping[Place, Sequence[DeliveryReceipt]]
_Following = Mapping[Place, Sequence[Subscription]]


def _folded(
    changes: Sequence[StatusChange], receipts: _Receipts, following: _Following
) -> list[list[StatusChange]]:
    """Return the changes, newest first; neighbours that were posted nowhere, for the same reasons,
    are one group."""
    stretches: list[list[StatusChange]] = []
    for change in reversed(changes):
        reasons = _reasons_unposted(change, receipts, following)
        last = _reasons_unposted(stretches[-1][-1], receipts, following) if stretches else None
        if reasons and reasons == last:
            stretches[-1].append(change)
        else:
            stretches.append([change])
    return stretches


def _reasons_unposted(
    change: StatusChange, receipts: _Receipts, following: _Following
) -> Sequence[Words] | None:
    """Return why a change was posted nowhere, place by place; None if it has a delivery."""
    if any(one.change == change for here in receipts.values() for one in here):
        return None
    return [outcome_words(change, None, following.get(place, ())) for place in receipts]


def _head(stretch: Sequence[StatusChange]) -> tuple[Line, Words]:
    latest = stretch[0]
    if len(stretch) == 1:
        at, step = moment(latest), step_words(latest.step)
        return (at, "  ", step), say("{time}: {step}.", time=at, step=step)
    several = several_words(stretch)
    return (several,), say("{changes}.", changes=several)


def _outcome_lines(change: StatusChange, receipts: _Receipts, following: _Following) -> list[Line]:
    """Return the outcome of a change, a line for each place."""
    lines: list[Line] = []
    for place, here in receipts.items():
        receipt = next((one for one in here if one.change == change), None)
        waiting = awaited(here) if place in following else ""  # only there the card says it
        became = outcome_words(change, receipt, following.get(place, ()), waits_for=waiting)
        lines.append(("      ", Channel(place.channel_id), DOT, became))
    return lines
