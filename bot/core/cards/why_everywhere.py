"""What became of each change of a job in every place: for a terminal, which is in none."""

from collections.abc import Mapping, Sequence

from bot.core.cards.card import Card, Channel, Line, Strong
from bot.core.cards.change_words import step_words
from bot.core.cards.job_lines import DOT
from bot.core.cards.standing import Standing, looks_again, nothing_yet, state_now
from bot.core.cards.subscription_words import event_filter_words
from bot.core.cards.why import moment
from bot.core.cards.why_rows import fate
from bot.core.cards.wording import called, full_words
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt
from bot.core.job import VisualizationJob
from bot.core.subscription import Place, Subscription
from bot.core.text import Words, all_of, say, sentences


def why_everywhere_card(
    job: VisualizationJob,
    *,
    changes: Sequence[StatusChange],
    receipts: Mapping[Place, Sequence[DeliveryReceipt]],
    following: Mapping[Place, Sequence[Subscription]],
    standing: Standing,
) -> Card:
    """How a job stands, then the changes, newest first, and under each what became of it in each
    of the places."""
    followed = [one for here in following.values() for one in here]
    latest = max((one.seen_at for one in changes), default=None)
    now = [state_now(standing), nothing_yet(followed, latest), looks_again(standing, followed)]
    lines: list[Line] = [(called(job, Strong),), *((one,) for one in now if one)]
    for place, subscriptions in following.items():
        kinds = dict.fromkeys(event_filter_words(one.event_filter.text) for one in subscriptions)
        channel = Channel(place.channel_id)
        gets = say("{channel} gets {changes}.", channel=channel, changes=all_of(list(kinds)))
        lines.append((gets,))
        now.append(gets)
    told: list[Words] = [say("{job}.", job=full_words(job)), *now]
    for change in reversed(changes):
        lines.append((moment(change), "  ", step_words(change.step)))
        told.append(say("{time}: {step}.", time=moment(change), step=step_words(change.step)))
        for place, here in receipts.items():
            receipt = next((one for one in here if one.change == change), None)
            became = fate(change, receipt, following.get(place, ()))
            lines.append(("      ", Channel(place.channel_id), DOT, became))
    if not changes and not now[1]:
        nothing = say("No change of it was seen in the last 7 days.")
        lines.append((nothing,))
        told.append(nothing)
    if not following and not receipts:
        nobody = say("Nobody follows it.")
        lines.append((nobody,))
        told.append(nobody)
    return Card(subject=say("Why"), summary=sentences(*told), lines=tuple(lines))
