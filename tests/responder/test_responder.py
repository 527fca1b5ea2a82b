"""A sentence becomes a reply: every kind of command, and every kind of error."""

import os
import random
import re
import sys
from dataclasses import replace

import pytest

from bot.catalog import Catalog
from bot.core.cards.card import Action, Card, Person, Picker, SearchBox
from bot.core.cards.reply import Audience, Renewal
from bot.core.eager_tasks import begin
from bot.core.errors import (
    BotError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.job import JobId
from bot.core.listing import by_urgency
from bot.responder.responder import Responder
from tests.fakes import FakeSource, FakeStore, ManualClock
from tests.make import ANA, HOSTILE_TEXTS, OURS, TEAM, a_job, a_request, line_words
from tests.responder_fakes import SETTINGS, a_responder, buttons, ports_in_memory
from tests.watch_fakes import FakeCards

EXAMPLES = int(os.environ.get("VISJOB_FUZZ_EXAMPLES", "500"))
JOBS = [
    a_job(205),
    a_job(231, name="resnet-sweep", service_url="https://evil.example/"),
    a_job(812, name="197"),
    a_job(197, 7, name="apiTest-11"),
    a_job(193, 11, name="vit-satellite"),
    a_job(666, name=HOSTILE_TEXTS[0], description=HOSTILE_TEXTS[0]),
]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def source(clock: ManualClock) -> FakeSource:
    return FakeSource(JOBS, clock=clock)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
async def catalog(source: FakeSource, clock: ManualClock) -> Catalog:
    made = Catalog(source, clock=clock)
    await made.sweep(OURS)
    return made


@pytest.fixture
def cards() -> FakeCards:
    return FakeCards()


@pytest.fixture
def responder(
    catalog: Catalog, source: FakeSource, store: FakeStore, clock: ManualClock, cards: FakeCards
) -> Responder:
    ports = replace(ports_in_memory(clock), cards=cards)
    settings = replace(SETTINGS, slash_command="/tb")
    return a_responder(catalog, source, clock, ports, store=store, settings=settings)


async def ask(responder: Responder, text: str) -> Card:
    return (await responder.respond(a_request(text))).card


async def test_a_job_is_answered_with_its_card(responder: Responder) -> None:
    card = await ask(responder, "205")

    assert str(card.summary) == (
        "flowers-tb has been running for 2 h 14 min. TensorBoard is open. "
        "Job 205, JOBSTAT_RUNNING, as of 14:17 UTC."
    )
    assert buttons(card) == {
        "Open TensorBoard": "205",
        "Refresh": "205",
        "Subscribe": "subscribe 205",
        "Share here": "205 share",
        "Show what was posted": "why 205",
        "History": "history 205",
        "Details": "details 205",
    }


async def test_answers_are_for_the_asker_unless_shared(responder: Responder) -> None:
    for sentence in ("205", "list", "status"):
        alone = await responder.respond(a_request(sentence))
        shared = await responder.respond(a_request(f"{sentence} share"))

        assert (alone.audience, shared.audience) == (Audience.ASKER, Audience.CHANNEL)


async def test_a_question_back_is_never_shared(responder: Responder) -> None:
    for sentence in ("197 share", "nothing share", "999 share", "-1 share"):
        assert (await responder.respond(a_request(sentence))).audience is Audience.ASKER


async def test_a_private_card_names_the_owner_and_a_new_public_one_calls_nobody(
    responder: Responder,
) -> None:
    await ask(responder, "claim 205")

    private, shared = await ask(responder, "205"), await ask(responder, "205 share")

    assert "Its owner is somebody." in str(private.summary)
    assert repr(Person(ANA)) in repr(private.notes)
    assert "owner" not in str(shared.summary)
    assert repr(Person(ANA)) not in repr(shared)


async def test_a_shared_card_offers_no_second_sharing(responder: Responder) -> None:
    assert "Share here" not in buttons(await ask(responder, "205 share"))


async def test_a_link_to_a_strange_host_is_not_offered_and_the_card_says_so(
    responder: Responder,
) -> None:
    card = await ask(responder, "231")

    assert "Its TensorBoard link is not offered." in str(card.summary)
    assert not any(isinstance(c, Action) and c.url for c in card.controls)
    assert "link not offered, see Details" in line_words(card.notes[0])
    details = str((await ask(responder, "details 231")).summary)
    assert "its host is not in VISJOB_LINK_HOSTS" in str(details)


async def test_a_job_found_by_its_name_is_refreshed_by_its_id(responder: Responder) -> None:
    assert buttons(await ask(responder, "flowers"))["Refresh"] == "205"
    assert buttons(await ask(responder, "name:197"))["Refresh"] == "812"


async def test_a_job_whose_digits_are_a_name_too_is_refreshed_without_asking_again(
    responder: Responder,
) -> None:
    card = await ask(responder, "id:197")

    assert buttons(card)["Refresh"] == "id:197"


async def test_the_last_job_is_remembered_per_person(responder: Responder) -> None:
    await ask(responder, "197 share")  # the answer to this is a question
    await ask(responder, "205")
    ben = await responder.respond(a_request("last", user_id="U0BEN00001"))

    assert "Job 205" in str((await ask(responder, "last")).summary)
    assert "haven't asked me for a job yet" in str(ben.card.summary)


async def test_a_list_counts_by_phase_and_offers_each_job(responder: Responder) -> None:
    card = await ask(responder, "list")

    assert str(card.summary).startswith("6 jobs: 4 running, 1 queued, 1 failed.")
    (picker,) = [c for c in card.controls if isinstance(c, Picker)]
    offered = [choice.command.text for choice in picker.choices]
    assert offered == [f"id:{job.id}" for job in by_urgency(JOBS)]
    assert offered[-1] == "id:193"


@pytest.mark.parametrize("typed", ["list", "list running", "ls flowers"])
async def test_a_list_in_an_outage_is_the_last_one_and_says_its_time(
    responder: Responder, source: FakeSource, typed: str
) -> None:
    await ask(responder, "list")
    source.error = SourceUnavailable("ModelArts is away.")

    card = await ask(responder, typed)

    warning, last, headline, *rows = map(line_words, card.lines)
    assert warning == "⚠️ ModelArts is away."
    assert last == "This is the last list, of 2026-03-24 14:17 UTC."
    assert str(card.summary).count("2026-03-24 14:17 UTC") == 1
    assert [note for note in card.notes if "as of" in line_words(note)] == []
    assert "flowers-tb" in "".join(rows)
    assert "⚠️" not in "".join((headline, *rows))
    assert buttons(card)["Try again"] == typed.replace("ls", "list")


@pytest.mark.parametrize(("typed", "offered"), [("unsubscribe", "subscriptions"), ("why", "list")])
async def test_a_command_without_a_job_offers_where_to_find_one(
    responder: Responder, typed: str, offered: str
) -> None:
    card = await ask(responder, typed)

    labels = [one.command.text for one in card.controls if isinstance(one, Action)]
    assert labels[0].split()[0] == offered


async def test_a_list_of_nothing_says_so_and_offers_no_empty_picker(responder: Responder) -> None:
    card = await ask(responder, "list finished flowers")

    assert str(card.summary) == "No finished job has “flowers” in its name or description."
    assert not any(isinstance(c, Picker) for c in card.controls)


async def test_a_long_list_is_cut_and_says_how_many_more(
    responder: Responder, source: FakeSource
) -> None:
    source.jobs = [a_job(n, name=f"job-{n}") for n in range(1, 141)]

    card = await ask(responder, "list")

    assert len(card.lines) == 22
    assert "120 more jobs" in line_words(card.lines[-1])
    (picker,) = [c for c in card.controls if isinstance(c, Picker)]
    assert len(picker.choices) == 100


async def test_find_needs_no_read_where_the_jobs_are_known(
    responder: Responder, source: FakeSource
) -> None:
    card = await ask(responder, "find sweep")

    assert str(card.summary) == "1 job has “sweep” in its name or description."
    assert any(isinstance(c, SearchBox) for c in card.controls)
    assert (source.sweeps, source.gets) == (1, [])


async def test_typeahead_never_asks_the_cloud(responder: Responder, source: FakeSource) -> None:
    source.error = SourceUnavailable("ModelArts did not answer.")

    assert [choice.command.text for choice in responder.suggest(TEAM, "SWEEP")] == ["id:231"]
    assert responder.suggest(TEAM, "no such text") == ()
    sections = await responder.home(TEAM, ANA, 1)

    assert [str(section[0].title) for section in sections] == [
        "Running now", "What you follow", "Failed", "Snoozed and quiet", "Is the bot well?",
    ]  # fmt: skip
    assert source.sweeps == 1


async def test_status_tells_each_check(responder: Responder) -> None:
    assert str((await ask(responder, "status")).summary) == (
        "All is well. cloud: last good read 3 s ago, 2 jobs known."
    )


async def test_help_names_the_command_of_this_installation(responder: Responder) -> None:
    card = await ask(responder, "")

    assert "/tb 205" in str(card.summary)
    assert "/visjob" not in str(card)


async def test_help_for_one_verb_tells_of_that_verb_only(responder: Responder) -> None:
    card = await ask(responder, "help find")

    assert "/tb find flowers" in str(card.summary)
    assert "/tb status" not in str(card.summary)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="older tasks begin later")
