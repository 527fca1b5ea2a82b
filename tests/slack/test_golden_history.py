"""The golden cards of what was seen over time; `pytest --rewrite-golden` writes them anew."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.cards.card import Action, Strong, Table
from bot.core.cards.figures import BAR_WIDTH, BARE_WIDTH, Bar, Chart, Fill, Series, Stretch, drawn
from bot.core.commands.grammar import parse
from bot.locale import language_of
from bot.slack.blocks import render
from bot.slack.charts import CHART, MOST_POINTS, render_chart
from bot.slack.newer_blocks import in_older_blocks
from bot.slack.tables import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, TABLE
from bot.slack.views import modal_view
from tests.make import a_card
from tests.reference import needs_reference
from tests.slack.history_cases import HISTORY_CARDS
from tests.slack.oracles import hold_message, hold_to_schema, hold_view, texts
from tests.slack.test_golden_chinese import english_in
from tests.world import said

Json = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "golden" / "history"
CHINESE = language_of("zh-CN")
FILES = [*HISTORY_CARDS, *(f"zh-CN-{name}" for name in HISTORY_CARDS)]


def message_of(name: str) -> Json:
    if name.startswith("zh-CN-"):
        return render(HISTORY_CARDS[name.removeprefix("zh-CN-")](), CHINESE)
    return render(HISTORY_CARDS[name]())


def tables_of(message: Json) -> list[Json]:
    return [block for block in message["blocks"] if block["type"] == TABLE]


def charts_of(message: Json) -> list[Json]:
    return [block for block in message["blocks"] if block["type"] == CHART]


@pytest.mark.parametrize("name", FILES)
def test_a_card_is_as_it_was_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    message = message_of(name)
    path = FOLDER / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(message, indent=2, ensure_ascii=False) + "\n")

    assert message == json.loads(path.read_text())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_a_message_is_within_all_limits_and_calls_nobody(name: str) -> None:
    message = message_of(name)

    hold_message(message)
    assert len(message["blocks"]) <= 7
    assert len(in_older_blocks(message)["blocks"]) <= 5
    assert message["text"].endswith(".")


@needs_reference
@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_a_message_has_the_shape_of_slacks_own_types(name: str) -> None:
    message = message_of(name)
    kept = [block for block in message["blocks"] if block["type"] != CHART]

    hold_to_schema("message", {**message, "blocks": kept})
    hold_to_schema("message", in_older_blocks(message))


@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_a_view_shows_the_same_without_charts(name: str) -> None:
    hold_view(modal_view(HISTORY_CARDS[name]()))


def words_of(blocks: list[Json]) -> str:
    """Everything that they say, without where a line ends."""
    told = [one for one in texts(blocks) if one["type"] in ("text", "date", "plain_text", "mrkdwn")]
    return "".join(one.get("text") or one["fallback"] for one in told).replace("\n", "")


@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_where_no_table_is_drawn_its_rows_stand_in_the_text(name: str) -> None:
    message, view = message_of(name), modal_view(HISTORY_CARDS[name]())
    older = in_older_blocks(message)

    assert words_of(older["blocks"]) == words_of(view["blocks"])
    assert older["text"] == message["text"]
    for table in tables_of(message):
        for cell in (cell for row in table["rows"][1:] for cell in row):
            words = words_of([cell]) or cell["text"]
            assert words == "–" or words in words_of(older["blocks"])


@pytest.mark.parametrize(
    ("name", "heads", "rows"),
    [
        # the steps, newest first; a column of its own for other runs, where there were any
        ("history", ["Since", "State", "Length", "Run"], 9),
        ("history-running", ["Since", "State", "Length"], 2),
        ("history-gone", ["Since", "State", "Length"], 3),
        ("history-long", ["Since", "State", "Length"], 15),
        # one step is no table
        ("history-never-ran", None, 0),
        ("history-nothing", None, 0),
        # the project's jobs; no column in which no row says anything
        ("cost", ["Job", "Running time", "Cost", "State"], 4),
        ("cost-without-price", ["Job", "Running time", "State"], 3),
        ("cost-many", ["Job", "Running time", "Cost", "State"], 10),
        ("cost-of-a-job", None, 0),
        ("cost-hostile", None, 0),
        ("cost-nothing-recorded", None, 0),
        ("morning", None, 0),
    ],
)
def test_rows_of_facts_are_a_table(name: str, heads: list[str] | None, rows: int) -> None:
    tables = tables_of(message_of(name))

    assert [[cell["text"] for cell in one["rows"][0]] for one in tables] == [heads][: len(tables)]
    assert [len(one["rows"]) - 1 for one in tables] == ([rows] if heads else [])
    assert all(one["page_size"] == len(one["rows"]) - 1 for one in tables)


def test_hours_and_money_are_sorted_as_numbers() -> None:
    [table] = tables_of(message_of("cost"))
    hours, money = ([row[column] for row in table["rows"][1:]] for column in (1, 2))

    assert {cell["type"] for cell in (*hours, *money)} == {"raw_number"}
    for cells in (hours, money):
        values = [cell["value"] for cell in cells]
        assert values == sorted(values, reverse=True)


def test_a_table_takes_no_more_than_slack_does() -> None:
    wide = Table(caption="x" * 500, heads=(("h" * 90,),) * 30, rows=((("y" * 400,),) * 30,) * 9)
    tall = Table(caption="", heads=(("",),), rows=(((Strong("z"),),),) * 300)
    empty = Table(caption="c", heads=(("h",),), rows=(((),),) * 2)

    for table in (wide, tall, empty):
        hold_message(render(a_card(table=table)))
    [drawn] = tables_of(render(a_card(table=wide)))
    assert len(drawn["rows"][0]) == MOST_COLUMNS
    assert sum(len(cell["text"]) for row in drawn["rows"] for cell in row) <= MOST_CHARACTERS
    assert len(tables_of(render(a_card(table=tall)))[0]["rows"]) == MOST_ROWS + 1


@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_no_english_is_left_in_chinese(name: str) -> None:
    drawn = json.dumps(render(HISTORY_CARDS[name](), CHINESE))
    for foreign in ("EUR", "Europe/Berlin"):
        drawn = drawn.replace(foreign, "")

    if "hostile" not in name and "odd" not in name:
        assert english_in(json.loads(drawn)) == []


@pytest.mark.parametrize("name", HISTORY_CARDS)
def test_every_button_says_a_sentence(name: str) -> None:
    controls = HISTORY_CARDS[name]().controls

    assert len(controls) <= 3
    for control in controls:
        assert isinstance(control, Action)
        assert parse(control.command.text) == control.command


@pytest.mark.parametrize(
    ("name", "charts"),
    [
        ("history", 1),
        ("history-brief", 1),
        ("history-never-ran", 0),
        ("history-just-begun", 0),
        ("cost", 2),
        ("cost-without-price", 1),
        ("cost-free", 1),
        ("cost-today", 0),
        ("cost-nothing-recorded", 0),
    ],
)
def test_a_chart_is_drawn_where_there_is_something_to_draw(name: str, charts: int) -> None:
    assert len(charts_of(message_of(name))) == charts


@pytest.mark.parametrize("name", ["history-month", "cost-month", "history-long"])
def test_more_days_than_slack_takes_are_drawn_together(name: str) -> None:
    [chart, *_] = charts_of(message_of(name))
    categories = chart["chart"]["axis_config"]["categories"]

    assert len(categories) == len(set(categories)) <= MOST_POINTS


def test_a_thousand_changes_are_cut_with_a_sentence() -> None:
    message = message_of("history-long")

    assert "986 earlier steps are not listed" in said(message)
    assert said(message).count("Running") < 30


def test_the_words_say_each_step_that_the_bar_draws() -> None:
    text = message_of("history")["text"]

    assert text.startswith("flowers-tb (205) ran 1 d 18 h in the last 7 days.")
    assert "2026-03-22 02:17 UTC>: Running, 1 d 2 h." in text
    assert text.index("Running, 2 h 30 min so far") < text.index("Running, 1 d 2 h")


BARS = {
    "labels fit": (("queued 3 min", 3), ("running 1 d 2 h", 1563), ("stopping 40 s", 1)),
    "one part": (("running 5 h", 1),),
    "no time at all": (("queued 0 s", 0), ("running 0 s", 0)),
    "wide letters": (("\u6392\u961f 3 min", 3), ("\u8fd0\u884c\u4e2d 26 h", 99)),
}


@pytest.mark.parametrize("name", BARS)
def test_a_bar_is_as_wide_as_every_other(name: str) -> None:
    fills = (Fill.QUEUED, Fill.RUNNING, Fill.STOPPING)
    bar = Bar(
        tuple(
            Stretch(label=label, fill=fill, weight=weight)
            for (label, weight), fill in zip(BARS[name], fills, strict=False)
        )
    )

    text = drawn(bar)

    wide = sum(char > "\u2fff" for char in text)
    assert len(text) + wide == BAR_WIDTH
    assert all(label in text for label, _ in BARS[name])


def test_a_bar_of_many_parts_has_a_character_for_each_moment() -> None:
    parts = [Stretch(fill=fill, weight=1) for fill in (*Fill, *Fill)]

    text = drawn(Bar(tuple(parts)))

    assert len(text) == BARE_WIDTH
    assert "".join(dict.fromkeys(text.strip("│"))) == "".join(fill.value for fill in Fill)


def test_a_chart_takes_no_more_than_slack_does() -> None:
    chart = Chart(
        title="x" * 200,
        labels=tuple(f"{number:030}" for number in range(50)),
        series=tuple(Series(name="y" * 50, values=(float("nan"), 1.0)) for _ in range(20)),
        unit="z" * 90,
        along="",
    )

    hold_message(render(a_card(charts=(chart, chart, chart))))
    assert len(render(a_card(charts=(chart,) * 3))["blocks"]) == 3
    assert render_chart(chart)["chart"]["series"][0]["data"][0]["value"] == 0.0
