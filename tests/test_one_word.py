"""All texts for people use one word for one thing: for acts and states, lengths of time, `keep`."""

import re

import pytest

pytest.importorskip("babel", reason="Babel is not installed")

from tests import catalogues

# Labels for screen readers that the specification prescribes, with their counterparts.
_SPOKEN = {
    "Follow {name} here",
    "Follow {name} by direct message",
    "Stop following {name} here",
    "Stop following {name} by direct message",
}
# A place *follows* a job; what people do is to subscribe and to unsubscribe.
_ACT = re.compile(
    r"^(?:stop |end )?follow(?:ing)?\b(?! has)|\b(?:to|shall i|can|or|and) follow\b"
    r"|\blet (?:\S+ ){1,3}follow\b|\b(?:start|stop|end) following\b",
    re.IGNORECASE,
)
# Other meanings: keys of a file, HTTP redirects, and words that come after others.
_OTHER = re.compile(r"`follow`|may follow|can follow|redirect|Nothing says what to follow|file can")


def english() -> set[str]:
    return {
        message for _, call in catalogues.sentence_calls() for message in catalogues.messages(call)
    }


def test_what_people_do_is_to_subscribe() -> None:
    acts = {one for one in english() if _ACT.search(one) and not _OTHER.search(one)}

    assert acts == _SPOKEN


@pytest.mark.parametrize(
    ("sentence", "is_act"),
    [
        ("Follow a job…", True),
        ("Which job shall I follow here?", True),
        ("Stop following {targets}?", True),
        ("Search for the job that you want to follow.", True),
        ("End some, or follow many jobs by one pattern.", True),
        ("let another channel follow it", True),
        ("{place} no longer follows {targets}.", False),
        ("Following has ended.", False),
        ("followed by {people}", False),
        ("Nobody follows it.", False),
    ],
)
def test_the_act_is_told_from_the_state(sentence: str, *, is_act: bool) -> None:
    assert bool(_ACT.search(sentence)) is is_act


#: Lengths with a unit of their own: the specification prescribes them, or they are a limit of a
#: setting in its own unit, or a part of the one function that writes lengths.
_LENGTHS = {
    "bot/core/cards/wording.py": {
        "{seconds} s", "{minutes} min", "{hours} h", "{hours} h {minutes} min", "{days} d",
        "{days} d {hours} h",
    },
    "sentences on buttons": {"{count}h", "{count}d"},
    "buttons": {"Keep {hours} h", "Keep {name} for {hours} h", "Snooze 4 h here"},
    "a restart": {
        "Following has ended. It resumes if the job restarts within {hours} h.",
        "following has ended; it resumes if the job restarts within {hours} h",
    },
    "the last day": {
        "Last 24 h",
        "{name} ran {span} in the last 24 h.",
        "{name} was not seen running in the last 24 h.",
        "Nothing failed in the last 24 h.",
        "Nothing else failed in the last 24 h.",
        "{count} job failed in the last 24 h.",
        "{count} jobs failed in the last 24 h.",
        "{count} other job failed in the last 24 h.",
        "{count} other jobs failed in the last 24 h.",
        "{count} job of yours failed in the last 24 h.",
        "{count} jobs of yours failed in the last 24 h.",
        "{open} and {sent} of the last 24 h are looked for in Slack; nothing is posted before it"
        " was looked for.",
    },
    "seconds and minutes of settings": {
        "{name} is {seconds} s",
        "more than {seconds} s, 1.5 times {name}",
        "no answer within {seconds} s",
        "I got no answer within {seconds} s from {database}.",
        "{service} did not answer within {count} s.",
        "Stop that one first. If it was killed, wait {seconds} s.",
    },
}  # fmt: skip
_CODE = re.compile("`[^`]*`")
_UNIT = re.compile(r"[0-9}]\u00a0?\s?(?:s|min|h|d)\b")


def test_lengths_are_written_in_one_place() -> None:
    fixed = {sentence for sentences in _LENGTHS.values() for sentence in sentences}
    found = {one.replace("\u00a0", " ") for one in english() if _UNIT.search(_CODE.sub("", one))}

    assert {one for one in found - fixed if "I try again every {minutes} min" not in one} == set()
    assert fixed - found == set()


def chinese() -> dict[str, str]:
    found = {}
    for _, catalogue in catalogues.catalogues():
        for message in catalogue:
            [*_, source] = [message.id] if isinstance(message.id, str) else message.id
            [*_, target] = (
                [message.string] if isinstance(message.string, str) else message.string or [""]
            )
            found[source] = target
    return found


def test_in_chinese_a_job_goes_on_running_and_a_record_is_kept() -> None:
    kept = {source for source, target in chinese().items() if "保留" in target}

    assert {one for one in kept if not re.search("log files stay|What I saw before", one)} == set()


@pytest.mark.parametrize("word", ["应答", "回应", "答复"])
def test_in_chinese_an_answer_of_a_service_has_one_name(word: str) -> None:
    services = re.compile(r"ModelArts|Slack|answer", re.IGNORECASE)

    assert [
        one for one, target in chinese().items() if word in target and services.search(one)
    ] == []
