"""Sentences in people's own words, and the words about jobs, in the running bot."""

import pytest

from bot.demo.workspace.cast import EXPERIMENTS
from tests.story.test_direct_messages import write
from tests.world import World, said


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("/visjob hello", "For example: `/visjob list running`: what is running now."),
        ("/visjob hi there", "For example: `/visjob list running`: what is running now."),
        ("/visjob thanks", "You're welcome."),
        ("/visjob 你好", "For example: `/visjob list running`: what is running now."),
        ("/visjob what runs?", "running jobs."),
        ("/visjob what is running", "running jobs."),
        ("/visjob 在跑什么？", "running jobs."),
        ("/visjob 哪些作业失败了", "failed jobs, 1 lost."),
        ("@visjob hello", "For example: `/visjob list running`: what is running now."),
        ("@visjob what runs?", "running jobs."),
        ("@visjob 在跑什么", "running jobs."),
    ],
)
async def test_a_hello_and_a_plain_question_get_an_answer_that_helps(
    world: World, typed: str, answered: str
) -> None:
    assert answered in (await world.type(typed))["text"]


async def test_in_the_messages_tab_a_hello_gets_one_answer_and_thanks_get_one_too(
    world: World,
) -> None:
    assert len(await write(world, "hello")) == 1
    for text in ("hello", "早上好"):
        [answer] = await write(world, text)
        assert "For example: `list running`" in answer
    for text in ("thanks", "谢谢", "thank you very much!"):
        assert await write(world, text) == ["You're welcome."]
    assert (await world.type("/visjob thanks"))["text"] == "You're welcome."
    for text, words in {"what is running?": "running jobs.", "有失败的吗": "failed jobs"}.items():
        [answer] = await write(world, text)
        assert words in answer
    assert await write(world, "ok") == []


@pytest.mark.parametrize("number", ["1e9", "0x1F", "1_000", "3.14", "id:1e9", "1,000"])
@pytest.mark.parametrize("verb", ["", "why ", "history ", "stop "])
async def test_a_number_that_is_no_id_is_told_so_and_gets_no_invented_one(
    world: World, verb: str, number: str
) -> None:
    answer = await world.type(f"/visjob {verb}{number}")

    assert "ids are whole numbers, such as 205." in answer["text"]
    assert "Did you mean" not in answer["text"]
    assert '"value": "list"' in said(answer)


@pytest.mark.parametrize(
    "sentence",
    [
        "details 231", "why 231", "history 231", "cost 231", "subscribe 231", "unsubscribe 231",
        "stop 231", "keep 231 4h", "claim 231", "disclaim 231", "snooze 231 4h", "wake 231",
        "subscribe 231 preview", "why resnet-sweep",
    ],
)  # fmt: skip
async def test_any_sentence_about_one_job_makes_it_the_last_one(
    world: World, sentence: str
) -> None:
    await world.type("/visjob 205")
    await world.workspace.type(EXPERIMENTS, f"/visjob {sentence}")

    assert "Job 231" in (await world.type("/visjob last"))["text"]


@pytest.mark.parametrize("sentence", ["list", "subscribe flow*", "cost project", "why nobody"])
async def test_a_sentence_about_several_jobs_leaves_the_last_one(
    world: World, sentence: str
) -> None:
    await world.type("/visjob 231")
    await world.type(f"/visjob {sentence}")

    assert "Job 231" in (await world.type("/visjob last"))["text"]


async def test_why_soon_after_subscribing_says_how_the_job_stands_and_what_comes(
    world: World,
) -> None:
    await world.type("/visjob subscribe 205")

    text = (await world.type("/visjob why 205"))["text"]

    assert "flowers-tb (205) has been running for" in text
    assert "nothing has changed since then. I look again in" in text
    assert "post here what has changed." in text
    assert "gets every change of state." in text
    assert "No change of it was seen" not in text


@pytest.mark.slow
async def test_lost_jobs_are_counted_by_themselves(world: World) -> None:
    text = (await world.type("/visjob list"))["text"]

    assert ", 1 lost" in text.partition(".")[0]
    assert "1 job was lost." in said(await world.home())
    assert "Did you mean `list failed`?" in (await world.type("/visjob list lost"))["text"]


#: A text that cannot be the id of a job, and the words of the answer.
NO_ID = {
    "0": "`0` is not a job id.",
    "000": "`000` is not a job id.",
    "id:0": "`0` is not a job id.",
    "job 0": "`0` is not a job id.",
    "https://console.huaweicloud.com/tensorboard/p/0/": "`0` is not a job id.",
    "-5": "`-5` is not a job id.",
    "9223372036854775807": "Illegal job id: 9223372036854775807",
    "9223372036854775808": "is too large for a job id: it has 19 digits.",
    "1234567890" * 4: "is too large for a job id: it has 40 digits.",
}
WITH_A_JOB = (
    "{job}", "stop {job}", "why {job}", "history {job}", "cost {job}", "details {job}",
    "subscribe {job}", "unsubscribe {job}", "keep {job} 4h", "snooze {job} 4h",
)  # fmt: skip


@pytest.mark.parametrize("job", NO_ID)
async def test_an_id_that_cannot_be_is_told_so_and_the_cloud_stays_well(
    world: World, job: str
) -> None:
    is_refused_there = job == "9223372036854775807"
    for sentence in WITH_A_JOB[:2] if is_refused_there else WITH_A_JOB:
        answer = await world.type(f"/visjob {sentence.format(job=job)}")

        assert NO_ID[job] in answer["text"]
        assert "No good answer" not in said(answer)

    assert (await world.type("/visjob status"))["text"].startswith("All is well.")
