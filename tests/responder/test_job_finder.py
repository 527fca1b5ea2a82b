"""The job of a sentence: by id, name, beginning or memory; and the question if it is unclear."""

import pytest

from bot.catalog import Catalog
from bot.core.cards.card import Action, Card, Picker
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.errors import BadCommand, JobNotFound, SourceUnavailable
from bot.core.job import JobId, Phase, VisualizationJob
from bot.responder.job_finder import JobFinder
from bot.responder.job_matching import containing, listed
from bot.responder.last_asked import LastAsked
from tests.fakes import FakeSource, FakeStore, ManualClock
from tests.make import OURS, a_job, a_request

JOBS = [
    a_job(205, name="flowers-tb"),
    a_job(240, name="bert-finetune"),
    a_job(241, name="bert-base", description="Flowers of speech"),
    a_job(812, name="197"),
    a_job(197, 7, name="apiTest-11"),
    a_job(300, name="twin"),
    a_job(301, name="twin"),
    a_job(310, name="Case"),
    a_job(311, name="case"),
    a_job(320, name="run-a"),
    a_job(321, name="run-b"),
    a_job(322, name="run-c"),
    a_job(330, 11, name=""),
]


@pytest.fixture
def source() -> FakeSource:
    return FakeSource(JOBS)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
async def finder(source: FakeSource, store: FakeStore) -> JobFinder:
    catalog = Catalog(source, clock=ManualClock())
    await catalog.sweep(OURS)
    return JobFinder(catalog, LastAsked(store))


async def find(finder: JobFinder, sentence: str) -> VisualizationJob | Card:
    command = parse(sentence)
    assert isinstance(command, Show | Subscribe)
    return await finder.find(command, a_request(sentence))


def offered(card: VisualizationJob | Card) -> list[tuple[str, str]]:
    """Return what a person can press or pick on a card: label and sentence."""
    assert isinstance(card, Card)
    found = []
    for control in card.controls:
        if isinstance(control, Action):
            found.append((str(control.label), control.command.text))
        elif isinstance(control, Picker):
            found += [(str(choice.label), choice.command.text) for choice in control.choices]
    return found


@pytest.mark.parametrize(
    ("sentence", "job_id"),
    [
        ("205", 205),
        ("0205", 205),
        ("id:197", 197),
        ("name:197", 812),
        ("flowers-tb", 205),
        ("FLOWERS-TB", 205),
        ("flow", 205),
        ("bert-b", 241),
        ("case", 311),
        ("Case", 310),
        ("https://console.huaweicloud.com/tensorboard/p/197/", 197),
    ],
)
async def test_one_job_is_meant_and_read_anew(
    finder: JobFinder, source: FakeSource, sentence: str, job_id: int
) -> None:
    found = await find(finder, sentence)

    assert isinstance(found, VisualizationJob)
    assert found.id == job_id
    assert source.gets == [job_id]


@pytest.mark.parametrize(
    ("sentence", "job_id"),
    [
        ("_flowers-tb_", 205),
        ("flowers–tb", 205),
        ("‘run’-a", None),
        ("_new_", 500),
        ("_old_", 501),
        ("new", 502),
        ("“name:a–b”", 503),
        ("name:a—b", 504),
        ('"a–b"', 503),
        ("name:„x“", None),
        ('"plain"', 505),
    ],
)
async def test_a_job_that_is_named_just_so_comes_before_the_word_without_its_decoration(
    finder: JobFinder, source: FakeSource, sentence: str, job_id: int | None
) -> None:
    named = ("_new_", "_old_", "new", "a–b", "a-b", "pla​in")
    source.jobs += [a_job(500 + number, name=name) for number, name in enumerate(named)]
    await finder._catalog.sweep(OURS)

    try:
        found = await find(finder, sentence)
    except BadCommand:
        found = None

    assert (found.id if isinstance(found, VisualizationJob) else None) == job_id


async def test_digits_that_are_an_id_and_a_name_are_asked_about(finder: JobFinder) -> None:
    card = await find(finder, "197 share")

    assert isinstance(card, Card)
    assert str(card.summary) == "197 is a job id, and also the name of job 812. Which one?"
    assert offered(card) == [("id 197", "id:197 share"), ("name 197", "id:812 share")]


async def test_digits_that_are_no_id_may_be_a_name(finder: JobFinder) -> None:
    found = await find(finder, '"197"')
    assert isinstance(found, Card)

    source = FakeSource([a_job(812, name="999")])
    only_named = JobFinder(Catalog(source, clock=ManualClock()), LastAsked(FakeStore()))
    found = await find(only_named, "999")

    assert isinstance(found, VisualizationJob)
    assert found.id == 812


async def test_two_jobs_of_one_name_are_told_apart_by_their_ids(finder: JobFinder) -> None:
    card = await find(finder, "twin")

    assert offered(card) == [("twin (300)", "id:300"), ("twin (301)", "id:301")]


async def test_two_beginnings_are_told_apart_by_name_and_id(finder: JobFinder) -> None:
    card = await find(finder, "BERT")

    assert isinstance(card, Card)
    assert str(card.summary) == "2 jobs match `BERT`. Which one?"
    assert offered(card) == [
        ("bert-finetune (240)", "id:240"),
        ("bert-base (241)", "id:241"),
    ]


