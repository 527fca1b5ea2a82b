"""Answers about the owner of a job and about its keep, and how a card shows both."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, Control, Emphasis, Moment, Person, day_and_clock
from bot.core.cards.wording import duration_words, full_words, job_words
from bot.core.cards.words.zone_clock import beside_clock, zone_clock
from bot.core.care import JobCare, Keep, KeepVerdict, OwnerChange, described_owner
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.claim import Claim
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.guard import marks_around
from bot.core.job import ENDED_PHASES, Phase, VisualizationJob
from bot.core.text import Text, Words, say, sentences


def kept_card(
    job: VisualizationJob,
    verdict: KeepVerdict,
    *,
    until: datetime,
    zone: ZoneInfo | None,
    is_over_today: bool = False,
    reminds: bool = True,
) -> Card:
    """Answer a request to keep a job. The card also shows the end as a clock time in `zone`, if
    given; `is_over_today` means that this time has passed today, so that tomorrow's counts.
    `reminds` is False if the guard is off."""
    name, ref = full_words(job), JobNumber(str(job.id))
    match verdict:
        case KeepVerdict.KEPT:
            end: Text | Moment = day_and_clock(until)
            over: Words = ""
            if zone:
                clock = zone_clock(until, zone)
                end = beside_clock(day_and_clock(until), clock)
                if is_over_today:
                    over = say("It is past {clock} already, so tomorrow's is meant.", clock=clock)
            kept = say(
                "{job} is kept until {end}: until then I post no reminders of its cost.",
                job=name,
                end=end,
            )
            after = say("If it still runs then, I'll say so.") if reminds else ""
            off = Action(label=say("Undo"), command=KeepJob(job=ref, until=""))
            return _card(sentences(over, kept, after), off)
        case KeepVerdict.NOT_RUNNING:
            return _card(say("{job} isn't running, so there is nothing to keep.", job=name))
        case KeepVerdict.NOT_FOLLOWED:
            subscribe = Action(label=say("Subscribe"), command=Subscribe(job=ref))
            return _card(
                say("Nobody follows {job}, so nobody gets reminders of its cost.", job=name),
                subscribe,
            )


def not_read_yet_card(job: VisualizationJob, until: str) -> Card:
    """Answer a request to keep a job of a subscription that waits for its first list."""
    again = KeepJob(job=JobNumber(str(job.id)), until=until)
    return _card(
        say(
            "{job} isn't kept yet: it is followed, but I have not read it since then. Try again in"
            " a moment.",
            job=full_words(job),
        ),
        Action(label=say("Try again"), command=again),
    )


def no_longer_kept_card(job: VisualizationJob, ended: Keep | None) -> Card:
    """Answer a request to end the keep of a job; `ended` is None if there was no keep."""
    name = full_words(job)
    if ended is None:
        return _card(say("{job} wasn't kept, so nothing has changed.", job=name))
    return _card(
        say(
            "{job} is no longer kept. After my next read I'll say how long it has run.",
            job=name,
        )
    )


def claimed_card(job: VisualizationJob, owners: OwnerChange, *, user_id: str) -> Card:
    """Answer a claim; if another person owns the job, the card offers a button to take it over."""
    name, before = full_words(job), owners.before
    if owners.after != user_id:
        over = Action(
            label=say("Take it over"),
            command=Claim(job=JobNumber(str(job.id)), is_taken_over=True),
            emphasis=Emphasis.PRIMARY,
            question=say("From now on I mention you in its reminders and failures, not them."),
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
    # The description makes its person the owner again, so the command need not name them.
    back_to = "" if before == described_owner(job.description) else before
    undo = Disclaim(job=JobNumber(str(job.id)), back_to=back_to)
    accessibility_label = say("Undo the claim of {name}", name=job_words(job))
    return _card(
        sentences(claimed, was),
        Action(label=say("Undo"), command=undo, accessibility_label=accessibility_label),
    )


def disclaimed_card(
    job: VisualizationJob, owners: OwnerChange, *, user_id: str, back_to: str = ""
) -> Card:
    """Answer a disclaim with the owner, if any; `back_to` is the person who got the job back."""
    name = full_words(job)
    if not owners.before:
        return _card(say("Nobody owns {job}.", job=name), _claim(job))
    if owners.before != user_id:
        person = Person(owners.before)
        return _card(say("{job} isn't yours, but {person}'s.", job=name, person=person))
    gone = say("{job} is no longer yours.", job=name)
    if back_to:
        back = say("It is {person}'s again.", person=Person(back_to))
        return _card(sentences(gone, back))
    if not owners.after:
        return _card(gone, _claim(job))
    named = say("Its description names {person}.", person=Person(owners.after))
    return _card(sentences(gone, named))


def care_facts(job: VisualizationJob, care: JobCare) -> tuple[Text, ...]:
    """Return the owner of a job and who keeps it, for the card's small print."""
    return tuple(fact for fact, _ in _cared(job, care))


