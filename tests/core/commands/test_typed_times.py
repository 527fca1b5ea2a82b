"""Moments and spans as a keyboard makes them: one reading, whichever verb they stand behind."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.commands.grammar import is_sentence, parse
from bot.core.commands.times.until import checked_until, is_over_today, until_moment
from bot.core.errors import BadCommand

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A Tuesday; in Shanghai it is 22:17.
NOW = datetime(2026, 3, 24, 14, 17, tzinfo=UTC)
#: Each verb that takes an end.
VERBS = (
    "keep 205 until {}",
    "snooze 205 until {}",
    "snooze here until {}",
    "subscribe 205 until {}",
)
BARE = ("keep 205 {}", "snooze me {}")

#: As typed -> the moment that it means in Shanghai, by the clocks there.
MOMENTS = {
    "24:00": "2026-03-25 00:00",
    "midnight": "2026-03-25 00:00",
    "noon": "2026-03-25 12:00",
    "12 noon": "2026-03-25 12:00",
    "tomorrow 24:00": "2026-03-26 00:00",
    "friday 24:00": "2026-03-28 00:00",
    "monday midnight": "2026-03-31 00:00",
    "today 23:00": "2026-03-24 23:00",
    "today at 11:30 pm": "2026-03-24 23:30",
    "6pm": "2026-03-25 18:00",
    "6:30 pm": "2026-03-25 18:30",
    "6 p.m.": "2026-03-25 18:00",
    "2026-12-31": "2026-12-31 00:00",
    "2026-12-31 23:59": "2026-12-31 23:59",
    "23:59 2026-12-31": "2026-12-31 23:59",
    "2026-12-31 6 pm": "2026-12-31 18:00",
    "2026-12-31 24:00": "2027-01-01 00:00",
    "2026-12-31T23:59": "2026-12-31 23:59",
    "2026-12-31T23:59:00": "2026-12-31 23:59",
    "2026-12-31T23:59+08:00": "2026-12-31 23:59",
    "2026-12-31T15:59Z": "2026-12-31 23:59",
    "2026-12-31 15:59Z": "2026-12-31 23:59",
    "2026-12-31T10:59-0500": "2026-12-31 23:59",
    "明天9点": "2026-03-25 09:00",
    "下午6点": "2026-03-25 18:00",
    "下午六点半": "2026-03-25 18:30",
    "晚上11点30分": "2026-03-24 23:30",
    "今晚11点": "2026-03-24 23:00",
    "周一9点": "2026-03-30 09:00",
    "星期五 下午 5:30": "2026-03-27 17:30",
    "中午": "2026-03-25 12:00",
    "凌晨1点": "2026-03-25 01:00",
    "23点": "2026-03-24 23:00",
    "tonight 11": "2026-03-24 23:00",
    "tonight at 11:30 pm": "2026-03-24 23:30",
    "tomorrow morning": "2026-03-25 09:00",
    "tomorrow evening": "2026-03-25 18:00",
    "monday morning 8:30": "2026-03-30 08:30",
    "明天早上": "2026-03-25 09:00",
    "明晚9点": "2026-03-25 21:00",
    "heute 23 Uhr": "2026-03-24 23:00",
    "morgen 17.30 Uhr": "2026-03-25 17:30",
    "um 9 Uhr": "2026-03-25 09:00",
    "Freitag abend": "2026-03-27 18:00",
    "9 o'clock": "2026-03-25 09:00",
    "by 18:00": "2026-03-25 18:00",
    "31.12.2026": "2026-12-31 00:00",
    "31.12.2026 18:00": "2026-12-31 18:00",
    "Dec 31, 2026 6 pm": "2026-12-31 18:00",
    "31. Dezember 2026": "2026-12-31 00:00",
    "1st May 2026 9:00": "2026-05-01 09:00",
    "2026/12/31": "2026-12-31 00:00",
    "2026年12月31日18点": "2026-12-31 18:00",
    "2026-12-31 10:00 UTC": "2026-12-31 18:00",
    "next monday": "2026-03-30 00:00",
    "next Mon 9am": "2026-03-30 09:00",
    "next week wednesday": "2026-04-01 00:00",
    "tuesday next week 18:00": "2026-03-31 18:00",
    "下周一": "2026-03-30 00:00",
    "下周日 晚上8点": "2026-04-05 20:00",
    "下个星期三 9:30": "2026-04-01 09:30",
    "后天": "2026-03-26 00:00",
    "后天下午3点": "2026-03-26 15:00",
    "后天晚上": "2026-03-26 18:00",
    "the day after tomorrow at 6 pm": "2026-03-26 18:00",
    "übermorgen 8 Uhr": "2026-03-26 08:00",
}

SPANS = {
    "90min": "90m",
    "2d 3h": "51h",
    "2 days and 3 hours": "51h",
    "1h30": "90m",
    "1.5h": "90m",
    "an hour": "1h",
    "half an hour": "30m",
    "2小时": "2h",
    "两个小时": "2h",
    "半小时": "30m",
    "30分钟": "30m",
    "3天": "3d",
    "1天2小时": "26h",
    "2w": "14d",
    "1 week and 2 days": "9d",
    "two days": "2d",
    "ten minutes": "10m",
    "1,5h": "90m",
    "两周": "14d",
    "一个星期": "7d",
    "4 Stunden": "4h",
}


@pytest.mark.parametrize("typed", MOMENTS)
def test_a_moment_is_the_same_behind_every_verb(typed: str) -> None:
    said = checked_until(typed)

    assert checked_until(said) == said
    found = until_moment(said, NOW, SHANGHAI)
    assert found is not None
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == MOMENTS[typed]
    for verb in VERBS:
        command = parse(verb.format(typed))
        assert command == parse(verb.format(said))
        assert parse(command.text) == command
    for verb in BARE:
        assert parse(verb.format(typed)) == parse(verb.format(f"until {said}"))


@pytest.mark.parametrize("typed", SPANS)
def test_a_span_is_the_same_behind_every_verb(typed: str) -> None:
    assert checked_until(typed) == SPANS[typed]
    for verb in (*VERBS, *BARE):
        command = parse(verb.format(typed))
        assert command == parse(verb.format(SPANS[typed]))
        assert parse(command.text) == command


@pytest.mark.parametrize(
    ("today", "said", "meant"),
    [
        ("2026-03-29", "next monday", "2026-03-30"),
        ("2026-03-30", "next monday", "2026-04-06"),
        ("2026-03-30", "next monday 23:00", "2026-04-06"),
        ("2026-03-30", "monday 23:00", "2026-03-30"),
        ("2026-03-30", "下周日", "2026-04-12"),
        ("2026-02-27", "后天", "2026-03-01"),
    ],
)
def test_a_day_of_the_next_week_is_never_one_of_this_week(
    today: str, said: str, meant: str
) -> None:
    now = datetime.fromisoformat(f"{today}T12:00:00+08:00")

    found = until_moment(checked_until(said), now, SHANGHAI)

    assert found is not None
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d}" == meant


@pytest.mark.parametrize("verb", ["keep 205", "snooze me", "subscribe 205 in dm"])
def test_a_day_that_may_be_of_two_weeks_is_asked_about(verb: str) -> None:
    with pytest.raises(BadCommand, match="this week or of the next") as asked:
        parse(f"{verb} until next fri 17:00")

    assert asked.value.suggestions == (
        f"{verb} until friday 17:00",
        f"{verb} until friday next week 17:00",
    )
    assert all(map(is_sentence, asked.value.suggestions))


@pytest.mark.parametrize(
    "typed",
    [
        "18:00 CET",
        "18:00Z",
        "6pm PST",
        "monday 9:00 utc+8",
        "18:00 Europe/Berlin",
        "18:00 +0200",
        "北京时间 18:00",
        "tomorrow 9:00 北京时间",
    ],
)
@pytest.mark.parametrize("verb", [*VERBS, "keep 205 {}", "snooze me {}"])
def test_a_zone_that_cannot_be_read_is_met_with_what_to_do(verb: str, typed: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(verb.format(typed))

    assert "time zone" in str(refused.value.hint)
    assert refused.value.suggestions == ()


@pytest.mark.parametrize("word", ["and", "am", "ad", "onem", "aw"])
def test_a_word_that_begins_like_a_number_is_no_span(word: str) -> None:
    with pytest.raises(BadCommand):
        checked_until(word)


@pytest.mark.parametrize("verb", ["keep 205 {}", "snooze me {}", "snooze 205 until {}"])
def test_a_span_may_be_ahead(verb: str) -> None:
    assert parse(verb.format("in 2 days")) == parse(verb.format("2d"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2026-02-30", "as a time"),
        ("2026-13-01 9:00", "as a time"),
        ("31.12.", "as a time"),
        ("30.2.2026", "as a time"),
        ("31/12/2026", "as a time"),
        ("tonight tomorrow", "as a time"),
        ("tonight", "is over"),
        ("this morning", "is over"),
        ("53 weeks", "more than a year"),
        ("12/31", "as a time"),
        ("today", "as a time"),
        ("24:30", "as a time"),
        ("下午25点", "as a time"),
        ("3 fortnights", "as a time"),
        ("2h 3h", "as a time"),
        ("today 9:00", "is over"),
        ("2020-01-01", "is over"),
        ("0001-01-01 00:00", "is over"),
        ("9999-12-31", "more than a year"),
        ("9999-12-31T23:59-12:00", "as a time"),
        ("400 days", "more than a year"),
        ("99999 days", "more than a year"),
    ],
)
def test_what_means_no_moment_ahead_is_refused_with_what_works(typed: str, says: str) -> None:
    with pytest.raises(BadCommand, match=says) as refused:
        until_moment(checked_until(typed), NOW, SHANGHAI)

    assert refused.value.hint


@pytest.mark.parametrize("verb", ["keep 205", "snooze me", "subscribe 205", "subscribe a* in dm"])
def test_hours_that_may_be_a_time_or_a_span_are_asked_about(verb: str) -> None:
    with pytest.raises(BadCommand, match="a time or a span") as asked:
        parse(f"{verb} until 18h")

    assert asked.value.suggestions == (f"{verb} until 18:00", f"{verb} until 18 hours")
    assert all(map(is_sentence, asked.value.suggestions))
    for said in asked.value.suggestions:
        assert parse(parse(said).text) == parse(said)


def test_hours_and_minutes_are_asked_about_as_well() -> None:
    with pytest.raises(BadCommand) as asked:
        parse("keep 205 until 18h30")

    assert asked.value.suggestions == (
        "keep 205 until 18:30",
        "keep 205 until 18 hours 30 minutes",
    )
    assert [parse(one).text for one in asked.value.suggestions] == [
        "keep 205 until 18:30",
        "keep 205 1110m",
    ]


@pytest.mark.parametrize("typed", ["keep 205 18h", "keep 205 until 4h", "subscribe 205 until 24h"])
def test_hours_that_can_only_be_a_span_are_one(typed: str) -> None:
    assert parse(parse(typed).text) == parse(typed)


#: What is typed behind `digest here` or `quiet me`, and the sentence that it is.
DAILY = {
    "digest here at 24:00": "digest here at 00:00",
    "digest here at midnight": "digest here at 00:00",
    "digest here at noon": "digest here at 12:00",
    "digest me at 6:30 pm weekdays": "digest me at 18:30 weekdays",
    "digest me 上午9点": "digest me at 09:00",
    "quiet me 10 pm - 8 am": "quiet me 22:00-08:00",
    "quiet me midnight to 8": "quiet me 00:00-08:00",
    "quiet here 晚上10点到早上8点": "quiet here 22:00-08:00",
    "quiet here 夜里10点到夜里2点": "quiet here 22:00-02:00",
    "quiet here 半夜11点到凌晨5点": "quiet here 23:00-05:00",
    "digest me 晚上1点": "digest me at 01:00",
    "quiet here 24:00-08:00": "quiet here 00:00-08:00",
    "settings quiet 10 p.m.-8 a.m.": "settings quiet 22:00-08:00",
    "settings digest noon": "settings digest at 12:00",
}


@pytest.mark.parametrize("typed", DAILY)
def test_a_time_that_comes_each_day_is_read_as_any_other(typed: str) -> None:
    assert parse(typed).text.replace('"', "") == DAILY[typed]


def test_quiet_hours_of_a_whole_day_are_met_with_what_to_do() -> None:
    with pytest.raises(BadCommand, match="whole day") as refused:
        parse("quiet here 00:00-24:00")

    assert "snooze here 2d" in str(refused.value.hint)
    assert is_sentence("snooze here 2d")


@pytest.mark.parametrize(
    ("zone", "now", "said", "is_over"),
    [
        ("Asia/Shanghai", "2026-03-24T14:17", "18:00", True),
        ("Asia/Shanghai", "2026-03-24T14:17", "23:00", False),
        ("Asia/Shanghai", "2026-03-24T14:17", "24:00", False),
        ("Asia/Shanghai", "2026-03-24T14:17", "0:00", False),
        # The clocks are put forward over it, from 23:00 to 0:00.
        ("America/Nuuk", "2026-03-28T20:00", "23:30", False),
        ("America/Nuuk", "2026-03-28T20:00", "17:30", True),
    ],
)
def test_a_time_is_over_today_if_today_had_it(
    zone: str, now: str, said: str, is_over: bool
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert is_over_today(said, at, ZoneInfo(zone)) is is_over
