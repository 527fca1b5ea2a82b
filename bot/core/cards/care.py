"""Answers about leases and owners, and how a card shows both."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, Control, Emphasis, Moment, Person, Span, TimeStyle
from bot.core.cards.span_words import hours_words
from bot.core.cards.wording import full_words, job_words
from bot.core.care import JobCare, Keep, KeepVerdict, OwnerChange
from bot.core.commands.claim import Claim
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.keep_job import KeepJob
from bot.core.commands.subscribe import Subscribe
from bot.core.guard import marks_around
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Text, Words, say, say_many, sentences

_A_DAY = timedelta(days=1)


def kept_card(
    job: VisualizationJob,
    verdict: KeepVerdict,
    *,
    until: datetime,
    now: datetime,
    zone: ZoneInfo | None,
    is_over_today: bool = False,
    reminds: bool = True,
) -> Card:
    """What became of a sentence that keeps a job; `zone` is the one in which its end was meant,
    which may be tomorrow as it `is_over_today`. With the guard off nothing `reminds` of it."""
    name, ref = full_words(job), JobNumber(str(job.id))
    match verdict:
        case KeepVerdict.KEPT:
            end: Text | Moment = _moment(until, now, with_day=is_over_today)
            over: Words = ""
            if zone:
                clock = zone_clock(until, zone)
                end = say("{when} ({clock})", when=end, clock=clock)
                if is_over_today:
                    over = say("It is past {clock} already, so tomorrow's is meant.", clock=clock)
            kept = say(
                "{job} is kept until {end}: until then I post no reminders of its cost.",
                job=name,
                end=end,
            )
            after = say("If it still runs then, I'll say so.") if reminds else ""
            off = Action(label=say("Stop keeping it"), command=KeepJob(job=ref, until=""))
            return _card(sentences(over, kept, after), off)
        case KeepVerdict.NOT_RUNNING:
            return _card(say("{job} isn't running, so there is nothing to keep.", job=name))
        case KeepVerdict.NOT_FOLLOWED:
            subscribe = Action(label=say("Subscribe"), command=Subscribe(job=ref))
            return _card(
                say("Nobody follows {job}, so nobody gets reminders of its cost.", job=name),
                subscribe,
            )


def zone_clock(at: datetime, zone: ZoneInfo) -> str:
    """`18:00 Asia/Shanghai`: which time was meant."""
    return f"{at.astimezone(zone):%H:%M} {zone.key}"


def no_longer_kept_card(job: VisualizationJob, ended: Keep | None) -> Card:
    """The lease of a job was ended, or there was none."""
    name = full_words(job)
    if ended is None:
        return _card(say("{job} wasn't kept, so nothing has changed.", job=name))
    return _card(
        say(
            "{job} is no longer kept. What it has run meanwhile I'll say after my next read.",
            job=name,
        )
    )


def claimed_card(job: VisualizationJob, owners: OwnerChange, *, user_id: str) -> Card:
    """Whose a job is now; a claim of somebody else stands until a person insists."""
    name, before = full_words(job), owners.before
    if owners.after != user_id:
        over = Action(
            label=say("Take it over"),
            command=Claim(job=JobNumber(str(job.id)), is_taken_over=True),
            emphasis=Emphasis.PRIMARY,
            question=say("Somebody else has claimed it. I'll mention you from now on, not them."),
        )
        question = say(
            "{person} has claimed {job}. Is it yours now?", person=Person(before), job=name
        )
        return _card(question, over)
    if before == user_id:
        return _card(say("{job} is yours already.", job=name))
    claimed = say(
        "{job} is yours now. I'll mention you when it fails, is stuck or runs for long.", job=name
    )
    was = say("It was {person}'s before.", person=Person(before)) if before else ""
    return _card(sentences(claimed, was))


def disclaimed_card(job: VisualizationJob, owners: OwnerChange, *, user_id: str) -> Card:
    """Whose a job is now, and whose it is not."""
    name = full_words(job)
    if not owners.before:
        return _card(say("Nobody owns {job}.", job=name), _claim(job))
    if owners.before != user_id:
        person = Person(owners.before)
        return _card(say("{job} isn't yours, but {person}'s.", job=name, person=person))
    gone = say("{job} is no longer yours.", job=name)
    if not owners.after:
        return _card(gone, _claim(job))
    named = say("Its description names {person}.", person=Person(owners.after))
    return _card(sentences(gone, named))


def care_facts(job: VisualizationJob, care: JobCare) -> tuple[Span, ...]:
    """Whose a job is, and who keeps it, for its small print."""
    facts: list[Span] = []
    if care.owner:
        facts.append(say("owner {person}", person=Person(care.owner)))
    if keep := standing_keep(job, care):
        end, person = _moment(keep.until, job.read_at), Person(keep.by)
        facts.append(say("kept until {time} by {person}", time=end, person=person))
    return tuple(facts)


def care_sentences(job: VisualizationJob, care: JobCare) -> tuple[Words, ...]:
    """The same as sentences."""
    said: list[Words] = []
    if care.owner:
        said.append(say("Its owner is {person}.", person=Person(care.owner)))
    if keep := standing_keep(job, care):
        end, person = _moment(keep.until, job.read_at), Person(keep.by)
        said.append(say("Kept until {time} by {person}.", time=end, person=person))
    return tuple(said)


def running_already(jobs: Iterable[VisualizationJob], hours: Sequence[int]) -> Words:
    """Which of these jobs have run beyond an hour mark already; empty if none has."""
    beyond = [
        (job.duration, job)
        for job in jobs
        if job.status.phase is Phase.RUNNING
        and job.duration is not None
        and marks_around(job.duration, hours)[0]
    ]
    if not beyond:
        return ""
    length, longest = max(beyond, key=lambda one: one[0])
    return say_many(
        "{job} has already been running for {length}.",
        "{count} jobs have already been running for long; {job} for {length}.",
        len(beyond),
        job=job_words(longest),
        length=hours_words(length),
    )


def standing_keep(job: VisualizationJob, care: JobCare) -> Keep | None:
    """The lease of a running job, as of its last read; None where there is none."""
    is_running = job.status.phase is Phase.RUNNING
    return care.keep if is_running and care.keep and care.keep.until > job.read_at else None


def _moment(at: datetime, now: datetime, *, with_day: bool = False) -> Moment:
    is_clear = at - now < _A_DAY and not with_day
    return Moment(at, TimeStyle.CLOCK if is_clear else TimeStyle.DAY_AND_CLOCK)


def _claim(job: VisualizationJob) -> Action:
    return Action(label=say("It's mine"), command=Claim(job=JobNumber(str(job.id))))


def _card(words: Words, *controls: Control) -> Card:
    return Card(subject=say("Care"), summary=words, lines=((words,),), controls=controls)
