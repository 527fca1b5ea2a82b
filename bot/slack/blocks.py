"""Render a card as Block Kit: pure, total, and within every limit of Slack.

Text of others goes into rich text and plain text elements, where Slack reads no markup. Where
Slack reads mrkdwn (the `text` of a message, notes with dates or names), all text is escaped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from bot.core.cards.card import (
    Bullet,
    Card,
    Channel,
    Code,
    Line,
    Moment,
    Named,
    PeopleGroup,
    Person,
    Span,
    Strong,
    TimeStyle,
)
from bot.core.cards.cleaning import shown
from bot.core.cards.figures import Amount, Bar, drawn
from bot.core.cards.past.rows import all_lines, table_to_draw
from bot.core.cards.translation import translated
from bot.core.text import ENGLISH, Fragment, Language, Text, Words, breakable
from bot.slack.charts import MOST_CHARTS, render_chart
from bot.slack.controls import render_control
from bot.slack.tables import render_table
from bot.slack.text_objects import NOTHING, cleaned, escaped, kept_spaces, plain_text
from bot.slack.text_objects import Json as Json  # re-exported for the neighbouring modules

# docs.slack.dev/reference/methods/chat.postMessage: "keep text under 4,000"; ours stays below.
LONGEST_TEXT = 3000
# docs.slack.dev/reference/block-kit/blocks and .../block-elements
MOST_CONTEXT_ELEMENTS = 10
MOST_ACTIONS = 25
LONGEST_HEADER = 150

# Slack sets no limit for text in rich text; these limits keep a hostile card readable.
_LONGEST_SPAN = 300
_LONGEST_QUOTE = 1000
_LONGEST_NOTE = 300
_LONGEST_NOTE_SPAN = 150
_LONGEST_COPIED = 1100

# docs.slack.dev/messaging/formatting-message-text#date-formatting
# Slack writes each date in its reader's language, so a format must contain no word of ours.
_DATE_FORMATS: dict[TimeStyle, str] = {
    TimeStyle.CLOCK: "{time}",
    TimeStyle.TO_THE_SECOND: "{time_secs}",
    TimeStyle.DAY_AND_CLOCK: "{date_short_pretty} {time}",
}


def render(card: Card, language: Language = ENGLISH) -> Json:
    """Return the `text` and `blocks` of a message: four blocks at the most, beside title, table and
    charts."""
    blocks = render_blocks(card, language, newer=True)
    return {"text": render_text(card.summary, language), "blocks": blocks}


def render_text(words: Words, language: Language = ENGLISH) -> str:
    """Return the text that Slack shows where it shows no blocks. Slack draws its dates, people and
    channels; all other text is escaped."""
    if isinstance(words, str):
        return escaped(shown(breakable(words), LONGEST_TEXT))
    text, left = "", LONGEST_TEXT
    for piece in language.pieces(words, lambda foreign: shown(foreign, LONGEST_TEXT)):
        if isinstance(piece, Moment | Person | Channel):
            drawn = more = _mrkdwn(piece, left)
        else:
            more = breakable(_written(piece, language))
            drawn = escaped(kept_spaces(more, max(left, 1)))
        text, left = text + drawn, left - len(more)
        if left <= 0:
            break
    return text


def _written(piece: str | Fragment, language: Language) -> str:
    if isinstance(piece, str):
        return piece
    words = language.words(piece.words)
    return f"`{words}`" if isinstance(piece, Code) else words


def render_blocks(card: Card, language: Language, *, newer: bool = False) -> list[Json]:
    """Return the blocks alone, for a surface that has no `text`; with a table and charts only for a
    surface that accepts the `newer` blocks."""
    # Summary and subject are not part of the blocks, so do not translate them here.
    card = translated(replace(card, summary="", subject=""), language)
    blocks: list[Json] = []
    if card.title:
        blocks.append({"type": "header", "text": plain_text(card.title, LONGEST_HEADER)})
    blocks += _told(card) if newer else [_facts(card, all_lines(card))]
    if card.notes:
        notes = [_note(line) for line in card.notes[:MOST_CONTEXT_ELEMENTS]]
        blocks.append({"type": "context", "elements": notes})
    if card.controls:
        drawn = (render_control(n, c, language) for n, c in enumerate(card.controls[:MOST_ACTIONS]))
        if elements := [element for element in drawn if element]:
            blocks.append({"type": "actions", "elements": elements})
    return blocks


def _told(card: Card) -> list[Json]:
    charts = [render_chart(chart) for chart in card.charts[:MOST_CHARTS]]
    table = table_to_draw(card)
    if table is None:
        return [_facts(card, all_lines(card)), *charts]
    drawn = render_table(table, lambda line: list(_rich_lines([line])))
    more = [_section(card.more_lines)] if card.more_lines else []
    below = [{"type": "rich_text", "elements": more}] if more else []
    return [_facts(card, card.lines), drawn, *below, *charts]


def _facts(card: Card, lines: Sequence[Line]) -> Json:
    elements = list(_parts(lines)) or [_section([])]
    if quote := shown(str(card.quote), _LONGEST_QUOTE):
        quoted = [{"type": "text", "text": quote}]
        elements.append({"type": "rich_text_quote", "elements": quoted})
    if card.verbatim:
        text = list(_copied(card.verbatim)) or [{"type": "text", "text": NOTHING}]
        elements.append({"type": "rich_text_preformatted", "elements": text})
    return {"type": "rich_text", "elements": elements}


def _parts(lines: Sequence[Line]) -> Iterator[Json]:
    """Yield sections of lines, and a list for each run of lines that begin with a bullet."""
    for is_list, run in groupby(lines, _is_item):
        if is_list:
            items = [_section([line]) for line in run]
            yield {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": items}
        else:
            yield _section(list(run))


def _is_item(line: Line) -> bool:
    return bool(line) and isinstance(line[0], Bullet)


def _section(lines: Sequence[Line]) -> Json:
    elements = list(_rich_lines(lines)) or [{"type": "text", "text": NOTHING}]
    return {"type": "rich_text_section", "elements": elements}


def _copied(lines: Sequence[Line]) -> Iterator[Json]:
    """Yield literal lines in as few elements as possible; LONGEST_TEXT limits each element."""
    text = ""
    for number, line in enumerate(lines):
        copied = breakable("".join(_plain(span) for span in line))
        more = ("\n" if number else "") + shown(copied, _LONGEST_COPIED)
        if len(text) + len(more) > LONGEST_TEXT:
            yield {"type": "text", "text": text}
            text = ""
        text += more
    if text:
        yield {"type": "text", "text": text}


def _rich_lines(lines: Sequence[Line]) -> Iterator[Json]:
    for number, line in enumerate(lines):
        if number:
            yield {"type": "text", "text": "\n"}
        for span in line:
            if element := _rich(span):
                yield element


def _rich(span: Span) -> Json | None:
    match span:
        case str() | Text():
            text = kept_spaces(str(span), _LONGEST_SPAN)
            return {"type": "text", "text": text} if text else None
        case Moment(at=at, style=style):
            return {
                "type": "date",
                "timestamp": int(at.timestamp()),
                "format": _DATE_FORMATS[style],
                "fallback": span.words,
            }
        case Person() | PeopleGroup() | Channel():
            return _named(span)
        case Bullet():
            return None
        case Bar() | Amount():
            return {"type": "text", "text": drawn(span)}
        case Strong(text=text):
            return _styled(str(text), "bold")
        case Code(text=text):
            return _styled(text, "code")
        case _:
            assert_never(span)


def _named(span: Named) -> Json:
    match span:
        case Person(user_id=user_id):
            return {"type": "user", "user_id": user_id}
        case PeopleGroup(group_id=group_id):
            return {"type": "usergroup", "usergroup_id": group_id}
        case Channel(channel_id=channel_id):
            return {"type": "channel", "channel_id": channel_id}


def _styled(text: str, style: str) -> Json | None:
    text = cleaned(text, _LONGEST_SPAN)
    return {"type": "text", "text": text, "style": {style: True}} if text else None


def _note(line: Line) -> Json:
    if not any(isinstance(span, Moment | Person | PeopleGroup | Channel) for span in line):
        text = cleaned("".join(_plain(span) for span in line), _LONGEST_NOTE)
        return {"type": "plain_text", "text": text or NOTHING, "emoji": False}
    text = ""
    for span in line:
        more = _mrkdwn(span, _LONGEST_NOTE_SPAN)
        if len(text) + len(more) > LONGEST_TEXT:
            break
        text += more
    return {"type": "mrkdwn", "text": text or NOTHING, "verbatim": True}


def _plain(span: Span) -> str:
    if isinstance(span, Bar | Amount):
        return drawn(span)
    return str(span if isinstance(span, str | Text) else getattr(span, "text", ""))


def _mrkdwn(span: Span, limit: int) -> str:
    match span:
        case Moment(at=at, style=style):
            pattern = _DATE_FORMATS[style]
            return f"<!date^{int(at.timestamp())}^{pattern}|{span.words}>"
        case Person(user_id=user_id):
            return f"<@{user_id}>"
        case PeopleGroup(group_id=group_id):
            return f"<!subteam^{group_id}>"
        case Channel(channel_id=channel_id):
            return f"<#{channel_id}>"
        case _:
            return escaped(kept_spaces(_plain(span), limit))
