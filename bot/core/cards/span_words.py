"""The words for spans and runs: how long, in which state, and what is not known of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.core.cards.card import Line, Moment, TimeStyle
from bot.core.cards.figures import Bar, Fill, Stretch
from bot.core.cards.job_lines import DOT
from bot.core.cards.wording import duration_words, state_words
from bot.core.change import NO_JOB
from bot.core.job import JobStatus, Phase
from bot.core.runs import Run
from bot.core.spending import Price
from bot.core.text import Text, Value, Words, enumeration, say
from bot.core.timeline import NO_TIME, Span, joined

_AN_HOUR = timedelta(hours=1)
# So many parts of a bar can be labelled.
_LABELLED_AT_MOST = 3


def hours_words(span: timedelta) -> Text:
    """`26 h`, beside the hour marks that a job is reminded of; below an hour as any span."""
    if span < _AN_HOUR:
        return duration_words(span)
    return say("{hours}\u00a0h", hours=span // _AN_HOUR)


def money_words(span: timedelta, price: Price) -> Text:
    """`about 9.10 EUR`."""
    amount = f"{price.of(span):f}"
    if not price.currency:
        return say("about {amount}", amount=amount)
    return say("about {amount}\u00a0{currency}", amount=amount, currency=price.currency)


def span_state(span: Span) -> Text:
    """What people call the state of a span."""
    if span.status is None:
        return say("Not seen")
    return say("Deleted") if span.status == NO_JOB else state_words(JobStatus(span.status))


def length_words(span: Span) -> Text:
    """How long a span is, or how long it is at least."""
    length = duration_words(span.length)
    if span.is_begin_open:
        return say("at least {span}", span=length)
    return say("{span} so far", span=length) if span.is_end_open else length


def bar_lines(spans: Sequence[Span]) -> tuple[Line, ...]:
    """The spans as a bar, and below it each of them; where they are too many for that, the time of
    each kind."""
    spans = [span for span in joined(spans) if span.length]
    bar = Bar(tuple(Stretch(fill=_fill(one), weight=one.length.total_seconds()) for one in spans))
    return ((bar,), _legend(spans))


def _legend(spans: Sequence[Span]) -> Line:
    labels = [(_fill(span), _labelled(span)) for span in spans]
    if len(spans) > _LABELLED_AT_MOST:
        totals: dict[Fill, timedelta] = {}
        for span in spans:
            totals[_fill(span)] = totals.get(_fill(span), NO_TIME) + span.length
        labels = [(fill, _LABELS[fill](duration_words(total))) for fill, total in totals.items()]
    line: list[Text | str] = []
    for fill, words in labels:
        line += [*(("  ",) if line else ()), f"{fill.value} ", words]
    return tuple(line)


def _fill(span: Span) -> Fill:
    if span.is_unseen:
        return Fill.UNSEEN
    return _FILLS.get(span.phase, Fill.IDLE)


_FILLS: Mapping[Phase | None, Fill] = {
    Phase.RUNNING: Fill.RUNNING,
    Phase.QUEUED: Fill.QUEUED,
    Phase.STOPPING: Fill.STOPPING,
}


def _labelled(span: Span) -> Text:
    length = duration_words(span.length)
    if span.is_begin_open:
        length = say("at least {span}", span=length)
    if span.status == NO_JOB:
        return say("deleted {span}", span=length)
    return _PHASE_LABELS.get(span.phase, _LABELS[_fill(span)])(length)


_LABELS: dict[Fill, Callable[[Value], Text]] = {
    Fill.RUNNING: lambda span: say("running {span}", span=span),
    Fill.QUEUED: lambda span: say("queued {span}", span=span),
    Fill.STOPPING: lambda span: say("stopping {span}", span=span),
    Fill.IDLE: lambda span: say("not running {span}", span=span),
    Fill.UNSEEN: lambda span: say("not seen {span}", span=span),
}
_PHASE_LABELS: dict[Phase | None, Callable[[Value], Text]] = {
    Phase.FINISHED: lambda span: say("finished {span}", span=span),
    Phase.STOPPED: lambda span: say("stopped {span}", span=span),
    Phase.FAILED: lambda span: say("failed {span}", span=span),
}


def run_line(run: Run) -> Line:
    """When a run began, how long it ran, and how it ended."""
    return (
        Moment(run.begin, TimeStyle.DAY_AND_CLOCK),
        "  ",
        _ran(run),
        DOT,
        _ending(run),
    )


def run_sentence(run: Run) -> Text:
    """The same where it can only be written."""
    begun = Moment(run.begin, TimeStyle.DAY_AND_CLOCK)
    return say("{time}: {length}, {end}.", time=begun, length=_ran(run), end=_ending(run))


def _ran(run: Run) -> Text:
    if not run.running:
        return say("not seen running")
    length = duration_words(run.running)
    if run.is_running_open or run.unseen:
        return say("ran at least {span}", span=length)
    return say("ran {span}", span=length)


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
    """The states of a run that is over, to be heard."""
    kept = [_labelled(span) for span in joined(spans) if span.length]
    return say("Its last run: {states}.", states=enumeration(kept)) if kept else ""
