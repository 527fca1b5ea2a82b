"""Convert replies to what Slack accepts: messages, modals, and bodies of acknowledgements."""

import json

from bot.core.bounded_dict import BoundedDict
from bot.core.cards.card import Card
from bot.core.cards.past.rows import table_to_draw
from bot.core.cards.reply import Audience, Renewal, Reply
from bot.core.text import Language, say
from bot.slack.absolute_dates import with_absolute_dates
from bot.slack.blocks import Json, render
from bot.slack.controls import renews
from bot.slack.views import form_view, modal_view

#: The answer to a request that hit a bug of ours.
BROKEN = say("Something went wrong on my side; it is in my log. Please try again.")
_BODIES_KEPT = 64


class Bodies:
    """A cache of bodies of acknowledgements. Many people ask for the same jobs and the same help;
    equal cards are one object, so the body of each is built once."""

    def __init__(self) -> None:
        self._kept = BoundedDict[tuple[int, Audience, str], tuple[Card, str]](_BODIES_KEPT)

    def body_of(self, reply: Reply | None, language: Language) -> str:
        """Return the body for a reply; None stands for a bug of ours."""
        if reply is None:
            return json.dumps(message_of(None, language))
        key = (id(reply.card), reply.audience, language.tag)
        kept = self._kept.get(key)
        if kept and kept[0] is reply.card:
            return kept[1]
        body = json.dumps(message_of(reply, language))
        self._kept[key] = (reply.card, body)
        return body


def is_public(reply: Reply | None) -> bool:
    """True for a reply that everybody sees."""
    return reply is not None and reply.audience is Audience.CHANNEL


def goes_late(reply: Reply | None) -> bool:
    """True for a reply with a chart or table, which Slack could not refuse in an acknowledgement:
    we would never learn that it was not shown."""
    return reply is not None and bool(reply.card.charts or table_to_draw(reply.card))


def reply_view(reply: Reply | None, language: Language) -> Json:
    """Return a reply as a modal: its form, or its card; None stands for a bug of ours."""
    if reply and reply.form:
        return form_view(reply.form, language)
    return modal_view(reply.card if reply else None, language)


def message_of(reply: Reply | None, language: Language) -> Json:
    """Return a reply as a message with its audience; None stands for a bug of ours."""
    if reply is None:
        return {"response_type": "ephemeral", "text": language.plain(BROKEN)}
    message = render(reply.card, language)
    if reply.audience is Audience.CHANNEL:
        return {"response_type": "in_channel", **with_absolute_dates(message)}
    return {"response_type": "ephemeral", **message}


def drawn(reply: Reply | None, language: Language) -> Json:
    """Return a reply as a message without an audience; None stands for a bug of ours."""
    if reply is None:
        return {"text": language.plain(BROKEN), "blocks": []}
    return render(reply.card, language)


def place_of_answer(reply: Reply | None, body: Json) -> Json:
    """Return whether the answer to a click replaces the message that was clicked."""
    if is_public(reply):
        return {"replace_original": False}
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    is_kept = reply is None or reply.is_problem or reply.renewal is Renewal.KEPT
    # After a problem a public card keeps its last state: only the person who clicked is told.
    if renews(body["actions"][0]) and not is_private and not is_kept:
        return {"response_type": "in_channel", "replace_original": True}
    return {"replace_original": is_private}