@pytest.mark.parametrize("sentence", ["205", "flowers-tb", "help"])
async def test_an_answer_from_what_is_known_is_ready_at_once(
    responder: Responder, sentence: str
) -> None:
    assert begin(responder.respond(a_request(sentence))).done()


TROUBLES: list[BotError] = [
    SourceRefused("Refused.", code="ModelArts.0104", vendor_text="too long", hint="Shorten it."),
    LoginRefused("Locked.", code="APIG.0301", vendor_text="AK access failed to reach the limit"),
    SourceUnavailable("No answer.", hint="It is tried again."),
]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("sentence", ["205", "id:205", "list", "zzz", "name:zzz"])
async def test_trouble_is_told_in_the_clouds_own_words_and_offers_to_try_again(
    responder: Responder, source: FakeSource, error: BotError, sentence: str
) -> None:
    source.error = error

    card = await ask(responder, sentence)

    for words in (str(error), error.code, error.vendor_text, str(error.hint)):
        assert words in str(card.summary)
    assert str(card.quote) == error.vendor_text
    assert buttons(card)["Try again"] == sentence
    assert str(card.summary).count("2026-03-24 14:17 UTC") == 1


@pytest.mark.parametrize("sentence", ["205", "id:205", "stop 205", "restart 205"])
async def test_trouble_shows_what_was_last_confirmed(
    responder: Responder, source: FakeSource, sentence: str
) -> None:
    source.error = TROUBLES[2]

    card = await ask(responder, sentence)

    warning = "Not confirmed since 2026-03-24 14:17 UTC; last seen running"
    assert line_words(card.lines[0]) == f"⚠️ flowers-tb (205)  ·  {warning}"
    assert "2 h 14 min" not in str(card.summary)


