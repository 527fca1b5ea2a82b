"""`snooze`, `wake`, `quiet` and `digest`: what may be typed, in which spelling; what is refused."""

import pytest

from bot.core.commands.grammar import parse
from bot.core.commands.mentions.mention import SELF, parse_mention
from bot.core.commands.times.day_times import digest_of, digest_text, quiet_hours_of, quiet_text
from bot.core.errors import BadCommand
from bot.core.place_rules import Digest, QuietHours


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("snooze 205 4h", "snooze 205 4h"),
        ("mute 205 4h", "snooze 205 4h"),
        ("snooze job 205 for 30M", "snooze 205 30m"),
        ("snooze 4h 205", "snooze 205 4h"),
        ("snooze until 18:00 here", "snooze here until 18:00"),
        ("snooze HERE until Monday", "snooze here until monday"),
        ("snooze me tomorrow", "snooze me until tomorrow"),
        ("snooze me until 2d share", "snooze me 2d"),
        ("snooze last 2026-03-24t18:00z", "snooze last until 2026-03-24t18:00z"),
        ("snooze 4h", "snooze 4h"),
        ('snooze "here" 4h', 'snooze "here" 4h'),
        ('snooze "Me" 4h', 'snooze "Me" 4h'),
        ("snooze name:me 4h", "snooze name:me 4h"),
        ("wake 205", "wake 205"),
        ("wake Here", "wake here"),
        ("wake me", "wake me"),
        ("wake", "wake"),
        ("wake here in #C0EXP00001", "wake here in #C0EXP00001"),
        ("wake 205 in #c0exp00001", "wake 205 in #C0EXP00001"),
        ('wake "me"', 'wake "me"'),
        ("quiet here 22:00-08:00", "quiet here 22:00-08:00"),
        ("quiet 22:00-8:00 here", "quiet here 22:00-08:00"),
        ("quiet here 22:00–08:00", "quiet here 22:00-08:00"),
        ("quiet here 22：00－08：00", "quiet here 22:00-08:00"),
        ("quiet here 22:00 — 08:00", "quiet here 22:00-08:00"),
        ("quiet here 22:00～08:00", "quiet here 22:00-08:00"),
        ("quiet here from 22:00 to 08:00", "quiet here 22:00-08:00"),
        ("quiet me 22-8", "quiet me 22:00-08:00"),
        ("quiet me 10pm-8am", "quiet me 22:00-08:00"),
        ("quiet me 12am-12pm", "quiet me 00:00-12:00"),
        ("quiet me 9:30PM-24:00", "quiet me 21:30-00:00"),
        ("quiet here weekdays 9-17", "quiet here 09:00-17:00 weekdays"),
        (
            "quiet except failures weekdays 22.00-08.00 here",
            "quiet here 22:00-08:00 weekdays except failures",
        ),
        ("quiet here off", "quiet here off"),
        ("quiet here mon-fri 22:00-08:00", "quiet here 22:00-08:00 weekdays"),
        ("digest here at 9 on working days", "digest here at 09:00 weekdays"),
        ("digest here at 9 monday to friday", "digest here at 09:00 weekdays"),
        ("digest in dm at 9", "digest me at 09:00"),
        ("quiet hours here off", "quiet here off"),
        ("digest here at 9 Asia/Shanghai", "digest here at 09:00 in Asia/Shanghai"),
        ("quiet off me", "quiet me off"),
        ("digest here at 09:00", "digest here at 09:00"),
        ("digest here 9", "digest here at 09:00"),
        ("digest here at 9am, weekdays", "digest here at 09:00 weekdays"),
        ("digest on weekdays at 18:30 me", "digest me at 18:30 weekdays"),
        ("digest me OFF", "digest me off"),
        ("digest never here", "digest here never"),
        ("digest me Never", "digest me never"),
        ("quiet here in Asia/Shanghai 22-8", "quiet here 22:00-08:00 in Asia/Shanghai"),
        (
            "quiet me 22-8 weekdays except failures in Etc/GMT+8",
            "quiet me 22:00-08:00 weekdays except failures in Etc/GMT+8",
        ),
        ("quiet here off in UTC", "quiet here off in UTC"),
        (
            "digest in America/Argentina/Ushuaia at 9 me",
            "digest me at 09:00 in America/Argentina/Ushuaia",
        ),
    ],
)
def test_a_sentence_has_one_spelling_and_means_itself(typed: str, text: str) -> None:
    assert parse(typed).text == text
    assert parse(text) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("snooze", "and until when"),
        ("snooze here", "needs to know until when"),
        ("snooze 205 until", "needs to know until when"),
        ("snooze 205 soon", "until `soon`"),
        ("snooze me 0h", "until `0h`"),
        ("snooze 205 367d", "until `367d`"),
        ("snooze 205 until done", "until `done`"),
        ("snooze 205 until 25:00", "until `25:00`"),
        ("snooze 205 231 4h", "takes one job"),
        ("snooze here me 4h", "takes one job"),
        ("wake 205 now", "takes one job"),
        ("quiet", "for whom"),
        ("quiet 22:00-08:00", "for whom"),
        ("quiet here me 22:00-08:00", "only one of `here` and `me`"),
        ("quiet here weekdays", "need two times"),
        ("quiet here 22:00", "only `22:00`"),
        ("quiet here 22:00-", "only `22:00`"),
        ("quiet here 22:00-25:00", "`25:00` is not a time"),
        ("quiet here 22:60-08:00", "`22:60` is not a time"),
        ("quiet here 24:01-08:00", "`24:01` is not a time"),
        ("quiet here 13pm-8am", "`13pm` is not a time"),
        ("quiet here 0am-8am", "`0am` is not a time"),
        ("quiet here 22:00-22:00", "are none"),
        ("quiet here 0:00-24:00", "the whole day"),
        ("quiet me midnight-midnight", "are none"),
        ("quiet here tonight", "`tonight` is not a time"),
        ("quiet here 22:00-08:00 mondays", "but not `mondays`"),
        ("quiet here 22:00-08:00 weekends", "but not `weekends`"),
        ("digest here weekly", "but not `weekly`"),
        ("digest here in the morning", "`morning` is not a time"),
        ("digest here none", "`none` is not a time"),
        ("snooze 205 2h in #C0EXP00001", "holds for the channel in which you type it"),
        ("digest #C0EXP00001 at 9", "holds for the channel in which you type it"),
        ("snooze 205 off", "`wake` ends a snooze"),
        ("quiet here 22:00-08:00 09:00", "`09:00` is one word too many"),
        ("quiet here 22:00-08:00 except", "Only failures"),
        ("quiet here 22:00-08:00 except deleted", "Only failures"),
        ("quiet here 22:00-08:00 off", "`off` is not a time"),
        ("quiet here 22:00-08:00 in Shanghai", "`Shanghai` is not a time zone"),
        ("digest here at 9 in asia/shanghai", "`asia/shanghai` is not a time zone"),
        ("quiet here 22:00-08:00 in", "`in` is not a time"),
        ("digest", "for whom"),
        ("digest at 09:00", "for whom"),
        ("digest here at", "needs the time"),
        ("digest here weekdays", "needs the time"),
        ("digest here at 25:00", "`25:00` is not a time"),
        ("digest here at lunch", "`lunch` is not a time"),
        ("digest here at 09:00 18:00", "`18:00` is one word too many"),
        ("digest here at 09:00-10:00", "`09:00-10:00` is not a time"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(typed: str, says: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert says in str(refused.value)
    assert refused.value.hint
    for suggestion in refused.value.suggestions:
        assert parse(suggestion).text == suggestion


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("quiet 22:00-08:00", "22:00-08:00"),
        ("quiet hours off", "off"),
        ("quiet stop", "off"),
        ("quiet #C0EXP00001 off", "off"),
    ],
)
def test_a_rule_without_a_place_suggests_both(typed: str, rule: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert refused.value.suggestions == (f"quiet here {rule}", f"quiet me {rule}")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("snooze me off", "wake me"),
        ("digest here stop", "digest here off"),
        ("stop keeping 205", "keep 205 off"),
        ("stop the keep of flowers-tb", "keep flowers-tb off"),
    ],
)
def test_an_end_in_other_words_suggests_what_ends_it(typed: str, meant: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert refused.value.suggestions == (meant,)


@pytest.mark.parametrize(
    "typed", ["mute this channel", "mute all messages", "snooze everything 4h"]
)
def test_everything_is_here_or_me(typed: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert refused.value.suggestions == ("snooze here 4h", "snooze me 4h")


@pytest.mark.parametrize("text", ["snooze me 4h", "quiet me 22:00-08:00", "wake me"])
def test_in_a_mention_me_is_whoever_says_it(text: str) -> None:
    found = parse_mention(f"{SELF} please {text}, thanks", names_job=lambda _: False)

    assert found is not None
    assert found.text == text


def test_a_rule_of_a_form_or_a_file_is_read_as_a_typed_one_is() -> None:
    quiet = QuietHours(
        begins_at=22 * 60, ends_at=8 * 60, is_weekdays_only=True, lets_failures_pass=True
    )
    digest = Digest(at=9 * 60 + 5)

    assert quiet_hours_of("weekdays 22-8 except failures") == quiet
    assert quiet_hours_of(quiet_text(quiet)) == quiet
    assert digest_of(" 9:05 ") == digest
    assert digest_of(digest_text(digest)) == digest


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("quiet here 22:00-Eight", "`Eight`"),
        ("quiet here 22:00-08:00 Sundays", "`Sundays`"),
        ("quiet me 22:00", "`22:00`"),
        ("quiet me 13PM-8AM", "`13PM`"),
        ("digest here at Lunch", "`Lunch`"),
        ("digest me at 9AM Mondays", "`Mondays`"),
        ("settings quiet 22:00-Eight", "`Eight`"),
        ("settings language Klingon", "`Klingon`"),
        ("snooze 205 Soon", "`Soon`"),
        ("snooze 205 until 2029-02-30T10:58:03Z", "`2029-02-30T10:58:03Z`"),
        ("keep 205 until Someday", "`Someday`"),
        ("subscribe 205 until 400D", "`400D`"),
        ("subscribe 205 for Failed,Exploded", "`Exploded`"),
        ("subscribe 205 in #General", "`#General`"),
        ("subscribe 205 as Poster", "`as Poster`"),
        ("history 205 3Weeks", "`3Weeks`"),
    ],
)
def test_what_a_person_typed_is_quoted_as_typed(typed: str, quoted: str) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert quoted in str(caught.value.sentence)
