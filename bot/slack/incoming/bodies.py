"""Replies as what Slack takes: messages, modals, and bodies of acknowledgements."""

import json
from collections import OrderedDict

from bot.core.cards.card import Card
from bot.core.cards.reply import Audience, Renewal, Reply
from bot.core.cards.rows import table_to_draw
from bot.core.text import Language, say
from bot.slack.blocks import Json, render
from bot.slack.controls import renews
from bot.slack.lasting import lasting
from bot.slack.views import form_view, modal_view

#: The answer to a request that hit a bug of ours.
BROKEN = say("Something went wrong on my side; it is in my log. Please try again.")
_BODIES_KEPT = 64


class Bodies:
    """Replies as bodies of acknowledgements. Many people ask for the same jobs and the same help;
    equal cards are one object, so that its body is made once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, Audience, str], tuple[Card, str]] = OrderedDict()

    def body_of(self, reply: Reply | None, language: Language) -> str:
        """The body; None stands for a bug of ours."""
        if reply is None:
            return json.dumps(message_of(None, language))
        key = (id(reply.card), reply.audience, language.tag)
        kept = self._kept.get(key)
        if kept and kept[0] is reply.card:
            return kept[1]
        body = json.dumps(message_of(reply, language))
        self._kept[key] = (reply.card, body)
        if len(self._kept) > _BODIES_KEPT:
            self._kept.popitem(last=False)
        return body


def goes_late(reply: Reply | None) -> bool:
    """True for what is not put into an acknowledgement, where Slack could not refuse it."""
    return reply is not None and bool(reply.card.charts or table_to_draw(reply.card))


def reply_view(reply: Reply | None, language: Language) -> Json:
    """A reply as a modal: its form, or its card; None stands for a bug of ours."""
    if reply and reply.form:
        return form_view(reply.form, language)
    return modal_view(reply.card if reply else None, language)


def message_of(reply: Reply | None, language: Language) -> Json:
    """A reply as a message, and who sees it; None stands for a bug of ours."""
    if reply is None:
        return {"response_type": "ephemeral", "text": language.plain(BROKEN)}
    message = render(reply.card, language)
    if reply.audience is Audience.CHANNEL:
        return {"response_type": "in_channel", **lasting(message)}
    return {"response_type": "ephemeral", **message}


def drawn(reply: Reply | None, language: Language) -> Json:
    """The message alone; one without blocks for a bug of ours."""
    if reply is None:
        return {"text": language.plain(BROKEN), "blocks": []}
    return render(reply.card, language)


def place_of_answer(reply: Reply | None, body: Json) -> Json:
    """Whether the answer to a click replaces the message that was clicked."""
    if reply and reply.audience is Audience.CHANNEL:
        return {"replace_original": False}
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    is_kept = reply is None or reply.is_problem or reply.renewal is Renewal.KEPT
    # A public card keeps its last state; only the person who clicked learns that it is old.
    if renews(body["actions"][0]) and not is_private and not is_kept:
        return {"response_type": "in_channel", "replace_original": True}
    return {"replace_original": is_private}
