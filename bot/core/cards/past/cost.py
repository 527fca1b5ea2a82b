"""The card of `cost`: running hours by job and by day, and what they cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from bot.core.cards.card import Action, Card, Control, Line, Strong, Table, strong_first
from bot.core.cards.charts import figure
from bot.core.cards.figures import Amount
from bot.core.cards.jobs.span_words import money_words
from bot.core.cards.past.cost_by_day import by_day_line, cost_charts, unwatched_days
from bot.core.cards.past.history import counted_words, kept_words, watched_words
from bot.core.cards.past.rows import table_of
from bot.core.cards.wording import called, duration_words, full_words, state_words
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.targets.targets import WholeProject
from bot.core.commands.verbs.cost import PERIODS, Cost
from bot.core.commands.verbs.history import History
from bot.core.job import VisualizationJob
from bot.core.listed import first_of
from bot.core.spending import JobSpending, Price, Spending
from bot.core.text import Text, Words, enumeration, say, say_many, sentences
from bot.core.timeline import NO_TIME

_JOBS_AT_MOST = 10


def cost_card(
    command: Cost,
    spent: Spending,
    *,
    job: VisualizationJob | None,
    price: Price | None,
    zone: tzinfo,
    kept_since: datetime | None = None,
) -> Card:
    """Return the running hours, and their cost if there is a price. `job` is None for the whole
    project; `kept_since` is when the records begin, if the period begins earlier."""
    headline, limit = _headline(command, spent, job, price), _limit(spent)
    rows = () if job else first_of(spent.jobs, _JOBS_AT_MOST)
    rest = () if job else _rest(spent)
    counted = counted_words(job, spent.jobs[0].before) if job and spent.jobs else ()
    notes = (
        *counted,
        *_doubts(spent, zone, kept_since),
        _counted(spent, job),
        say("Days are in the time zone {zone}.", zone=str(zone)),
    )
    return Card(
        subject=say("Cost"),
        summary=sentences(
            headline, limit, *(_row_sentence(one, price) for one in rows), *rest, *notes
        ),
        lines=(strong_first(headline, limit),),
        table=_table(rows, price),
        more_lines=(*((one,) for one in rest), *by_day_line(spent, zone)),
        notes=tuple((note,) for note in notes),
        controls=_controls(command, job),
        charts=cost_charts(spent, price, zone),
    )


def _headline(
    command: Cost, spent: Spending, job: VisualizationJob | None, price: Price | None
) -> Words:
    when = _WHEN[command.period]
    if not spent.total:
        if job is None:
            return say("I saw no followed job running {when}.", when=when)
        return say("I did not see {job} running {when}.", job=full_words(job), when=when)
    span: Words = duration_words(spent.total)
    ran = say("at least {span}", span=span) if spent.before else span
    money = money_words(spent.total, price) if price else ""
    total = _of_job(job, ran, when, money) if job else _of_all(len(spent.jobs), ran, when, money)
    return sentences(total, _unwatched(spent.before, job))


def _of_job(job: VisualizationJob, span: Words, when: Text, money: Words) -> Text:
    name = full_words(job)
    if not money:
        return say("{job} ran {span} {when}.", job=name, span=span, when=when)
    return say("{job} ran {span} {when}, {money}.", job=name, span=span, when=when, money=money)


def _of_all(count: int, span: Words, when: Text, money: Words) -> Text:
    """Return the hours of all jobs. A sum can exceed the time that has passed, so it says `in
    total`."""
    if not money:
        return say_many(
            "{count} followed job ran {span} {when}.",
            "{count} followed jobs ran {span} in total {when}.",
            count,
            span=span,
            when=when,
        )
    return say_many(
        "{count} followed job ran {span} {when}, {money}.",
        "{count} followed jobs ran {span} in total {when}, {money}.",
        count,
        span=span,
        when=when,
        money=money,
    )


def _unwatched(before: timedelta, job: VisualizationJob | None) -> Words:
    if not before:
        return ""
    span = duration_words(before)
    if job:
        return say("That includes {span} before it was watched.", span=span)
    return say("That includes {span} before they were watched.", span=span)


def _limit(spent: Spending) -> Words:
    """Return when the watch began, if that is after the begin of the period; else empty."""
    if spent.watched_since is None or spent.watched_since <= spent.period.begin:
        return ""
    return watched_words(spent.watched_since, is_exact=spent.is_since_exact)


_WHEN = {
    "today": say("today"),
    "week": say("since Monday"),
    "month": say("since the first of the month"),
}


def _table(rows: Sequence[JobSpending], price: Price | None) -> Table | None:
    return table_of(
        say("Running hours by job, the most first"),
        (
            say("Job"),
            say("Running time"),
            say("Before it was watched"),
            say("Cost"),
            say("Runs"),
            say("State"),
        ),
        [_row(one, price, counts_runs=any(each.runs > 1 for each in rows)) for one in rows],
    )


# Each cell explains itself, because a row may be drawn as a line, without the heads.
def _row(one: JobSpending, price: Price | None, *, counts_runs: bool) -> tuple[Line, ...]:
    return (
        (called(one.job, Strong),),
        (Amount(figure(one.total), duration_words(one.total)),),
        _before(one),
        (Amount(float(price.of(one.total)), money_words(one.total, price)),) if price else (),
        (_runs(one.runs),) if counts_runs else (),
        (say("Deleted") if one.is_gone else state_words(one.job.status),),
    )


def _before(one: JobSpending) -> Line:
    if not one.before:
        return ()
    words = say("{span} unwatched", span=duration_words(one.before))
    return (Amount(figure(one.before), words),)


def _runs(count: int) -> Amount:
    return Amount(count, say_many("{count} run", "{count} runs", count))


def _row_sentence(one: JobSpending, price: Price | None) -> Words:
    name, span = full_words(one.job), duration_words(one.total)
    facts: list[Words] = [span]
    if price:
        facts.append(money_words(one.total, price))
    if one.before:
        before = duration_words(one.before)
        facts.append(say("of it {span} before it was watched", span=before))
    return say("{name}: {facts}.", name=name, facts=enumeration(facts))


def _rest(spent: Spending) -> tuple[Text, ...]:
    left_out = spent.jobs[len(first_of(spent.jobs, _JOBS_AT_MOST)) :]
    if not left_out:
        return ()
    span = duration_words(sum((one.total for one in left_out), NO_TIME))
    return (
        say_many(
            "{count} more job ran {span}.",
            "{count} more jobs ran {span} in total.",
            len(left_out),
            span=span,
        ),
    )


def _doubts(spent: Spending, zone: tzinfo, kept_since: datetime | None) -> tuple[Text, ...]:
    doubts: list[Text] = []
    if spent.watched_since is None:
        doubts.append(say("I have recorded no job yet."))
    elif kept_since and spent.watched_since < kept_since:
        doubts.append(kept_words(kept_since))
    elif spent.watched_since <= spent.period.begin:
        doubts.append(watched_words(spent.watched_since, is_exact=spent.is_since_exact))
    if unknown := unwatched_days(spent, zone, kept_since):
        doubts.append(say("Nobody looked on {days}.", days=enumeration(unknown)))
    if spent.unseen:
        unseen = duration_words(spent.unseen)
        doubts.append(say("It may be up to {span} more, which I could not see.", span=unseen))
    return tuple(doubts)


def _counted(spent: Spending, job: VisualizationJob | None) -> Text:
    """Return which running time the figures count."""
    if job and spent.before:
        return say(
            "This counts the time since somebody followed it, and the time that ModelArts had"
            " counted for that run before."
        )
    if job:
        return say("This counts only the time in which somebody followed it.")
    if spent.before:
        return say(
            "This counts followed jobs only: the time since somebody followed them, and the time"
            " that ModelArts had counted for those runs before."
        )
    return say("This counts followed jobs only, and only while somebody followed them.")


def _controls(command: Cost, job: VisualizationJob | None) -> tuple[Control, ...]:
    target = JobById(job.id) if job else WholeProject()
    others = (period for period in PERIODS if period != command.period)
    switches = tuple(
        Action(
            label=_LABELS[period],
            command=Cost(target, period),
            renews_card=True,
        )
        for period in others
    )
    if job is None:
        return switches
    return (*switches, Action(label=say("History"), command=History(JobById(job.id))))


_LABELS = {"today": say("Today"), "week": say("This week"), "month": say("This month")}
