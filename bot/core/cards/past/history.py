"""The card of `history`: the states of a job over time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.core.cards.card import Action, Card, Control, Line, Moment, Table, TimeStyle, strong_first
from bot.core.cards.charts import figure, states_chart
from bot.core.cards.figures import Amount
from bot.core.cards.jobs.job_lines import gone_line, seen_time, small_print, status_line
from bot.core.cards.jobs.span_words import bar_lines, length_words, span_state
from bot.core.cards.past.rows import table_of
from bot.core.cards.wording import duration_words, full_words, job_sentence, job_words
from bot.core.change import NO_JOB
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.history import SPANS, History
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.job import ENDED_PHASES, JobId, Phase, VisualizationJob
from bot.core.listed import first_of
from bot.core.spending import ran_before
from bot.core.text import Text, Words, say, say_many, sentences
from bot.core.timeline import NO_TIME, JobRecord, Span, joined, running_time, unseen_time

_STEPS_AT_MOST = 15


def history_card(
    command: History,
    record: JobRecord,
    spans: Sequence[Span],
    *,
    begin: datetime,
    end: datetime,
    zone: tzinfo,
    is_cut: bool = False,
) -> Card:
    """Return the states of a job between two moments, newest first; `is_cut` if the records begin
    later than the period that was asked for."""
    job = record.job._replace(duration=None)
    shown = joined(spans)
    steps = first_of(tuple(reversed(shown)), _STEPS_AT_MOST)
    left_out = len(shown) - len(steps)
    headline, limit = _headline(record, spans, command, begin), _limit(record, begin)
    doubts = _doubts(record, spans, begin=begin, is_cut=is_cut)
    rest = (_left_out(left_out),) if left_out else ()
    is_gone = bool(spans) and spans[-1].status == NO_JOB
    return Card(
        subject=say("History"),
        summary=sentences(headline, limit, *map(_step_sentence, steps), *rest, *doubts),
        lines=(
            gone_line(job) if is_gone else status_line(job),
            strong_first(headline, limit),
            *(bar_lines(spans) if spans else ()),
        ),
        table=_table(record, shown, len(steps)),
        more_lines=tuple((one,) for one in rest),
        notes=(small_print(job, as_of=seen_time(job)), *((doubt,) for doubt in doubts)),
        controls=_controls(command, job.id),
        charts=states_chart(spans, name=job_words(job), begin=begin, end=end, zone=zone),
    )


def no_history_card(job_id: JobId, job: VisualizationJob | None) -> Card:
    """Answer for a job without records: its state, if the index has the job, and that nobody has
    followed it, or that it was not read yet."""
    name = full_words(job) if job else say("job\u00a0{id}", id=job_id)
    state = (job_sentence(job, name=name),) if job else ()
    sentence = say("I have recorded nothing of {job}.", job=name)
    hint = say("I record what I see of a job while somebody follows it.")
    return Card(
        subject=say("History"),
        summary=sentences(*state, sentence, hint),
        lines=(*((status_line(job),) if job else ()), (sentence,), (hint,)),
        notes=(small_print(job, as_of=seen_time(job)),) if job else (),
        controls=(
            Action(label=say("Subscribe"), command=Subscribe(job=JobById(job_id))),
            Action(label=say("Show job"), command=Show(JobById(job_id))),
        ),
    )


def _headline(record: JobRecord, spans: Sequence[Span], command: History, begin: datetime) -> Text:
    name, running = full_words(record.job), running_time(spans)
    if not running:
        return _state_now(record, spans, begin) or _IDLE[command.span](name)
    ran = duration_words(running)
    is_older = record.watched_since > begin and spans[0].is_running
    if is_older or unseen_time(spans):
        ran = say("at least {span}", span=ran)
    return _RAN[command.span](name, ran)


def _state_now(record: JobRecord, spans: Sequence[Span], begin: datetime) -> Text | None:
    """Return the headline of a job whose watch is young: its state. Return None if an old watch
    has not seen it running, or if the job is gone."""
    job, name = record.job, full_words(record.job)
    is_running, is_unseen = job.status.phase is Phase.RUNNING, bool(spans and spans[-1].is_unseen)
    if record.is_gone:
        return None
    if is_running:
        lost = say("{name} was running when I last saw it.", name=name)
        return lost if is_unseen else say("{name} is running now.", name=name)
    if is_unseen or record.watched_since <= begin or len(joined(spans)) > 1:
        return None
    # The count of a job that still waits would be as old as its last read.
    is_over = job.status.phase in ENDED_PHASES
    return job_sentence(job if is_over else job._replace(duration=None), name=name)


_RAN = {
    "24h": lambda name, span: say("{name} ran {span} in the last 24\u00a0h.", name=name, span=span),
    "7d": lambda name, span: say(
        "{name} ran {span} in the last 7\u00a0days.", name=name, span=span
    ),
    "30d": lambda name, span: say(
        "{name} ran {span} in the last 30\u00a0days.", name=name, span=span
    ),
}
_IDLE = {
    "24h": lambda name: say("{name} was not seen running in the last 24\u00a0h.", name=name),
    "7d": lambda name: say("{name} was not seen running in the last 7\u00a0days.", name=name),
    "30d": lambda name: say("{name} was not seen running in the last 30\u00a0days.", name=name),
}


def _table(record: JobRecord, steps: Sequence[Span], count: int) -> Table | None:
    """Return a table of the latest steps, `count` of them."""
    return table_of(
        say("The steps of {job}, newest first", job=job_words(record.job)),
        (say("Since"), say("State"), say("Length"), say("Run")),
        [*reversed([_row(*one) for one in _numbered(steps)])][:count],
    )


def _numbered(steps: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    """Yield the steps with the numbers of their runs, oldest first; 0 if all are of one run."""
    number, has_several = 1, any(step.is_new_run for step in steps[1:])
    for place, step in enumerate(steps):
        number += step.is_new_run and place > 0
        yield step, number if has_several else 0


def _row(span: Span, run: int) -> tuple[Line, ...]:
    return (
        (Moment(span.begin, TimeStyle.DAY_AND_CLOCK),),
        (span_state(span),),
        (Amount(figure(span.length), length_words(span)),),
        (Amount(run, say("run {number}", number=run)),) if run else (),
    )


def _step_sentence(span: Span) -> Text:
    return say(
        "{time}: {state}, {length}.",
        time=Moment(span.begin, TimeStyle.DAY_AND_CLOCK),
        state=span_state(span),
        length=length_words(span),
    )


def _left_out(count: int) -> Text:
    return say_many(
        "{count} earlier step is not listed; the bar covers its time, too.",
        "{count} earlier steps are not listed; the bar covers their time, too.",
        count,
    )


def _doubts(
    record: JobRecord, spans: Sequence[Span], *, begin: datetime, is_cut: bool
) -> tuple[Text, ...]:
    """Return the cloud's own count, when the watch or the records begin, and the time without
    reads."""
    doubts = list(counted_words(record.job, _before(record, begin)))
    if record.watched_since <= begin and not record.is_since_exact:
        doubts.append(watched_words(record.watched_since, is_exact=record.is_since_exact))
    elif is_cut and record.watched_since <= begin:
        doubts.append(kept_words(begin))
    unseen = sum((span.length for span in spans if span.is_unseen), NO_TIME)
    if unseen:
        doubts.append(say("I could not see it for {span}.", span=duration_words(unseen)))
    return tuple(doubts)


def _limit(record: JobRecord, begin: datetime) -> Words:
    """Return when the watch began, if within the period: no figure counts the time before."""
    if record.watched_since <= begin:
        return ""
    since, before = record.watched_since, _before(record, begin)
    if not before:
        return watched_words(since, is_exact=record.is_since_exact)
    at, span = Moment(since, TimeStyle.DAY_AND_CLOCK), duration_words(before)
    return say("Watched since {time}; it had run {span} before.", time=at, span=span)


def _before(record: JobRecord, begin: datetime) -> timedelta:
    return ran_before(record) if record.watched_since > begin else NO_TIME


def counted_words(job: VisualizationJob, before: timedelta) -> tuple[Text, ...]:
    """Return the cloud's own count of the run, if the run began before the watch; else nothing."""
    if not before or job.duration is None:
        return ()
    return (say("ModelArts counts {span} for this run.", span=duration_words(job.duration)),)


def watched_words(since: datetime, *, is_exact: bool) -> Text:
    """Return when the watch began, or the latest moment at which it can have begun."""
    at = Moment(since, TimeStyle.DAY_AND_CLOCK)
    if not is_exact:
        return say("Watched at least since {time}.", time=at)
    return say("Watched since {time}.", time=at)


def kept_words(begin: datetime) -> Text:
    """Return the sentence that older records were removed."""
    at = Moment(begin, TimeStyle.DAY_AND_CLOCK)
    return say("What I saw before {time} is no longer kept.", time=at)


def _controls(command: History, job_id: JobId) -> tuple[Control, ...]:
    others = (span for span in SPANS if span != command.span)
    return (
        Action(label=say("Show job"), command=Show(JobById(job_id))),
        *(
            Action(
                label=_LABELS[span],
                command=replace(command, job=JobById(job_id), span=span, share=False),
                renews_card=True,
            )
            for span in others
        ),
    )


_LABELS = {
    "24h": say("Last 24\u00a0h"),
    "7d": say("Last 7\u00a0days"),
    "30d": say("Last 30\u00a0days"),
}