def kept_sentence(job: VisualizationJob, care: JobCare) -> Words:
    """Return until when a job is kept, and by whom; empty if nobody keeps it."""
    return _kept(keep)[1] if (keep := current_keep(job, care)) else ""


def _kept(keep: Keep) -> tuple[Text, Text]:
    end, by = day_and_clock(keep.until), Person(keep.by)
    return (
        say("kept until {time} by {person}", time=end, person=by),
        say("Kept until {time} by {person}.", time=end, person=by),
    )


def care_sentences(job: VisualizationJob, care: JobCare) -> tuple[Text, ...]:
    """Return the owner of a job and who keeps it, as sentences."""
    return tuple(sentence for _, sentence in _cared(job, care))


def _cared(job: VisualizationJob, care: JobCare) -> Iterator[tuple[Text, Text]]:
    """Yield the owner of a job and who keeps it, each for the small print and as a sentence."""
    if care.owner:
        owner = Person(care.owner)
        yield say("owner {person}", person=owner), say("Its owner is {person}.", person=owner)
    if keep := current_keep(job, care):
        yield _kept(keep)
    elif keep := _ended_keep(job, care):
        end, by = day_and_clock(keep.until), Person(keep.by)
        yield (
            say("was kept until {time} by {person}; ended with the run", time=end, person=by),
            say(
                "It was kept until {time} by {person}; that ended with the run.",
                time=end,
                person=by,
            ),
        )


def running_already(jobs: Iterable[VisualizationJob], hours: Sequence[int]) -> Words:
    """Return how many of these jobs have run beyond an hour mark, and the longest; empty for
    none."""
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
    job, span = job_words(longest), duration_words(length)
    if len(beyond) == 1:  # not say_many: some languages have one form for both
        return say("{job} has already been running for {length}.", job=job, length=span)
    return say(
        "{count} jobs have already been running for long; {job} for {length}.",
        count=len(beyond),
        job=job,
        length=span,
    )


def current_keep(job: VisualizationJob, care: JobCare) -> Keep | None:
    """Return the keep of a running job, if it had not ended at the last read; else None."""
    is_running = job.status.phase is Phase.RUNNING
    return care.keep if is_running and care.keep and care.keep.until > job.read_at else None


def _ended_keep(job: VisualizationJob, care: JobCare) -> Keep | None:
    """Return the keep that ended early, together with the run of the job; else None."""
    is_over = job.status.phase in ENDED_PHASES
    return care.keep if is_over and care.keep and care.keep.until > job.read_at else None


def _claim(job: VisualizationJob) -> Action:
    return Action(label=say("It's mine"), command=Claim(job=JobNumber(str(job.id))))


def _card(words: Words, *controls: Control) -> Card:
    return Card(
        subject=say("Owner and reminders"), summary=words, lines=((words,),), controls=controls
    )
