"""Lists of subscriptions, and the controls that remove, copy and export them."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.cards.card import (
    Action,
    Card,
    Choice,
    Code,
    Control,
    Emphasis,
    Line,
    Picker,
    PlacePicker,
    Strong,
)
from bot.core.cards.subscription_words import (
    DELIVERY_MODE_WORDS,
    Naming,
    day_and_clock,
    event_filter_words,
    spoken,
    subscribe_command,
    target_words,
    where_span,
    where_word,
)
from bot.core.cards.wording import count_words, moment_words
from bot.core.commands.copy import Copy
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.commands.targets import AllTargets
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.subscription import Place, Subscription, SubscriptionState

_LISTED_AT_MOST = 40
_PICKED_AT_MOST = 100


def subscriptions_card(
    subscriptions: Sequence[Subscription],
    *,
    command: ListSubscriptions,
    place: Place,
    naming: Naming,
) -> Card:
    """The subscriptions, place by place, with a picker that removes one."""
    whose = {Scope.HERE: "here", Scope.MINE: "that you asked for", Scope.ALL: "in this workspace"}
    headline = f"{count_words(len(subscriptions), 'subscription')} {whose[command.scope]}."
    lines: list[Line] = [(Strong(headline),)]
    for number, one in enumerate(subscriptions[:_LISTED_AT_MOST]):
        if command.scope is not Scope.HERE and (
            number == 0 or subscriptions[number - 1].place != one.place
        ):
            lines.append((where_span(one.place),))
        lines.append(_listed_line(one, naming))
    if len(subscriptions) > _LISTED_AT_MOST:
        lines.append((f"… and {len(subscriptions) - _LISTED_AT_MOST} more.",))
    note = ("To copy one: ", Code("copy 205 to #channel"), ", with # picked from Slack's list")
    return Card(
        summary=" ".join([headline, *(_sentence(one, naming) for one in subscriptions[:10])]),
        lines=tuple(lines),
        notes=(note,) if subscriptions else (),
        controls=_list_controls(subscriptions, command, place, naming),
    )


def export_card(
    subscriptions: Sequence[Subscription],
    *,
    command: ListSubscriptions,
    team_id: str,
    project_id: str,
    now: datetime,
) -> Card:
    """The subscriptions as YAML; each line is a sentence that subscribes again."""
    headline = f"{count_words(len(subscriptions), 'subscription')} as YAML."
    rows = [f"  - '{subscribe_command(one, now).text}'" for one in subscriptions]
    head = (f"team: {team_id}", f"project: {project_id}", "subscriptions:" + (" []" * (not rows)))
    return Card(
        summary=f"{headline} Each line is a sentence that subscribes again.",
        lines=((Strong(headline), "  Each line is a sentence that subscribes again."),),
        verbatim=(*head, *rows),
        controls=(Action(label="Back", command=ListSubscriptions(command.scope)),),
    )


def _listed_line(one: Subscription, naming: Naming) -> Line:
    until: Line = (", until ", day_and_clock(one.until)) if one.until else ()
    states = {
        SubscriptionState.PENDING: "  (not read yet)",
        SubscriptionState.ENDED: "  (ended; comes back if the job is restarted)",
    }
    terms = (
        f": {event_filter_words(one.event_filter.text)}, {DELIVERY_MODE_WORDS[one.delivery_mode]}"
    )
    return (
        "  ",
        Strong(target_words(one.target, naming)),
        terms,
        *until,
        states.get(one.state, ""),
    )


def _sentence(one: Subscription, naming: Naming) -> str:
    until = f", until {moment_words(one.until)}" if one.until else ""
    return (
        f"{target_words(one.target, naming)}: {event_filter_words(one.event_filter.text)}{until}."
    )


def _list_controls(
    subscriptions: Sequence[Subscription], command: ListSubscriptions, place: Place, naming: Naming
) -> tuple[Control, ...]:
    others = [scope for scope in Scope if scope is not command.scope]
    controls: list[Control] = [
        Action(label=scope.value.capitalize(), command=ListSubscriptions(scope), renews_card=True)
        for scope in others
    ]
    if not subscriptions:
        return tuple(controls)
    removals = tuple(_removal(one, naming) for one in subscriptions[:_PICKED_AT_MOST])
    controls.insert(0, Picker(placeholder="Remove one…", choices=removals))
    controls.append(Action(label="Export", command=ListSubscriptions(command.scope, export=True)))
    if command.scope is Scope.HERE:
        count = count_words(len(subscriptions), "subscription")
        copy = Copy(job=AllTargets(), where=where_word(place), to="")
        controls.append(PlacePicker(placeholder="Copy all to…", command=copy))
        controls.append(
            Action(
                label="Remove all",
                command=Unsubscribe(job=AllTargets(), where=where_word(place)),
                emphasis=Emphasis.DANGER,
                question=f"Tell this place nothing more? {count}"
                " go. The answer holds the sentences that bring them back.",
            )
        )
    return tuple(controls)


def _removal(one: Subscription, naming: Naming) -> Choice:
    return Choice(
        label=target_words(one.target, naming),
        command=Unsubscribe(job=spoken(one.target), where=where_word(one.place)),
        detail=event_filter_words(one.event_filter.text),
    )
