"""Card -> Block Kit: pure, total, and within every limit of Slack.

Foreign text goes only where Slack reads no markup: rich text and plain text elements. Only our
own text stands in mrkdwn, and it is escaped too.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, assert_never

from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Choice,
    Code,
    Control,
    Emphasis,
    Line,
    Moment,
    Person,
    Picker,
    PlacePicker,
    SearchBox,
    Span,
    Strong,
    TimeStyle,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, NO_BREAK, Language, Text, Words, say

Json: TypeAlias = dict[str, Any]

# docs.slack.dev/reference/methods/chat.postMessage: "keep text under 4,000"; ours stays below.
LONGEST_TEXT = 3000
# docs.slack.dev/reference/block-kit/blocks and .../block-elements
LONGEST_BUTTON_TEXT = 75
LONGEST_BUTTON_VALUE = 2000
LONGEST_ACTION_ID = 255
LONGEST_ACCESSIBILITY_LABEL = 75
LONGEST_OPTION_TEXT = 75
LONGEST_OPTION_VALUE = 150
LONGEST_PLACEHOLDER = 150
MOST_CONTEXT_ELEMENTS = 10
MOST_ACTIONS = 25
MOST_OPTIONS = 100
LONGEST_CONFIRM_TITLE = 100
LONGEST_CONFIRM_TEXT = 300
LONGEST_CONFIRM_BUTTON = 30

#: What lets the bot into a channel, until Slack has said how it is called there.
INVITATION = "/invite @visjob"

# Slack sets no limit for text in rich text; ours keep a hostile card readable.
_LONGEST_SPAN = 300
_LONGEST_QUOTE = 1000
_LONGEST_NOTE = 300

#: Closes a dialog without any effect.
CANCEL = say("Cancel")

# Slack refuses empty text.
_NOTHING = "–"

# Every action_id of ours begins so; the rest decides how a click is answered.
ACTION_PREFIX = "visjob:"
RENEW = "visjob:renew:"
LINK = "visjob:link:"
# A picked channel carries no value of ours: the action_id holds the sentence but for its end.
PLACE = "visjob:place:"

# docs.slack.dev/messaging/formatting-message-text#date-formatting
_DATE_FORMATS = {
    TimeStyle.CLOCK: "{time}",
    TimeStyle.TO_THE_SECOND: "{time_secs}",
    TimeStyle.DAY_AND_CLOCK: "{date_short_pretty} at {time}",
}


def render(card: Card, language: Language = ENGLISH) -> Json:
    """The `text` and `blocks` of a message: three blocks at the most."""
    text = escaped(shown(language.plain(card.summary), LONGEST_TEXT))
    return {"text": text, "blocks": render_blocks(card, language)}


def render_blocks(card: Card, language: Language = ENGLISH) -> list[Json]:
    """The blocks alone, for a surface that has no `text`."""
    card = translated(card, language)
    blocks = [_facts(card)]
    if card.notes:
        notes = [_note(line) for line in card.notes[:MOST_CONTEXT_ELEMENTS]]
        blocks.append({"type": "context", "elements": notes})
    if card.controls:
        elements = [_control(n, c, language) for n, c in enumerate(card.controls[:MOST_ACTIONS])]
        blocks.append({"type": "actions", "elements": elements})
    return blocks


def render_options(choices: Sequence[Choice], language: Language = ENGLISH) -> Json:
    """The answer to a search box."""
    shown_choices = translated(tuple(choices[:MOST_OPTIONS]), language)
    return {"options": [render_option(choice) for choice in shown_choices]}


def escaped(text: str) -> str:
    """Text without Slack's control characters (…/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _facts(card: Card) -> Json:
    lines = list(_rich_lines(card.lines)) or [{"type": "text", "text": _NOTHING}]
    elements: list[Json] = [{"type": "rich_text_section", "elements": lines}]
    if quote := shown(card.quote, _LONGEST_QUOTE):
        quoted = [{"type": "text", "text": quote}]
        elements.append({"type": "rich_text_quote", "elements": quoted})
    if card.verbatim:
        copied = "\n".join(shown(line, _LONGEST_SPAN) for line in card.verbatim)
        text = [{"type": "text", "text": copied or _NOTHING}]
        elements.append({"type": "rich_text_preformatted", "elements": text})
    return {"type": "rich_text", "elements": elements}


def _rich_lines(lines: Sequence[Line]) -> Iterator[Json]:
    for number, line in enumerate(lines):
        if number:
            yield {"type": "text", "text": "\n"}
        for span in line:
            if element := _rich(span):
                yield element


