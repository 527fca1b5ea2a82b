"""Lists of subscriptions, and the controls that remove, copy and export them."""

from collections.abc import Mapping, Sequence

from bot.core.cards.calm_words import PlaceCalm, place_calm_words
from bot.core.cards.card import (
    Action,
    Bullet,
    Card,
    Choice,
    Control,
    Emphasis,
    Line,
    Menu,
    Picker,
    PlacePicker,
    Strong,
)
from bot.core.cards.subscription_words import (
    DELIVERY_MODE_WORDS,
    Naming,
    change_command,
    day_and_clock,
    event_filter_words,
    spoken,
    target_words,
    where_span,
    where_word,
)
from bot.core.commands.copy import Copy
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.commands.targets import AllTargets
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.place_rules import PlaceRules
from bot.core.place_text import written
from bot.core.project import Project
from bot.core.subscription import Place, Subscription, SubscriptionState
from bot.core.text import Text, say, say_many, sentences

_LISTED_AT_MOST = 40
_PICKED_AT_MOST = 100


def subscriptions_card(
    subscriptions: Sequence[Subscription],
    *,
    command: ListSubscriptions,
    place: Place,
    naming: Naming,
    calm: Mapping[Place, PlaceCalm] | None = None,
) -> Card:
    """The subscriptions, place by place, with a picker that removes one; and what is held in
    these places."""
    headline = _headline(len(subscriptions), command.scope)
    lines: list[Line] = [(Strong(headline),)]
    for number, one in enumerate(subscriptions[:_LISTED_AT_MOST]):
        if command.scope is not Scope.HERE and (
            number == 0 or subscriptions[number - 1].place != one.place
        ):
            lines.append((where_span(one.place),))
        lines.append(_listed_line(one, naming))
    if len(subscriptions) > _LISTED_AT_MOST:
        rest = len(subscriptions) - _LISTED_AT_MOST
        lines.append((say_many("… and {count} more.", "… and {count} more.", rest),))
    held = calm or {}
    lines += _held_lines(held, command.scope, naming)
    spoken_held = [words for one in held.values() for words in place_calm_words(one, naming)]
    if subscriptions:
        lines.append((say("Copy one with `copy 205 to #channel`."),))
    listed = [say("{item}.", item=_item(one, naming)) for one in subscriptions[:10]]
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(headline, *listed, *spoken_held),
        lines=tuple(lines),
        controls=_list_controls(subscriptions, command, place, naming),
    )


def export_card(
    subscriptions: Sequence[Subscription],
    rules: Sequence[PlaceRules],
    *,
    command: ListSubscriptions,
    project: Project,
) -> Card:
    """The subscriptions and the rules of their places as the YAML that `visjob apply` takes."""
    headline = say_many(
        "{count} subscription as YAML.", "{count} subscriptions as YAML.", len(subscriptions)
    )
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(headline, _APPLY),
        lines=((Strong(headline), "  ", _APPLY),),
        verbatim=written(project, subscriptions, rules),
        controls=(Action(label=say("Back"), command=ListSubscriptions(command.scope)),),
    )


_APPLY = say("An operator brings them back with `visjob apply FILE`.")
_STATES = {
    SubscriptionState.PENDING: say("not read yet"),
    SubscriptionState.ENDED: say("ended; it resumes if the job restarts"),
}
_SCOPES = {Scope.HERE: say("Here"), Scope.MINE: say("Mine"), Scope.ALL: say("All")}


def _held_lines(calm: Mapping[Place, PlaceCalm], scope: Scope, naming: Naming) -> list[Line]:
    """The rules of these places and their snoozes."""
    lines: list[Line] = []
    for place in sorted(calm, key=lambda one: one.channel_id):
        at = () if scope is Scope.HERE else (where_span(place), "  ")
        lines += [(*at, words) for words in place_calm_words(calm[place], naming)]
    return lines


_NONE = {
    Scope.HERE: say("Nothing is followed here."),
    Scope.MINE: say("You follow nothing."),
    Scope.ALL: say("Nobody in this workspace follows anything."),
}


def _headline(count: int, scope: Scope) -> Text:
    if not count:
        return _NONE[scope]
    match scope:
        case Scope.HERE:
            return say_many("{count} subscription here.", "{count} subscriptions here.", count)
        case Scope.MINE:
            return say_many(
                "You have {count} subscription.", "You have {count} subscriptions.", count
            )
        case Scope.ALL:
            return say_many(
                "{count} subscription in this workspace.",
                "{count} subscriptions in this workspace.",
                count,
            )


def _listed_line(one: Subscription, naming: Naming) -> Line:
    state = _STATES.get(one.state)
    return (Bullet(), _item(one, naming), *(("  ", state) if state else ()))


def _item(one: Subscription, naming: Naming) -> Text:
    target = Strong(target_words(one.target, naming))
    events = event_filter_words(one.event_filter.text)
    mode = DELIVERY_MODE_WORDS[one.delivery_mode]
    if not one.until:
        return say("{target}: {events}, {mode}", target=target, events=events, mode=mode)
    return say(
        "{target}: {events}, {mode}, until {when}",
        target=target,
        events=events,
        mode=mode,
        when=day_and_clock(one.until),
    )


def _list_controls(
    subscriptions: Sequence[Subscription], command: ListSubscriptions, place: Place, naming: Naming
) -> tuple[Control, ...]:
    others = [scope for scope in Scope if scope is not command.scope]
    controls: list[Control] = [
        Action(label=_SCOPES[scope], command=ListSubscriptions(scope), renews_card=True)
        for scope in others
    ]
    if not subscriptions:
        return tuple(controls)
    removals = tuple(_removal(one, naming) for one in subscriptions[:_PICKED_AT_MOST])
    changes = tuple(_change(one, naming) for one in subscriptions[:_PICKED_AT_MOST])
    controls[:0] = (
        Picker(placeholder=say("Remove one…"), choices=removals),
        Picker(placeholder=say("Change one…"), choices=changes),
    )
    if command.scope is Scope.HERE:
        copy = Copy(job=AllTargets(), where=where_word(place), to="")
        controls.append(PlacePicker(placeholder=say("Copy all to…"), command=copy))
        controls.append(
            Action(
                label=say("Remove all"),
                command=Unsubscribe(job=AllTargets(), where=where_word(place)),
                emphasis=Emphasis.DANGER,
                question=say_many(
                    "Remove {count} subscription here? You can undo this.",
                    "Remove all {count} subscriptions here? You can undo this.",
                    len(subscriptions),
                ),
            )
        )
    export = Action(label=say("Export"), command=ListSubscriptions(command.scope, export=True))
    return (*controls, Menu(actions=(export,)))


def _change(one: Subscription, naming: Naming) -> Choice:
    return Choice(
        label=target_words(one.target, naming),
        command=change_command(spoken(one.target), where_word(one.place)),
        detail=event_filter_words(one.event_filter.text),
    )


def _removal(one: Subscription, naming: Naming) -> Choice:
    return Choice(
        label=target_words(one.target, naming),
        command=Unsubscribe(job=spoken(one.target), where=where_word(one.place)),
        detail=event_filter_words(one.event_filter.text),
    )
