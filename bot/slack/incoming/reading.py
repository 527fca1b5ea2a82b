"""Parse requests and the answers in forms out of Slack's payloads."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.core.commands.mentions.mention import SELF
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import parse_job
from bot.core.commands.times.until import exact_words
from bot.core.commands.verbs.answers import HIDDEN_FIELD, Answers
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import LONGEST_SENTENCE
from bot.core.errors import BadCommand
from bot.core.place_ids import is_channel_id
from bot.slack.blocks import Json
from bot.slack.controls import HOME_PAGE, PLACE, SEARCH, renews
from bot.slack.form_inputs import LONGEST_ANSWER
from bot.slack.text_objects import unescaped
from bot.slack.views import ANSWER

_ID = re.compile(r"[A-Z0-9]{1,64}")
_KEY = re.compile(r"[\w.:-]{1,200}")
_SLACKBOT = "USLACKBOT"
_PAGE = re.compile(f"{HOME_PAGE}([0-9]{{1,4}}):")
_SEARCH = re.compile(f"{SEARCH}[0-9]{{1,2}}:([a-z]+)")
_PAGE_NUMBER = re.compile(r"[0-9]{1,4}")
_TS = re.compile(r"[0-9]{10}\.[0-9]{6}")
_TOKEN = re.compile(r"<([^<>|]*+)(?:\|([^<>]*+))?>")
_WEB = ("http", "https")
# Links and escapes lengthen a sentence in Slack's text, but no sentence becomes as long as this.
_LONGEST_TYPED = 8 * LONGEST_SENTENCE


def request_of(
    text: str,
    team_id: str,
    user_id: str,
    channel_id: str | None,
    *,
    key: str = "",
    clicked_ts: str = "",
    thread_ts: object = None,
    is_pick: bool = False,
    is_press: bool = False,
    is_mention: bool = False,
) -> Request:
    """Return a Request. Raises ValueError for an id unlike Slack's: ids go into the database."""
    if not all(_ID.fullmatch(given) for given in (user_id, team_id or "T", channel_id or "C")):
        raise ValueError("not an id of Slack's")
    return Request(
        text=text,
        team_id=team_id,
        user_id=user_id,
        channel_id=channel_id or "",
        # Slack's ids begin with the kind of conversation.
        is_direct=(channel_id or "").startswith("D"),
        key=key,
        clicked_ts=clicked_ts,
        is_pick=is_pick,
        is_press=is_press,
        is_mention=is_mention,
        thread_ts=ts_of(thread_ts),
    )


def clicked_request(body: Json, team_id: str) -> Request:
    """Return the request of a click of an admitted person. Raises ValueError as `request_of`."""
    action = body["actions"][0]
    is_press = action.get("type") == "button"
    return request_of(
        clicked_sentence(action),
        team_id,
        body["user"]["id"],
        (body.get("channel") or {}).get("id"),
        key=key_of(body.get("trigger_id")),
        clicked_ts=clicked_ts(body),
        is_pick=not is_press,
        is_press=is_press,
    )


def id_of(given: object) -> str:
    """Return an id that is given alone or as an object's `id`; empty if it is unlike Slack's."""
    if isinstance(given, dict):
        given = given.get("id")
    return given if isinstance(given, str) and _ID.fullmatch(given) else ""


def is_of_a_bot(event: Json) -> bool:
    """True for an event that a bot caused, even if the event names a user, too."""
    return (
        bool(event.get("bot_id") or event.get("bot_profile"))
        or event.get("subtype") == "bot_message"
        or event.get("user") == _SLACKBOT
    )


def key_of(given: object) -> str:
    """Return a trigger or event id, by which we recognize a repeated request; empty if unusable."""
    return given if isinstance(given, str) and _KEY.fullmatch(given) else ""


def ts_of(given: object) -> str:
    """Return a `ts`, Slack's id of a message within its conversation; empty if it is none."""
    return given if isinstance(given, str) and _TS.fullmatch(given) else ""


def clicked_ts(body: Json) -> str:
    """Return the ts of the public message that the answer to a click replaces; else empty."""
    container = body.get("container") or {}
    ts = container.get("message_ts")
    is_renewed = renews(body["actions"][0]) and not container.get("is_ephemeral")
    return ts_of(ts) if is_renewed else ""


