"""Lists of subscriptions, and the controls that remove, copy and export them."""

from collections.abc import Mapping, Sequence

from bot.core.cards.card import (
    Action,
    Bullet,
    Card,
    Channel,
    Choice,
    Control,
    Emphasis,
    Line,
    Menu,
    Picker,
    Span,
    Strong,
    day_and_clock,
)
from bot.core.cards.jobs.job_lines import DOT, dotted
from bot.core.cards.words.hold_words import PlaceHolds, place_hold_words
from bot.core.cards.words.subscription_words import (
    DELIVERY_MODE_WORDS,
    Naming,
    change_command,
    row_words,
    spoken,
    target_words,
    where_word,
)
from bot.core.commands.targets.targets import AllTargets
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.listed import first_of
from bot.core.place_rules import PlaceRules
from bot.core.place_text import written
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
    Target,
)
from bot.core.text import Text, Words, enumeration, say, say_many, sentences

_LISTED_AT_MOST = 40
_PICKED_AT_MOST = 100


def subscriptions_card(
    subscriptions: Sequence[Subscription],
    *,
    command: ListSubscriptions,
    place: Place,
    naming: Naming,
    held: Mapping[Place, PlaceHolds] | None = None,
    unseen: int = 0,
) -> Card:
    """Return the subscriptions, place by place, with pickers that change or remove one; the holds
    of these places; and how many are `unseen`, in channels that the asker cannot see."""
    is_empty = unseen and not subscriptions
    headline = _NONE_SEEN if is_empty else _headline(len(subscriptions), command.scope)
    lines: list[Line] = [(Strong(headline),)]
    shown = first_of(subscriptions, _LISTED_AT_MOST)
    for number, one in enumerate(shown):
        if command.scope is not Scope.HERE and (
            number == 0 or subscriptions[number - 1].place != one.place
        ):
            lines.append((_place_heading(one.place),))
        lines.append(_listed_line(one, naming))
    if rest := len(subscriptions) - len(shown):
        lines.append((say_many("… and {count} more.", "… and {count} more.", rest),))
    others = _unseen(unseen, beside=len(subscriptions))
    lines += [(words,) for words in others]
    held = held or {}
    lines += _held_lines(held, command.scope, naming)
    spoken_held = [words for one in held.values() for words in place_hold_words(one, naming)]
    if subscriptions:
        lines.append((_how_to_copy(subscriptions[0].target),))
    listed = [_sentence(one, naming) for one in subscriptions[:10]]
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(headline, *listed, *others, *spoken_held),
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
    """Return the subscriptions and the rules of their places as YAML, for `visjob apply`."""
    headline = say_many(
        "{count} subscription as YAML.", "{count} subscriptions as YAML.", len(subscriptions)
    )
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(headline, _APPLY),
        lines=((Strong(headline), "  ", _APPLY),),
        verbatim=tuple((line,) for line in written(project, subscriptions, rules)),
        controls=(Action(label=say("Back"), command=ListSubscriptions(command.scope)),),
    )


_APPLY = say("An operator brings them back with `visjob apply FILE`.")
_STATES = {
    SubscriptionState.PENDING: say("not read yet"),
    SubscriptionState.ENDED: say("ended; it resumes if the job restarts"),
}
_SCOPES = {
    Scope.HERE: say("What is followed here"),
    Scope.MINE: say("What you follow"),
    Scope.ALL: say("All of this workspace"),
}


def _held_lines(held: Mapping[Place, PlaceHolds], scope: Scope, naming: Naming) -> list[Line]:
    """Return the rules and the snoozes of these places."""
    lines: list[Line] = []
    for place in sorted(held, key=lambda one: one.channel_id):
        at = () if scope is Scope.HERE else (_place_heading(place), "  ")
        lines += [(*at, words) for words in place_hold_words(held[place], naming)]
    return lines


_NONE = {
    Scope.HERE: say("Nothing is followed here."),
    Scope.MINE: say("You follow nothing."),
    Scope.ALL: say("Nobody in this workspace follows anything."),
}

