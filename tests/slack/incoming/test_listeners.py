"""What Slack wraps around typed text, taken off again."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.reading import answers_of, mention_text, typed_text
from bot.slack.text_objects import escaped


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("205", "205"),
        ("<https://console.huaweicloud.com/x/205/>", "https://console.huaweicloud.com/x/205/"),
        ("<https://a.example/205/|a.example/205/>", "https://a.example/205/"),
        ("show <#C0EXP00001|experiments>", "show #C0EXP00001"),
        ("<@U0BEN00001|ben> share", "@U0BEN00001 share"),
        ("<!channel>", "!channel"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;amp;", "&amp;amp;"),
        ("<", "<"),
        ("<<x>>", "<x>"),
        ("", ""),
        ("<tel:1865551234|1865551234>", "1865551234"),
        ("<tel:1865551234>", "1865551234"),
        ("<mailto:ana@vision.example|ana@vision.example>", "ana@vision.example"),
        ("<mailto:ana@vision.example|flowers-tb>", "flowers-tb"),
        ("<http://flowers.tb|flowers.tb>", "flowers.tb"),
        ("<https://a.example/205/|my board>", "https://a.example/205/"),
        ("<https://a.example/205/data?run=1|my board>", "https://a.example/205/data?run=1"),
        ("<https://a.example/help|205>", "205"),
        ("<" * 5_000, "<" * 5_000),
    ],
)
def test_typed_text_is_what_was_typed(sent: str, typed: str) -> None:
    assert typed_text(sent) == typed


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("<@U0VISJOB01> 205", " @visjob  205"),
        ("<@U0VISJOB01|visjob>: <@U0BEN00001> 205", " @visjob :   205"),
        ("<!subteam^S0MLADMINS|@ml> 205 <!here>", "  205  "),
        ("<@U0VISJOB01> in <#C0EXP00001|exp> &gt; x", " @visjob  in #C0EXP00001 > x"),
        ("<@A|" * 10_000, "<@A|" * 10_000),
    ],
)
def test_in_a_mention_we_are_known_and_others_are_left_out(sent: str, heard: str) -> None:
    assert mention_text(sent, own_id="U0VISJOB01") == heard


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"selected_option": {"value": "id:205"}}, ("id:205",)),
        ({"selected_options": [{"value": "failed"}, {"value": "running"}]}, ("failed", "running")),
        ({"selected_conversation": "C0EXP00001"}, ("#C0EXP00001",)),
        ({"selected_conversation": "D0BEN00001"}, ("dm",)),
        ({"selected_date_time": 1_774_429_500}, ("2026-03-25t09:05z",)),
        ({"selected_date_time": 10**30}, (str(10**30),)),
        ({"selected_date_time": "soon"}, ("soon",)),
        ({"selected_date_time": None}, ()),
        ({"selected_option": None, "selected_options": None}, ()),
        ({"value": "typed"}, ("typed",)),
    ],
)
def test_an_answer_is_read_as_words_of_the_grammar(
    choice: dict[str, object], words: tuple[str, ...]
) -> None:
    view = {"state": {"values": {"question": {"value": choice}}}}

    assert answers_of(view) == {"question": words}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_slack_escapes_comes_back(text: str) -> None:
    assert typed_text(escaped(text)) == text


async def test_stopping_waits_for_late_work_and_gives_up_on_the_rest() -> None:
    background, held = BackgroundTasks(), asyncio.Event()
    done: list[str] = []

    async def quick() -> None:
        done.append("quick")

    async def never() -> None:
        try:
            await held.wait()
        except asyncio.CancelledError:
            done.append("given up")
            raise

    background.start(quick())
    background.start(never())
    await background.finish(0.05)
    await asyncio.sleep(0)

    assert done == ["quick", "given up"]


async def test_nothing_under_way_is_finished_at_once() -> None:
    await BackgroundTasks().finish(60)
