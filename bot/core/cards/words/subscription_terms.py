"""The terms of a subscription in one sentence: what is posted, where, how and until when."""

from zoneinfo import ZoneInfo

from bot.core.cards.card import Channel, Moment, day_and_clock
from bot.core.cards.words.subscription_words import event_filter_words, where_span
from bot.core.cards.words.zone_clock import beside_clock, zone_clock
from bot.core.subscription import DeliveryMode, JobTarget, Subscription
from bot.core.text import Text, say


def terms(subscription: Subscription, zone: ZoneInfo | None, *, has_ended: bool = False) -> Text:
    """Return what is posted, where, how and until when; the end also as a clock time in `zone`. If
    the job `has_ended`, the subscription ends with its next run."""
    sentence = {
        DeliveryMode.THREAD: _in_thread,
        DeliveryMode.CARD: _on_card,
        DeliveryMode.CHANNEL: _in_channel,
    }[subscription.delivery_mode]
    return sentence(
        event_filter_words(subscription.event_filter.text),
        where_span(subscription.place),
        _end(subscription, zone, has_ended=has_ended),
        is_of_one=isinstance(subscription.target, JobTarget),
    )


def _in_thread(events: Text, place: Text | Channel, end: Text, *, is_of_one: bool) -> Text:
    if is_of_one:
        return say(
            "I'll post {events} to {place}, in the thread under its card, {end}.",
            events=events,
            place=place,
            end=end,
        )
    return say(
        "I'll post {events} to {place}, in the thread under each job's card, {end}.",
        events=events,
        place=place,
        end=end,
    )


def _on_card(events: Text, place: Text | Channel, end: Text, *, is_of_one: bool) -> Text:
    if is_of_one:
        return say(
            "I'll show {events} in {place}, on its card alone, {end}.",
            events=events,
            place=place,
            end=end,
        )
    return say(
        "I'll show {events} in {place}, on each job's card alone, {end}.",
        events=events,
        place=place,
        end=end,
    )


def _in_channel(events: Text, place: Text | Channel, end: Text, *, is_of_one: bool) -> Text:
    if is_of_one:
        return say(
            "I'll post {events} to {place}, in the thread under its card and in the channel,"
            " {end}.",
            events=events,
            place=place,
            end=end,
        )
    return say(
        "I'll post {events} to {place}, in the thread under each job's card and in the channel,"
        " {end}.",
        events=events,
        place=place,
        end=end,
    )


def _end(subscription: Subscription, zone: ZoneInfo | None, *, has_ended: bool) -> Text:
    until = subscription.until
    end: Text | Moment | None = day_and_clock(until) if until else None
    if until and zone:
        end = beside_clock(day_and_clock(until), zone_clock(until, zone))
    if isinstance(subscription.target, JobTarget):
        if has_ended and end:
            return say("until its next run ends, at the latest until {when}", when=end)
        if has_ended:
            return say("until its next run ends")
        if end:
            return say("until the job ends, at the latest until {when}", when=end)
        return say("until the job ends")
    return say("until {when}", when=end) if end else say("until you unsubscribe")
