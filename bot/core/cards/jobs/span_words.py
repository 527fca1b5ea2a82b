"""The words for spans and runs: their length, state and cost, and what reads do not show."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.core.cards.card import Line, Moment, TimeStyle
from bot.core.cards.figures import Bar, Fill, Stretch
from bot.core.cards.jobs.job_lines import DOT
from bot.core.cards.wording import duration_words, state_words
from bot.core.change import NO_JOB
from bot.core.job import JobStatus, Phase
from bot.core.runs import Run
from bot.core.spending import CENT, Price
from bot.core.text import Text, Value, Words, enumeration, say
from bot.core.timeline import NO_TIME, NOT_SEEN, Span, joined

# A bar of up to so many parts has a label for each.
_LABELLED_AT_MOST = 3


def money_words(span: timedelta, price: Price) -> Text:
    """Return `about 9.10 EUR`, or `less than 0.01 EUR` for an amount that would round to zero."""
    money, currency = price.of(span), price.currency
    if not money and price.hourly and span:
        if not currency:
            return say("less than {amount}", amount=str(CENT))
        return say("less than {amount}\u00a0{currency}", amount=str(CENT), currency=currency)
    if not currency:
        return say("about {amount}", amount=f"{money:f}")
    return say("about {amount}\u00a0{currency}", amount=f"{money:f}", currency=currency)


def span_state(span: Span) -> Text:
    """Return our word for the state of a span."""
    if span.status is None:
        return NOT_SEEN
    return say("Deleted") if span.status == NO_JOB else state_words(JobStatus(span.status))


def length_words(span: Span) -> Text:
    """Return the length of a span: `at least` if it began earlier, `so far` if it goes on."""
    length = duration_words(span.length)
    if span.is_begin_open:
        return say("at least {span}", span=length)
    return say("{span} so far", span=length) if span.is_end_open else length


def bar_lines(spans: Sequence[Span]) -> tuple[Line, ...]:
    """Return the spans as a bar, and below it a label for each; if they are too many, a label for
    each state with its total time."""
    spans = [span for span in joined(spans) if span.length]
    bar = Bar(tuple(Stretch(fill=_fill(one), weight=one.length.total_seconds()) for one in spans))
    return ((bar,), _legend(spans))


def _legend(spans: Sequence[Span]) -> Line:
    labels = [(_fill(span), _labelled(span)) for span in spans]
    if len(spans) > _LABELLED_AT_MOST:
        totals: dict[tuple[Fill, _Label], timedelta] = {}
        for span in spans:
            kind = _fill(span), _label(span)
            totals[kind] = totals.get(kind, NO_TIME) + span.length
        labels = [(fill, label(duration_words(total))) for (fill, label), total in totals.items()]
    line: list[Text | str] = []
    for fill, words in labels:
        line += [*(("  ",) if line else ()), f"{fill.value}\u00a0", words]
    return tuple(line)


def _fill(span: Span) -> Fill:
    if span.is_unseen:
        return Fill.UNSEEN
    return _FILLS.get(span.phase, Fill.IDLE)


_FILLS: Mapping[Phase | None, Fill] = {
    Phase.RUNNING: Fill.RUNNING,
    Phase.QUEUED: Fill.QUEUED,
    Phase.STOPPING: Fill.STOPPING,
    Phase.UNKNOWN: Fill.UNKNOWN,
}


def _labelled(span: Span) -> Text:
    length = duration_words(span.length)
    if span.is_begin_open:
        length = say("at least {span}", span=length)
    return _label(span)(length)


_Label = Callable[[Value], Text]


def _label(span: Span) -> _Label:
    """Return the function that puts a length into the words for the span's state."""
    if span.status is None:
        return _not_seen
    if span.status == NO_JOB:
        return _deleted
    status = JobStatus(span.status)
    return _lost if status is JobStatus.LOST else _LABELS[status.phase]


def _not_seen(span: Value) -> Text:
    return say("not seen {span}", span=span)


def _deleted(span: Value) -> Text:
    return say("deleted {span}", span=span)


def _lost(span: Value) -> Text:
    return say("lost {span}", span=span)


_LABELS: dict[Phase, _Label] = {
    Phase.QUEUED: lambda span: say("queued {span}", span=span),
    Phase.RUNNING: lambda span: say("running {span}", span=span),
    Phase.STOPPING: lambda span: say("stopping {span}", span=span),
    Phase.FINISHED: lambda span: say("finished {span}", span=span),
    Phase.STOPPED: lambda span: say("stopped {span}", span=span),
    Phase.FAILED: lambda span: say("failed {span}", span=span),
    Phase.DELETE_FAILED: lambda span: say("delete failed {span}", span=span),
    Phase.UNKNOWN: lambda span: say("unknown {span}", span=span),
}


def run_line(run: Run) -> Line:
    """Return when a run began, how long it ran, and how it ended."""
    return (
        Moment(run.begin, TimeStyle.DAY_AND_CLOCK),
        "  ",
        _ran(run),
        DOT,
        _ending(run),
    )


def run_sentence(run: Run) -> Text:
    """Return the line of a run as a sentence, for a text without layout."""
    begun = Moment(run.begin, TimeStyle.DAY_AND_CLOCK)
    return say("{time}: {length}, {end}.", time=begun, length=_ran(run), end=_ending(run))


def _ran(run: Run) -> Text:
    if not run.running:
        return say("not seen running")
    length = duration_words(run.running)
    if run.is_running_open or run.unseen:
        return say("ran at least {span}", span=length)
    return say("ran\u00a0{span}", span=length)


def _ending(run: Run) -> Words:
    if run.end is None:
        return say("still going")
    if run.ended_as is None:
        return say("its end was not seen")
    return say("deleted") if run.ended_as == NO_JOB else _ENDINGS[JobStatus(run.ended_as).phase]


_ENDINGS = {
    **dict.fromkeys(Phase, say("ended")),
    Phase.FINISHED: say("finished"),
    Phase.STOPPED: say("stopped"),
    Phase.FAILED: say("failed"),
}


def run_sentence_of(spans: Sequence[Span]) -> Words:
    """Return the states of the last run as a sentence, for screen readers; empty without spans."""
    kept = [_labelled(span) for span in joined(spans) if span.length]
    return say("Its last run: {states}.", states=enumeration(kept)) if kept else ""