async def test_three_hits_or_more_are_picked_from_a_list(finder: JobFinder) -> None:
    card = await find(finder, "run share")

    assert isinstance(card, Card)
    assert isinstance(card.controls[0], Picker)
    assert offered(card) == [
        (f"🟢 run-{letter} ({n})", f"id:{n} share")
        for letter, n in zip("abc", (320, 321, 322), strict=True)
    ]


async def test_an_unknown_id_is_told_once_with_no_wild_guess(
    finder: JobFinder,
) -> None:
    card = await find(finder, "999")

    assert isinstance(card, Card)
    assert "ModelArts.0102" in str(card.summary)
    assert str(card.quote) == ""
    assert offered(card) == [("List all", "list"), ("Help", "help")]


async def test_an_unknown_name_is_met_with_the_nearest(finder: JobFinder) -> None:
    card = await find(finder, "name:flowers-bt")

    assert isinstance(card, Card)
    assert str(card.summary).startswith("No job is named `flowers-bt`.")
    assert offered(card)[0] == ("flowers-tb (205)", "id:205")


async def test_a_mistyped_verb_is_met_with_the_verb(finder: JobFinder) -> None:
    card = await find(finder, "statsu")

    assert offered(card) == [("status", "status"), ("Help", "help")]


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ("helo", ["help"]),
        ("halp", ["help"]),
        ("sub", ["subscribe", "subscriptions here", "help"]),
        ("stat", ["status", "help"]),
    ],
)
async def test_a_word_like_a_verb_has_one_button_for_each_sentence(
    finder: JobFinder, typed: str, sentences: list[str]
) -> None:
    card = await find(finder, typed)

    assert [sentence for _, sentence in offered(card)] == sentences


async def test_who_subscribes_to_all_is_offered_the_project(finder: JobFinder) -> None:
    card = await find(finder, "subscribe all for failed")

    assert offered(card) == [
        ("subscribe project for failed", "subscribe project for failed"),
        ("Help", "help"),
    ]


async def test_a_mistyped_name_is_met_with_the_job(finder: JobFinder) -> None:
    card = await find(finder, "flowrs-tb share")

    assert offered(card) == [("flowers-tb share", "flowers-tb share"), ("Help", "help")]


@pytest.mark.parametrize("name", ["flowers tb", 'flowers"tb', "flowers<tb>"])
async def test_a_near_name_that_nobody_can_type_is_offered_by_its_id(name: str) -> None:
    catalog = Catalog(FakeSource([a_job(7, name=name)]), clock=ManualClock())
    finder = JobFinder(catalog, LastAsked(FakeStore()))

    assert offered(await find(finder, "flowers-tb-2"))[0] == ("Show 7", "id:7")


async def test_nothing_near_offers_ways_to_look(finder: JobFinder) -> None:
    offers = [("Find…", "find"), ("List all", "list"), ("Help", "help")]

    assert offered(await find(finder, "qqqqq")) == offers


async def test_a_name_that_the_index_does_not_know_is_looked_for_anew(
    finder: JobFinder, source: FakeSource
) -> None:
    source.jobs.append(a_job(400, name="brand-new"))

    found = await find(finder, "brand-new")

    assert isinstance(found, VisualizationJob)
    assert found.id == 400
    assert source.sweeps == 2


async def test_a_known_name_costs_no_sweep(finder: JobFinder, source: FakeSource) -> None:
    await find(finder, "flowers-tb")

    assert source.sweeps == 1


async def test_a_link_or_an_id_is_never_taken_for_a_name(finder: JobFinder) -> None:
    with pytest.raises(JobNotFound):
        await find(finder, "id:999")


async def test_last_is_the_job_that_this_person_asked_for(
    finder: JobFinder, store: FakeStore
) -> None:
    request = a_request("last")
    store.asked[request.team_id, request.user_id] = JobId(240)

    found = await find(finder, "last")

    assert isinstance(found, VisualizationJob)
    assert found.id == 240


async def test_who_asked_for_nothing_yet_is_told_so(finder: JobFinder) -> None:
    with pytest.raises(BadCommand, match=r"^You haven't asked .* so there is no last one\.$"):
        await find(finder, "last")


@pytest.mark.parametrize("sentence", ["205", "id:205", "flowers-tb", "nothing", "name:nothing"])
async def test_a_cloud_that_is_down_is_said_and_not_taken_for_no_such_job(
    finder: JobFinder, source: FakeSource, sentence: str
) -> None:
    source.error = SourceUnavailable("ModelArts did not answer.")

    with pytest.raises(SourceUnavailable):
        await find(finder, sentence)


def test_text_is_looked_for_in_id_name_and_description_whatever_the_case() -> None:
    assert [job.id for job in containing(JOBS, "FLOWERS")] == [205, 241]
    assert [job.id for job in containing(JOBS, "19")] == [812, 197]
    assert containing(JOBS, "") == JOBS


def test_a_list_is_of_one_phase_and_keeps_its_order() -> None:
    assert [job.id for job in listed(JOBS, ListJobs(Phase.QUEUED))] == [197]
    assert [job.id for job in listed(JOBS, ListJobs(Phase.RUNNING, "bert"))] == [240, 241]
    assert listed(JOBS, ListJobs()) == JOBS
