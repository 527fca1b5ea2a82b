"""What is answered about subscriptions: what is told, where, and until when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.card import (
    Action,
    Card,
    Choice,
    Code,
    Control,
    Emphasis,
    Line,
    Moment,
    Picker,
    PlacePicker,
    Strong,
    TimeStyle,
)
from bot.core.command import (
    AllTargets,
    Copy,
    JobById,
    ListSubscriptions,
    Scope,
    Show,
    Subscribe,
    Unsubscribe,
    Why,
)
from bot.core.watch import (
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
    Telling,
)
from bot.core.wish_words import (
    Naming,
    is_direct,
    line_words,
    subscribe_command,
    target_words,
    wanted_words,
    where_span,
    where_word,
)
from bot.core.wording import count_words

_LISTED_AT_MOST = 40
_PICKED_AT_MOST = 100

_TELLING_WORDS = {
    Telling.THREAD: "in the thread of its card",
    Telling.CARD: "by its card alone",
    Telling.CHANNEL: "in the thread of its card and in the channel",
}


def subscribed_card(
    kept: Subscription, *, command: Subscribe, is_new: bool, can_post: bool, naming: Naming
) -> Card:
    """A wish as it stands now, and the sentence that made it; `can_post` is False where we are
    not in the channel."""
    opening = "Subscribed" if is_new else "Subscribed already; it now stands so"
    target, wanted = target_words(kept.target, naming), wanted_words(kept.wanted.text)
    pending = kept.state is SubscriptionState.PENDING
    lines: list[Line] = [
        (f"{opening}: ", Strong(target), "."),
        ("I tell ", where_span(kept.place), f" of {wanted}, {_TELLING_WORDS[kept.telling]}."),
        _end_line(kept),
    ]
    if pending:
        lines.append((_PENDING if isinstance(kept.target, JobTarget) else _UNLISTED,))
    if not can_post:
        lines.append((_NOT_IN, Code("/invite @visjob"), _THEN))
    retry = Action(label="Try again", command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    said = " ".join(map(line_words, lines[1:]))
    return Card(
        summary=f"{opening}: {target}. {said}",
        lines=tuple(lines),
        controls=(*(() if can_post else (retry,)), *_controls(kept, command)),
    )


def unsubscribed_card(
    removed: Sequence[Subscription], *, asked: Unsubscribe, place: Place, naming: Naming
) -> Card:
    """What is told no more, with the sentences that bring it back."""
    if not removed:
        what = "anything" if isinstance(asked.job, AllTargets) else asked.job.text
        told = f"Nothing removed: this place is not subscribed to {what}."
        return Card(
            summary=told,
            lines=((told,),),
            controls=(Action(label="Subscriptions", command=ListSubscriptions()),),
        )
    names = ", ".join(target_words(one.target, naming) for one in removed[:10])
    more = f" and {len(removed) - 10} more" if len(removed) > 10 else ""
    told = f"Unsubscribed: {names}{more}."
    return Card(
        summary=f"{told} Nothing more is told of it there.",
        lines=(("Unsubscribed: ", Strong(f"{names}{more}"), ". Where: ", where_span(place), "."),),
        verbatim=tuple(subscribe_command(one).text for one in removed[:_LISTED_AT_MOST]),
        controls=_resubscribe(removed),
    )


def copied_card(
    made: Sequence[Subscription], *, command: Copy, place: Place, can_post: bool, naming: Naming
) -> Card:
    """What another place is told of from now on, too."""
    if not made:
        told = f"Nothing copied: {_ALL if isinstance(command.job, AllTargets) else _ONE}."
        here = Action(label="Subscriptions", command=ListSubscriptions())
        return Card(summary=told, lines=((told,),), controls=(here,))
    names = ", ".join(target_words(one.target, naming) for one in made[:10])
    more = f" and {len(made) - 10} more" if len(made) > 10 else ""
    lines: list[Line] = [("Copied: ", Strong(f"{names}{more}"), ". To: ", where_span(place), ".")]
    if not can_post:
        lines.append((_NOT_IN, Code("/invite @visjob"), _THEN))
    retry = Action(label="Try again", command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    said = " ".join(map(line_words, lines[1:]))
    return Card(
        summary=f"Copied: {names}{more}. It is told there as it is here. {said}".rstrip(),
        lines=tuple(lines),
        controls=() if can_post else (retry,),
    )


_ALL = "nothing is told here that could be told elsewhere, too"
_ONE = "this place is not subscribed to it"


def subscriptions_card(
    kept: Sequence[Subscription], *, command: ListSubscriptions, place: Place, naming: Naming
) -> Card:
    """Who is told of what, place by place, with a picker that removes."""
    whose = {Scope.HERE: "here", Scope.MINE: "that you asked for", Scope.ALL: "in this workspace"}
    told = f"{count_words(len(kept), 'subscription')} {whose[command.scope]}."
    lines: list[Line] = [(Strong(told),)]
    for number, one in enumerate(kept[:_LISTED_AT_MOST]):
        if command.scope is not Scope.HERE and (number == 0 or kept[number - 1].place != one.place):
            lines.append((where_span(one.place),))
        lines.append(_listed_line(one, naming))
    if len(kept) > _LISTED_AT_MOST:
        lines.append((f"… and {len(kept) - _LISTED_AT_MOST} more.",))
    note = ("To copy one: ", Code("copy 205 to #channel"), ", with # picked from Slack's list")
    return Card(
        summary=" ".join([told, *(_sentence(one, naming) for one in kept[:10])]),
        lines=tuple(lines),
        notes=(note,) if kept else (),
        controls=_list_controls(kept, command, place, naming),
    )


def export_card(
    kept: Sequence[Subscription], *, command: ListSubscriptions, team_id: str, project_id: str
) -> Card:
    """The same as YAML: sentences that subscribe again when they are said."""
    told = f"{count_words(len(kept), 'subscription')} as YAML."
    rows = [f"  - '{subscribe_command(one).text}'" for one in kept]
    head = (f"team: {team_id}", f"project: {project_id}", "subscriptions:" + (" []" * (not rows)))
    return Card(
        summary=f"{told} Each line is a sentence that subscribes again.",
        lines=((Strong(told), "  Each line is a sentence that subscribes again."),),
        verbatim=(*head, *rows),
        controls=(Action(label="Back", command=ListSubscriptions(command.scope)),),
    )


_PENDING = "I could not read the job yet: my first good read of it is where I begin."
_UNLISTED = "I begin with my next complete list of the jobs: what stands in it is no news."
_NOT_IN = "I cannot post there yet: I am not in that channel. Type "
_THEN = " there, then press Try again. Nothing is lost meanwhile."


def _end_line(kept: Subscription) -> Line:
    end = _moment(kept.until) if kept.until else None
    if isinstance(kept.target, JobTarget):
        return ("Until it ends", *((" or until ", end) if end else ()), ".")
    return ("Until ", end, ".") if end else ("Until you unsubscribe.",)


def _moment(at: datetime) -> Moment:
    """A day and a time."""
    return Moment(at, TimeStyle.DAY_AND_CLOCK)


def _controls(kept: Subscription, again: Subscribe) -> tuple[Control, ...]:
    unsubscribe = Action(label="Unsubscribe", command=Unsubscribe(job=again.job, where=again.where))
    preview = Action(label="Preview", command=replace(again, preview=True))
    if not isinstance(kept.target, JobTarget):
        return (unsubscribe, preview)
    job = JobById(kept.target.job_id)
    here = PlacePicker(placeholder="Copy to…", command=Copy(job=job, where=again.where, to=""))
    by_direct = Action(label="Also to me", command=Copy(job=job, where=again.where, to="dm"))
    return (
        unsubscribe,
        preview,
        *(() if is_direct(kept.place) else (by_direct,)),
        here,
        Action(label="Show job", command=Show(job)),
        Action(label="Why?", command=Why(job)),
    )


def _resubscribe(removed: Sequence[Subscription]) -> tuple[Control, ...]:
    if len(removed) == 1:
        return (Action(label="Subscribe again", command=subscribe_command(removed[0])),)
    return (Action(label="Subscriptions", command=ListSubscriptions()),)


def _listed_line(one: Subscription, naming: Naming) -> Line:
    until: Line = (", until ", _moment(one.until)) if one.until else ()
    states = {
        SubscriptionState.PENDING: "  (not read yet)",
        SubscriptionState.ENDED: "  (ended; comes back if the job is restarted)",
    }
    told = f": {wanted_words(one.wanted.text)}, {_TELLING_WORDS[one.telling]}"
    return ("  ", Strong(target_words(one.target, naming)), told, *until, states.get(one.state, ""))


def _sentence(one: Subscription, naming: Naming) -> str:
    return f"{target_words(one.target, naming)}: {wanted_words(one.wanted.text)}."


def _list_controls(
    kept: Sequence[Subscription], command: ListSubscriptions, place: Place, naming: Naming
) -> tuple[Control, ...]:
    others = [scope for scope in Scope if scope is not command.scope]
    controls: list[Control] = [
        Action(label=scope.value.capitalize(), command=ListSubscriptions(scope), renews_card=True)
        for scope in others
    ]
    if not kept:
        return tuple(controls)
    removals = tuple(_removal(one, naming) for one in kept[:_PICKED_AT_MOST])
    controls.insert(0, Picker(placeholder="Remove one…", choices=removals))
    controls.append(Action(label="Export", command=ListSubscriptions(command.scope, export=True)))
    if command.scope is Scope.HERE:
        copy = Copy(job=AllTargets(), where=where_word(place), to="")
        controls.append(PlacePicker(placeholder="Copy all to…", command=copy))
        controls.append(
            Action(
                label="Remove all",
                command=Unsubscribe(job=AllTargets(), where=where_word(place)),
                emphasis=Emphasis.DANGER,
                question=f"Tell this place nothing more? {count_words(len(kept), 'subscription')}"
                " go. The answer holds the sentences that bring them back.",
            )
        )
    return tuple(controls)


def _removal(one: Subscription, naming: Naming) -> Choice:
    again = subscribe_command(one)
    return Choice(
        label=target_words(one.target, naming),
        command=Unsubscribe(job=again.job, where=again.where),
        detail=wanted_words(one.wanted.text),
    )
