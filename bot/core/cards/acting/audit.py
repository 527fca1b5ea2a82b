"""The card of the audit: the latest attempts, the decisions about them, and their outcomes."""

from collections.abc import Collection, Sequence

from bot.core.acting import AuditEntry, Decision, Finding, JobAction
from bot.core.cards.card import Card, Channel, Code, Moment, Strong, TimeStyle
from bot.core.cards.jobs.asked import person_of
from bot.core.cards.wording import named_words, status_code_words
from bot.core.commands.verbs.audit import MOST, USUAL_COUNT
from bot.core.text import Text, Value, Words, say, say_many, sentences


def audit_card(entries: Sequence[AuditEntry], *, hidden: Collection[str] = ()) -> Card:
    """Return the last attempts, latest first. Channels in `hidden` are not named, because the asker
    cannot see them."""
    headline = (
        say_many("The last decision.", "The last {count} decisions, latest first.", len(entries))
        if entries
        else say("Nobody has stopped or restarted a job yet.")
    )
    # So many entries fill the usual list, so the store may have more.
    has_more = USUAL_COUNT <= len(entries) < MOST
    told = [audit_sentence(entry, hidden) for entry in entries]
    return Card(
        subject=say("Audit"),
        summary=sentences(headline, *told[:USUAL_COUNT]),
        lines=((Strong(headline),), *((sentence,) for sentence in told)),
        notes=((say("up to {most}: `audit {most}`", most=MOST),),) if has_more else (),
    )


def audit_sentence(entry: AuditEntry, hidden: Collection[str]) -> Text:
    """Return one sentence: time, person, action, job, place, decision and outcome."""
    attempt = entry.attempt
    is_stop = attempt.action is JobAction.STOP
    return (_told_of_stop if is_stop else _told_of_restart)(
        time=Moment(entry.at, TimeStyle.DAY_AND_CLOCK),
        person=person_of(attempt.who),
        job=_job(entry),
        place=_place(attempt.channel_id, hidden),
        outcome=_outcome(entry),
    )


def _told_of_stop(*, time: Value, person: Value, job: Value, place: Value, outcome: Value) -> Text:
    return say(
        "{time}: {person} wanted to stop {job} {place}: {outcome}.",
        time=time,
        person=person,
        job=job,
        place=place,
        outcome=outcome,
    )


def _told_of_restart(
    *, time: Value, person: Value, job: Value, place: Value, outcome: Value
) -> Text:
    return say(
        "{time}: {person} wanted to restart {job} {place}: {outcome}.",
        time=time,
        person=person,
        job=job,
        place=place,
        outcome=outcome,
    )


def _job(entry: AuditEntry) -> Words:
    return named_words(entry.attempt.job_name, entry.attempt.job_id)


def _place(channel_id: str, hidden: Collection[str]) -> Value:
    if not channel_id:
        return say("outside of channels")
    if channel_id.startswith("D"):
        return say("in a direct message")
    if channel_id in hidden:
        return say("in a channel that you can't see")
    return say("in {channel}", channel=Channel(channel_id))


def _outcome(entry: AuditEntry) -> Text:
    if entry.finding.decision is not Decision.ALLOWED:
        return say("refused, {why}", why=_finding(entry.finding))
    if entry.outcome is None:
        return say("allowed, and nobody knows yet what came of it")
    return say("allowed, {outcome}", outcome=_finding(entry.outcome))


def _finding(finding: Finding) -> Text:
    said = _DECISIONS[finding.decision]
    if finding.status is not None:
        code = status_code_words(finding.status)
        said = say("{what}; found as {code}", what=said, code=code)
    if finding.words:
        said = say("{what}: {words}", what=said, words=Code(finding.words.rstrip(".")))
    return said


_DECISIONS: dict[Decision, Text] = {
    Decision.ALLOWED: say("allowed"),
    Decision.NO_OPERATOR: say("no operator"),
    Decision.FOREIGN_ID: say("an id that I did not make for this"),
    Decision.EXPIRED_ID: say("an id of more than a day ago"),
    Decision.USED_ID: say("an id that was used before"),
    Decision.UNREADABLE: say("ModelArts did not show the job"),
    Decision.GONE: say("the job was gone"),
    Decision.NOT_LEGAL: say("not possible in its state"),
    Decision.BUSY: say("another call was under way"),
    Decision.ACCEPTED: say("ModelArts accepted it"),
    Decision.REFUSED: say("ModelArts refused it"),
    Decision.UNCLEAR: say("ModelArts gave no clear answer"),
    Decision.ABANDONED: say("unknown, I was interrupted"),
    Decision.NOT_CALLED: say("not passed on in time"),
}