async def test_an_unknown_job_is_no_trouble_of_the_cloud(responder: Responder) -> None:
    card = await ask(responder, "999")

    assert "since" not in str(card.summary)
    assert "ModelArts knows no job" in str(card.summary)


async def test_a_database_that_is_gone_spoils_only_last(
    responder: Responder, store: FakeStore
) -> None:
    store.error = StoreUnavailable("Nothing answers at db7, port 5432.", hint="Ask db7's owner.")

    spoilt = await ask(responder, "last")
    assert "My database does not answer." in str(spoilt.summary)
    assert "db7" not in str(spoilt)
    assert "Job 205" in str((await ask(responder, "205")).summary)


async def test_a_bug_is_not_taken_for_an_answer(responder: Responder, source: FakeSource) -> None:
    async def broken(job_id: JobId) -> object:
        raise ZeroDivisionError(job_id)

    source.get = broken  # type: ignore[assignment, method-assign]  # a bug on purpose

    with pytest.raises(ZeroDivisionError):
        await ask(responder, "205")


SNIPPETS = (
    "205", "197", "999", "id:205", "id:1", "name:197", "name:zzz", "flow", "share", "list", "ls",
    "find", "status", "help", "last", "running", "failed", '"', "“", "../", "%2e", "//host", "?",
    "-205", "٢٠٥", "9" * 19, "9" * 400, "https://a/205/", "<@U1>", "<!channel>", "`", "\x00",
    "subscribe", "unsubscribe", "why", "subscriptions", "for", "in", "dm", "until", "4h", "flow*",
    "\u202e", "\ud800", "lst", "statsu", "flowrs-tb", "apiTest", "\n", "0", "0205",
)  # fmt: skip


@pytest.mark.timeout(900)  # allows for more examples
@pytest.mark.slow
async def test_any_heap_of_words_is_answered_and_reads_only_what_is_there(
    responder: Responder, source: FakeSource
) -> None:
    choose = random.Random(666)  # noqa: S311 - repeatable, not secret
    known = {job.id for job in JOBS}
    for _ in range(EXAMPLES):
        glue = choose.choice((" ", " ", ""))
        size = choose.choice((1, 1, 2, 2, 3, 5))
        text = glue.join(choose.choice(SNIPPETS) for _ in range(size))
        source.gets.clear()
        reply = await responder.respond(a_request(text))
        assert str(reply.card.summary)
        assert reply.card.lines
        stray = [n for n in source.gets if n not in known and not re.search(rf"0*{n}\b", text)]
        assert stray == [], text


async def test_who_asks_is_who_is_remembered(
    responder: Responder, catalog: Catalog, store: FakeStore
) -> None:
    del catalog
    await ask(responder, "205")

    assert store.asked == {}, "written later, by the recall's own duty"
    assert "Job 205" in str((await responder.respond(a_request("last", team_id=TEAM))).card.summary)
    other = await responder.respond(a_request("last", user_id=ANA, team_id="T2"))
    assert "Job 205" not in str(other.card.summary)


@pytest.mark.parametrize("renewal", Renewal)
async def test_what_becomes_of_a_clicked_message_is_the_caretakers_word(
    responder: Responder, cards: FakeCards, renewal: Renewal
) -> None:
    cards.renewal = renewal
    clicked = replace(a_request("205"), clicked_ts="1774361825.000100")

    reply = await responder.respond(clicked)

    assert reply.renewal is renewal
    [(card, job)] = cards.asked
    assert (card.channel_id, card.ts) == (clicked.channel_id, clicked.clicked_ts)
    assert job
    assert job.id == 205
    await responder.respond(a_request("205"))
    assert len(cards.asked) == 1


async def test_a_clicked_card_without_a_job_is_asked_about_too(
    responder: Responder, cards: FakeCards
) -> None:
    await responder.respond(replace(a_request("999"), clicked_ts="1774361825.000100"))

    assert [job for _, job in cards.asked] == [None]
