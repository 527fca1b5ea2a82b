"""The rows of a `why` card, drawn as lines and as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cards.card import HALF_A_DAY, Line, Moment, Strong, TimeStyle, end_after
from bot.core.cards.jobs.job_lines import DOT, dotted
from bot.core.cards.why.why_rows import WhyRow, folded
from bot.core.cards.words.change_words import vendor_step
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.listed import first_of
from bot.core.text import Text, Words, say, say_many

_SHOWN_AT_MOST = 15
_A_MINUTE = timedelta(minutes=1)
_A_SECOND = timedelta(seconds=1)
_INDENT = "      "


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRows:
    """The latest rows as lines, and as sentences for a text without layout."""

    lines: Sequence[Line]
    told: Sequence[Words]
    #: The label of the button that shows more of the rows; empty if there is no more.
    more: Words


def shown_rows(rows: Sequence[WhyRow], *, exact: bool) -> ShownRows:
    """Return the rows, newest first; `exact` shows each row by itself, with its exact times."""
    stretches = [[row] for row in rows] if exact else folded(rows)
    shown = first_of(stretches, _SHOWN_AT_MOST)
    lines: list[Line] = []
    told: list[Words] = []
    for stretch in shown:
        if len(stretch) > 1:
            lines.append((_several(stretch), DOT, stretch[0].outcome))
            told.append(_several_sentence(stretch))
            continue
        lines += _row_lines(stretch[0], exact=exact)
        told += _row_sentences(stretch[0], exact=exact)
    if rest := len(rows) - sum(map(len, shown)):
        more = say_many("… and {count} more.", "… and {count} more.", rest)
        lines.append((more,))
        told.append(more)
    return ShownRows(lines=lines, told=told, more=_more(shown))


def _more(shown: Sequence[Sequence[WhyRow]]) -> Words:
    if any(len(stretch) > 1 for stretch in shown):
        return say("Show every change")
    return say("Show exact times") if any(_exact(stretch[0]) for stretch in shown) else ""


def several_words(changes: Sequence[StatusChange]) -> Text:
    """Return `4 changes between 10:02 and 11:40`, for grouped changes, newest first."""
    begin, end = changes[-1].seen_at, changes[0].seen_at
    start = Moment(begin, TimeStyle.DAY_AND_CLOCK)
    what = _counted(changes)
    if end - begin < _A_MINUTE:
        return say("{time}: {changes}", time=start, changes=what)
    return say(
        "{changes} between {start} and {end}",
        changes=what,
        start=start,
        end=end_after(begin, end),
    )


def _counted(changes: Sequence[StatusChange]) -> Text:
    """Return the number of changes; says if all of them were within one of our states."""
    count = len(changes)
    if any(one.step.changes_word or one.step.is_unseen_restart for one in changes):
        return say_many("{count} change", "{count} changes", count)
    return say_many("{count} change within a state", "{count} changes within a state", count)


def _several(stretch: Sequence[WhyRow]) -> Text:
    return several_words([row.change for row in stretch if row.change])


def _several_sentence(stretch: Sequence[WhyRow]) -> Text:
    return say("{changes}, {outcome}.", changes=_several(stretch), outcome=stretch[0].outcome)


def _row_lines(row: WhyRow, *, exact: bool) -> list[Line]:
    at = Moment(row.at, TimeStyle.DAY_AND_CLOCK)
    what = row.what if row.has_no_delivery else Strong(row.what)
    lines: list[Line] = [(at, "  ", what, DOT, row.outcome)]
    if exact and (facts := _exact(row)):
        lines.append((_INDENT, *dotted(*facts)))
    return lines


def _row_sentences(row: WhyRow, *, exact: bool) -> list[Words]:
    at = Moment(row.at, TimeStyle.DAY_AND_CLOCK)
    told: list[Words] = [
        say("{time}: {step}, {outcome}.", time=at, step=row.what, outcome=row.outcome)
    ]
    if exact and row.change:
        told += [say("{step}.", step=raw) for raw in _raw(row)]
        told.append(_times(row.change, row.receipt) or "")
    return told


def _exact(row: WhyRow) -> list[Text]:
    """Return what the row leaves out: the vendor's names, and the times to the second."""
    times = _times(row.change, row.receipt) if row.change else None
    return [*_raw(row), *((times,) if times else ())]


def _raw(row: WhyRow) -> list[Text]:
    """Return the step in the vendor's words, if the row has it in ours."""
    raw = vendor_step(row.change.step) if row.change else row.what
    return [] if raw == row.what else [raw]


def _times(change: StatusChange, receipt: DeliveryReceipt | None) -> Text | None:
    """Return the two reads between which the change happened, and when it was posted; None if the
    row already says so."""
    seen, before = change.seen_at, change.last_seen_at
    posted = receipt.sent_at if receipt else None
    end = _near(seen, seen)
    if before is None or before >= seen:
        if posted is None or posted - seen < _A_SECOND:
            return None
        return say("Seen at {seen}, posted at {posted}.", seen=end, posted=_near(posted, seen))
    start = _near(before, seen)
    if posted is None:
        return say("Changed between {start} and {end}.", start=start, end=end)
    return say(
        "Changed between {start} and {end}, posted at {posted}.",
        start=start,
        end=end,
        posted=_near(posted, seen),
    )


def _near(at: datetime, other: datetime) -> Moment:
    """Return a time to the second, or with its day if it may be on another day than `other`."""
    is_near = abs(at - other) < HALF_A_DAY
    return Moment(at, TimeStyle.TO_THE_SECOND if is_near else TimeStyle.DAY_AND_CLOCK)