_NONE_SEEN = say("You see no subscription of this workspace.")


def _unseen(count: int, *, beside: int) -> tuple[Text, ...]:
    """Return how many subscriptions the asker cannot see, because `status` counts them, too."""
    if not count:
        return ()
    if not beside:
        return (
            say_many(
                "{count} is in a channel that you can't see.",
                "{count} are in channels that you can't see.",
                count,
            ),
        )
    return (
        say_many(
            "{count} more is in a channel that you can't see.",
            "{count} more are in channels that you can't see.",
            count,
        ),
    )


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


def _place_heading(place: Place) -> Span:
    return Strong(say("Your direct messages")) if place.is_direct else Channel(place.channel_id)


def _listed_line(one: Subscription, naming: Naming) -> Line:
    return (Bullet(), Strong(target_words(one.target, naming)), DOT, *dotted(*_facts(one)))


def _facts(one: Subscription) -> list[Words]:
    """Return what the place gets, and all that is not as usual: where it is shown, until when, and
    the state."""
    facts = [row_words(one.event_filter.text)]
    if one.delivery_mode is not DeliveryMode.THREAD:
        facts.append(DELIVERY_MODE_WORDS[one.delivery_mode])
    if one.until:
        facts.append(say("until {when}", when=day_and_clock(one.until)))
    if state := _STATES.get(one.state):
        facts.append(state)
    return facts


def _sentence(one: Subscription, naming: Naming) -> Text:
    target, facts = target_words(one.target, naming), enumeration(_facts(one))
    return say("{target}: {facts}.", target=target, facts=facts)


def _how_to_copy(target: Target) -> Text:
    """Return a line to type, with the first of the list as the example."""
    short = str(target.job_id) if isinstance(target, JobTarget) else spoken(target).text
    return say("Copy one with `copy {job} to #channel`.", job=short)


def _list_controls(
    subscriptions: Sequence[Subscription], command: ListSubscriptions, place: Place, naming: Naming
) -> tuple[Control, ...]:
    others = tuple(
        Action(label=_SCOPES[scope], command=ListSubscriptions(scope), renews_card=True)
        for scope in Scope
        if scope is not command.scope
    )
    if not subscriptions:
        return others
    removals = tuple(_removal(one, naming) for one in subscriptions[:_PICKED_AT_MOST])
    changes = tuple(_change(one, naming) for one in subscriptions[:_PICKED_AT_MOST])
    pickers = (
        Picker(placeholder=say("Change one…"), choices=changes),
        Picker(placeholder=say("Remove one…"), choices=removals),
    )
    export = Action(label=say("Export"), command=ListSubscriptions(command.scope, export=True))
    if command.scope is not Scope.HERE:
        return (*pickers, Menu(actions=(*others, export)))
    copy = Copy(job=AllTargets(), where=where_word(place), to="")
    copy_all = Action(label=say("Copy all to…"), command=copy)
    remove_all = _remove_all(place, len(subscriptions))
    return (*pickers, remove_all, Menu(actions=(copy_all, *others, export)))


def _remove_all(place: Place, count: int) -> Action:
    return Action(
        label=say("Remove all"),
        command=Unsubscribe(job=AllTargets(), where=where_word(place)),
        emphasis=Emphasis.DANGER,
        question=say_many(
            "{count} subscription ends here. You can undo this.",
            "{count} subscriptions end here. You can undo this.",
            count,
        ),
    )


def _change(one: Subscription, naming: Naming) -> Choice:
    return Choice(
        label=target_words(one.target, naming),
        command=change_command(spoken(one.target), where_word(one.place)),
        detail=row_words(one.event_filter.text),
    )


def _removal(one: Subscription, naming: Naming) -> Choice:
    return Choice(
        label=target_words(one.target, naming),
        command=Unsubscribe(job=spoken(one.target), where=where_word(one.place)),
        detail=row_words(one.event_filter.text),
    )