def _rich(span: Span) -> Json | None:
    match span:
        case Moment(at=at, style=style):
            return {
                "type": "date",
                "timestamp": int(at.timestamp()),
                "format": _DATE_FORMATS[style],
                "fallback": span.words,
            }
        case Person(user_id=user_id):
            return {"type": "user", "user_id": user_id}
        case Channel(channel_id=channel_id):
            return {"type": "channel", "channel_id": channel_id}
        case Strong(text=text):
            return _styled(str(text), "bold")
        case Code(text=text):
            return _styled(text, "code")
        case str() | Text():
            text = _kept_spaces(str(span), _LONGEST_SPAN)
            return {"type": "text", "text": text} if text else None
        case _:
            assert_never(span)


def _styled(text: str, style: str) -> Json | None:
    text = _shown(text, _LONGEST_SPAN)
    return {"type": "text", "text": text, "style": {style: True}} if text else None


def _kept_spaces(text: str, limit: int) -> str:
    """Text between two spans keeps its outer spaces, which cleaning would strip."""
    is_kept = text.replace(NO_BREAK, " ").isprintable() and len(text) <= limit
    return text if is_kept else _shown(text, limit)


def _shown(text: str, limit: int) -> str:
    """As `shown`, but spaces that must not break stay; translation leaves ours alone."""
    seen = shown(plain := text.replace(NO_BREAK, " "), limit)
    kept = len(seen) - (seen != plain)
    return text[:kept] + seen[kept:] if seen[:kept] == plain[:kept] else seen


def _note(line: Line) -> Json:
    if not any(isinstance(span, Moment | Person | Channel) for span in line):
        text = _shown("".join(_plain(span) for span in line), _LONGEST_NOTE)
        return {"type": "plain_text", "text": text or _NOTHING, "emoji": False}
    text = "".join(_mrkdwn(span, _LONGEST_NOTE // len(line)) for span in line)
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(span: Span) -> str:
    return str(span if isinstance(span, str | Text) else getattr(span, "text", ""))


def _mrkdwn(span: Span, limit: int) -> str:
    match span:
        case Moment(at=at, style=style):
            return f"<!date^{int(at.timestamp())}^{_DATE_FORMATS[style]}|{span.words}>"
        case Person(user_id=user_id):
            return f"<@{user_id}>"
        case Channel(channel_id=channel_id):
            return f"<#{channel_id}>"
        case _:
            return escaped(_kept_spaces(_plain(span), limit))


def _control(number: int, control: Control, language: Language) -> Json:
    match control:
        case Action():
            return _button(number, control, language)
        case Picker(placeholder=placeholder, choices=choices):
            return {
                "type": "static_select",
                "action_id": f"{ACTION_PREFIX}pick:{number}",
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "options": [render_option(choice) for choice in choices[:MOST_OPTIONS]],
            }
        case SearchBox(placeholder=placeholder):
            return {
                "type": "external_select",
                "action_id": f"{ACTION_PREFIX}search:{number}",
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "min_query_length": 1,
            }
        case PlacePicker(placeholder=placeholder, command=command):
            return {
                "type": "conversations_select",
                "action_id": f"{PLACE}{command.text}"[:LONGEST_ACTION_ID],
                "placeholder": plain_text(placeholder, LONGEST_PLACEHOLDER),
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            }
        case _:
            assert_never(control)


def _button(number: int, action: Action, language: Language) -> Json:
    sentence = action.command.text
    kind = LINK if action.url else RENEW if action.renews_card else f"{ACTION_PREFIX}say:"
    button: Json = {
        "type": "button",
        "action_id": f"{kind}{number}",
        "text": plain_text(action.label, LONGEST_BUTTON_TEXT),
        "value": sentence[:LONGEST_BUTTON_VALUE],
        "accessibility_label": shown(f"{action.label}: {sentence}", LONGEST_ACCESSIBILITY_LABEL),
    }
    if action.url:
        button["url"] = action.url
    if action.emphasis is not Emphasis.PLAIN:
        button["style"] = action.emphasis.value
    if action.question:
        button["confirm"] = _confirm(action, language)
    return button


def _confirm(action: Action, language: Language) -> Json:
    """Slack asks the person before it sends us the click.

    docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    """
    return {
        "title": plain_text(action.label, LONGEST_CONFIRM_TITLE),
        "text": plain_text(action.question, LONGEST_CONFIRM_TEXT),
        "confirm": plain_text(action.label, LONGEST_CONFIRM_BUTTON),
        "deny": plain_text(language.words(CANCEL), LONGEST_CONFIRM_BUTTON),
    }


def render_option(choice: Choice) -> Json:
    """One line of a picker."""
    option: Json = {
        "text": plain_text(choice.label, LONGEST_OPTION_TEXT),
        "value": choice.command.text[:LONGEST_OPTION_VALUE],
    }
    if choice.detail:
        option["description"] = plain_text(choice.detail, LONGEST_OPTION_TEXT)
    return option


def plain_text(text: Words, limit: int) -> Json:
    """Text in which Slack reads no markup and no emoji."""
    return {"type": "plain_text", "text": _shown(str(text), limit) or _NOTHING, "emoji": False}
