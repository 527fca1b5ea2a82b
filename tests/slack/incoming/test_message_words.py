"""What a message says: its text, its blocks and its attachments."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.incoming.message_words import words_of_message

Json = dict[str, Any]
OURS = "B0VISJOB01"


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


#: What a message is, and a text and a link that are found in it.
PARTS: list[tuple[str, Json, str, str]] = [
    ("plain text", {"text": "job 205"}, "job 205", ""),
    ("escaped", {"text": "a &lt;b&gt; &amp; c"}, "a <b> & c", ""),
    ("a link with its own text", {"text": "<https://a.example/205?x=1&amp;y=2|my board>"},
     " my board ", "https://a.example/205?x=1&y=2"),
    ("people and channels", {"text": "<@U205> in <#C0EXP|general> <!here> 205"}, "  in     205",
     ""),
    ("a section", {"blocks": [section("flowers-tb")]}, "flowers-tb", ""),
    ("a field of a section",
     {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "205"}]}]}, "205", ""),
    ("a header", {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "205"}}]},
     "205", ""),
    ("rich text in pieces",
     {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
         {"type": "text", "text": "41", "style": {"bold": True}}, {"type": "text", "text": " min"},
         {"type": "link", "url": "https://a.example/", "text": "!"}]}]}]},
     "41 min!", "https://a.example/"),
    ("a list in rich text",
     {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [
         {"type": "rich_text_section", "elements": [{"type": "text", "text": "205"}]}]}]}]},
     "205", ""),
    ("a button", {"blocks": [{"type": "actions", "elements": [
        {"type": "button", "text": {"type": "plain_text", "text": "Open 205"}, "value": "no",
         "url": "https://a.example/b"}]}]}, "Open 205", "https://a.example/b"),
    ("an attachment", {"attachments": [{"title": "run 205", "title_link": "https://a.example/c"}]},
     "run 205", "https://a.example/c"),
    ("a field of an attachment",
     {"attachments": [{"fields": [{"title": "job", "value": "205"}]}]}, "205", ""),
    ("the blocks of an attachment", {"attachments": [{"blocks": [section("205")]}]}, "205", ""),
    ("a link that was unfurled", {"attachments": [{"from_url": "https://a.example/d"}]}, "",
     "https://a.example/d"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "message", "text", "link"), PARTS, ids=[row[0] for row in PARTS]
)
def test_each_part_of_a_message_is_read(sentence: str, message: Json, text: str, link: str) -> None:
    said = words_of_message({"type": "message", **message}, own_bot_id=OURS)

    assert not text or text in said.texts, sentence
    assert not link or link in said.links, sentence
    assert "no" not in said.texts


def test_the_buttons_of_our_own_messages_name_their_jobs() -> None:
    button = {"type": "button", "value": "subscribe id:205 in dm", "action_id": "a"}
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "id:240"}
    menu = {"type": "overflow", "options": [option], "action_id": "b"}
    blocks = [{"type": "actions", "elements": [button, menu]}]

    ours = words_of_message({"bot_id": OURS, "blocks": blocks}, own_bot_id=OURS)
    theirs = words_of_message({"bot_id": "B0OTHER", "blocks": blocks}, own_bot_id=OURS)

    assert ours.own_ids == (205, 240)
    assert theirs.own_ids == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "blocks", "elements", "attachments", "value", "url",
                             "fields", "title", "options", "bot_id", "accessory"]),
            inner, max_size=5)
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "type"]), JSON))
def test_no_message_is_too_odd_to_be_read(message: Json) -> None:
    words_of_message({**message, "bot_id": OURS}, own_bot_id=OURS)
