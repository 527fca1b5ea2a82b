"""The cards of deliveries: a followed job, one change, several changes, the source."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.core.acting import RequestedAction
from bot.core.action_ids import ActionIds
from bot.core.card_edit import CardEdit
from bot.core.cards.acting.act_button import act_button
from bot.core.cards.bot.welcome import channel_welcome
from bot.core.cards.card import Action, Card, Control, Moment, Person, Strong, TimeStyle
from bot.core.cards.changes.change_groups import group_card
from bot.core.cards.changes.digest_offer import with_digest_offer
from bot.core.cards.changes.guard import guard_card
from bot.core.cards.changes.morning import morning_card
from bot.core.cards.changes.outages import outages_card
from bot.core.cards.changes.paused_place import paused_card
from bot.core.cards.jobs.asked import who_acted
from bot.core.cards.jobs.followed import followed_card
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions, subscribe_sentence
from bot.core.cards.jobs.job_answer import link_sentence
from bot.core.cards.jobs.job_lines import dotted
from bot.core.cards.jobs.unfollowed import unfollowed_card
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.cards.wording import job_words
from bot.core.cards.words.change_words import (
    change_sentence,
    change_symbol,
    unseen_note,
    vendor_step,
)
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.grammar import USUAL_COMMAND
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.status import Status
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.delivery import (
    CardDelivery,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    Greeting,
    GuardDelivery,
    JoblessDelivery,
    MorningDelivery,
    PauseNote,
    SourceNote,
)
from bot.core.job import VisualizationJob
from bot.core.link import live_link
from bot.core.spending import Price
from bot.core.subscription import DeliveryMode
from bot.core.text import Text, Words, say, sentences


def delivery_card(
    delivery: Delivery,
    *,
    link_hosts: Iterable[str],
    invitation: str,
    price: Price | None = None,
    ids: ActionIds | None = None,
    slash_command: str = USUAL_COMMAND,
    is_edit: bool = False,
) -> Card:
    """Return the card of a delivery; the same content gives the same card in every channel.
    `invitation` is what a person types in a channel to add the bot; `price` is that of an hour;
    `ids` are set if people may act on jobs. Only an edit (`is_edit`) names who acted, because a new
    message would notify that person."""
    match delivery:
        case CardDelivery():
            return _followed_card(delivery, link_hosts, ids)
        case ChangeDelivery():
            card = change_card(
                delivery.change,
                link_hosts=link_hosts,
                resubscribe_sentence=delivery.resubscribe_sentence,
                owner=delivery.owner,
                asked=delivery.asked if is_edit else None,
                is_followed=delivery.is_followed,
                is_late=delivery.is_late,
            )
            return _with_offer(card, delivery)
        case ChangesDelivery():
            return _with_offer(group_card(delivery), delivery)
        case GuardDelivery():
            return guard_card(delivery, price=price, ids=ids)
        case _:
            return _jobless_card(delivery, invitation, slash_command)


def _jobless_card(delivery: JoblessDelivery, invitation: str, slash_command: str) -> Card:
    match delivery:
        case SourceNote():
            return _note_on_source(delivery)
        case PauseNote():
            return paused_card(delivery.channel_id, delivery.reason, invitation=invitation)
        case MorningDelivery():
            return morning_card(delivery.morning)
        case Greeting():
            return channel_welcome(slash_command=slash_command, is_shared=delivery.is_shared)
        case _:
            assert_never(delivery)


def edited_card(edit: CardEdit, *, link_hosts: Iterable[str], ids: ActionIds | None) -> Card:
    """Return the edited card of a job, or its last version once the place has unsubscribed."""
    if edit.unfollowed is not None:
        return unfollowed_card(edit.shown.job, edit.unfollowed, change=edit.shown.change)
    return _followed_card(edit, link_hosts, ids)


def _followed_card(
    card: CardDelivery | CardEdit, link_hosts: Iterable[str], ids: ActionIds | None
) -> Card:
    job = card.shown.job
    act = act_button(job, ids, card.project, at=job.read_at) if ids else None
    return ask_before_unsubscribing(
        followed_card(card.shown, link_hosts=link_hosts, act=act), card.place
    )


def change_card(
    change: StatusChange,
    *,
    link_hosts: Iterable[str],
    resubscribe_sentence: str = "",
    owner: str = "",
    asked: RequestedAction | None = None,
    is_followed: bool = False,
    is_late: bool = False,
) -> Card:
    """Return the card of one change: a sentence, and the step in the vendor's words below. A button
    with the `resubscribe_sentence` subscribes again after the end of the job, unless the place
    still follows the job (`is_followed`). `owner` is asked to look at a failure; `asked` is the
    request that caused the change. If `is_late`, the card says when the change was seen."""
    job, step = change.job, change.step
    link = "" if step.after == NO_JOB else live_link(job, link_hosts)
    code, seen = vendor_step(step), Moment(change.seen_at, TimeStyle.DAY_AND_CLOCK)
    late = (say("seen {time}", time=seen),) if is_late else ()
    acted = who_acted(asked)
    return Card(
        summary=sentences(
            change_sentence(change),
            acted,
            link_sentence(job, link) if link else "",
            say("{step}.", step=code),
            _please_look(owner),
            say("Seen {time}.", time=seen) if is_late else "",
        ),
        lines=(
            (
                f"{change_symbol(step)} ",
                change_sentence(change, Strong(job_words(job))),
                *((" ", acted) if acted else ()),
                *((" ", _please_look(owner)) if owner else ()),
            ),
        ),
        notes=(dotted(code, *(unseen_note(change) or late)),),
        controls=_change_controls(change, link, resubscribe_sentence, is_followed=is_followed),
    )


def _please_look(owner: str) -> Words:
    return say("{owner}, please have a look.", owner=Person(owner)) if owner else ""


def _note_on_source(note: SourceNote) -> Card:
    if note.outages:
        return outages_card(note.outages)
    if note.is_api_missing:
        return api_missing_card(note.since)
    return source_card(note.since, is_back=note.is_back)


def source_card(since: datetime | None, *, is_back: bool) -> Card:
    """Return the note that ModelArts stopped answering, or answers again; `since` is the last good
    read."""
    if is_back:
        headline = say("ModelArts is answering again; the cards are up to date.")
        return _source_note("🔵 ", headline, _silence(since))
    headline = say("ModelArts isn't answering. Until it does, I can't see any changes.")
    return _source_note("⚠️ ", headline, _last_read(since))


def api_missing_card(since: datetime | None) -> Card:
    """Return the note that the API itself is missing: every request gets a 404 or 410."""
    headline = say(
        "ModelArts' API for visualization jobs seems to be gone: it answers “not found” to"
        " every request. I try again every {minutes}\u00a0min; until it answers, I can't see any"
        " changes.",
        minutes=5,
    )
    began = say("Since {time}.", time=Moment(since, TimeStyle.DAY_AND_CLOCK)) if since else ""
    return _source_note("⚠️ ", headline, began)


def _silence(since: datetime | None) -> Words:
    if since is None:
        return ""
    return say("It had not answered since {time}.", time=Moment(since, TimeStyle.DAY_AND_CLOCK))


def _last_read(since: datetime | None) -> Words:
    if since is None:
        return ""
    return say("Last read at {time}.", time=Moment(since, TimeStyle.DAY_AND_CLOCK))


def _source_note(symbol: str, headline: Text, note: Words) -> Card:
    return Card(
        summary=sentences(headline, note),
        lines=((symbol, headline),),
        notes=((note,),) if note else (),
        controls=(Action(label=say("Status"), command=Status()),),
    )


def _with_offer(card: Card, delivery: ChangeDelivery | ChangesDelivery) -> Card:
    """Add an offer, if one is due: the card alone, for a job that changes often; or a digest, for a
    place that gets many messages. Each offer is made once."""
    if not delivery.offers_quiet:
        return with_digest_offer(card, delivery.place) if delivery.offers_digest else card
    job = _noisy_job(delivery)
    offer = say(
        "{job} changes often. The card alone can show it, without more messages.",
        job=job_words(job),
    )
    current = subscribe_sentence(delivery.resubscribe_sentence) or Subscribe(job=_ref(job))
    quieter = replace(current, delivery_mode=DeliveryMode.CARD)
    return replace(
        card,
        summary=sentences(card.summary, offer),
        notes=(*card.notes, (offer,)),
        controls=(Action(label=say("Only the card"), command=quieter, renews_card=True),),
    )


def _noisy_job(delivery: ChangeDelivery | ChangesDelivery) -> VisualizationJob:
    if isinstance(delivery, ChangeDelivery):
        return delivery.change.job
    return next(one.change.job for one in reversed(delivery.members) if one.offers_quiet)


def _change_controls(
    change: StatusChange, link: str, resubscribe_sentence: str, *, is_followed: bool
) -> tuple[Control, ...]:
    """Return the one button that people want now: History after a failure, Open while there is a
    link, Subscribe again after the end."""
    if change.step.after == NO_JOB:
        return ()
    if change.step.is_failure:
        return (Action(label=say("History"), command=History(_ref(change.job))),)
    has_ended = change.step.ends and not is_followed
    following = Following.ENDED if has_ended else Following.YES
    return job_actions(
        _ref(change.job),
        card=JobCard.CHANGE,
        following=following,
        link=link,
        subscribe=subscribe_sentence(resubscribe_sentence)
        if following is Following.ENDED
        else None,
        name=job_words(change.job),
    )


def _ref(job: VisualizationJob) -> JobNumber:
    return JobNumber(str(job.id))