def page_turned_to(action: Json) -> int | None:
    """Return the page of Home that a button turns to; None for any other button."""
    found = _PAGE.match(action["action_id"])
    return int(found[1]) if found else None


def page_of(view: Json) -> int:
    """Return the page of Home that a view shows."""
    kept = view.get("private_metadata")
    return int(kept) if isinstance(kept, str) and _PAGE_NUMBER.fullmatch(kept) else 1


def hash_of(view: object) -> str:
    """Return Slack's name for the version of a view; empty where Slack names none."""
    return key_of(view.get("hash")) if isinstance(view, dict) else ""


def clicked_sentence(action: Json) -> str:
    """Return the sentence for which a button, a choice or a picked channel stands."""
    if place := action.get("selected_conversation"):
        return f"{action['action_id'].removeprefix(PLACE)} to #{place}"
    value = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
    searched = _SEARCH.fullmatch(action["action_id"])
    return f"{searched[1]} {value}" if searched and value else value


def answers_of(view: dict[str, Any]) -> Answers:
    """Return the answers in a form, by question, as words of the grammar. A value that is unlike
    Slack's counts as no answer."""
    values = (view.get("state") or {}).get("values")
    asked = values.items() if isinstance(values, dict) else ()
    answers = {
        name: tuple(_words_of(given.get(ANSWER))) for name, given in asked if _is_filled(given)
    }
    hidden = view.get("private_metadata")
    return {**answers, HIDDEN_FIELD: (hidden,)} if isinstance(hidden, str) and hidden else answers


def _is_filled(given: object) -> bool:
    return isinstance(given, dict) and isinstance(given.get(ANSWER), dict)


def _words_of(answer: dict[str, Any]) -> Iterator[str]:
    conversation = answer.get("selected_conversation")
    if isinstance(conversation, str):
        # Our messages reach a person in our direct conversation, but not in a group's conversation.
        is_direct = conversation.startswith("D") and is_channel_id(conversation)
        yield "dm" if is_direct else f"#{conversation}"
    moment = answer.get("selected_date_time")
    if isinstance(moment, int):
        yield _moment_word(moment)
    elif moment is not None:
        yield str(moment)[:LONGEST_ANSWER]
    typed = answer.get("value")
    if isinstance(typed, str):
        yield typed[:LONGEST_ANSWER]
    options = answer.get("selected_options")
    for option in (answer.get("selected_option"), *(options if isinstance(options, list) else ())):
        if isinstance(option, dict) and isinstance(option.get("value"), str):
            yield option["value"]


def _moment_word(seconds: int) -> str:
    try:
        return exact_words(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError):
        return str(seconds)


def typed_text(text: str) -> str:
    """Return typed text without Slack's wrapping of links and its escapes. Text that is far longer
    than any sentence is returned as it is.

    docs.slack.dev/interactivity/implementing-slash-commands (should_escape)
    """
    return text if len(text) > _LONGEST_TYPED else unescaped(_TOKEN.sub(_typed, text))


def mention_text(text: str, *, own_id: str) -> str:
    """Return the text of a mention as `typed_text` does, with SELF in place of our own mention, and
    without the mentions of other people and groups."""
    if len(text) > _LONGEST_TYPED:
        return text

    def named(token: re.Match[str]) -> str:
        if token[1][:1] not in ("@", "!"):
            return _typed(token)
        return f" {SELF} " if token[1] == f"@{own_id}" else " "

    return unescaped(_TOKEN.sub(named, text))


def _typed(token: re.Match[str]) -> str:
    """Return what a person typed, where Slack made a link of it."""
    target, label = token[1], token[2]
    scheme = target.partition(":")[0].lower()
    if label and (scheme in ("tel", "mailto") or (scheme in _WEB and not _names_a_job(target))):
        return label
    return target.removeprefix("mailto:").removeprefix("tel:")


def _names_a_job(url: str) -> bool:
    try:
        parse_job(Word(unescaped(url), quoted=True))
    except BadCommand:
        return False
    return True
