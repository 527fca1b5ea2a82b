"""What is heard in a text that names us; the kinds are told through the bot in test_typing."""

import os
import random

import pytest

from bot.core.acting import JobAction
from bot.core.cards.bot.problem import problem_card
from bot.core.commands.command import Command
from bot.core.commands.mentions.mention import SELF, parse_mention
from bot.core.commands.targets.job_reference import (
    JobByName,
    JobByWord,
    JobNumber,
    LastJob,
    ThisJob,
)
from bot.core.commands.targets.targets import AllTargets
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.status import Status
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.errors import BadCommand
from bot.core.job import Phase
from tests.core.commands.test_grammar import SNIPPETS

EXAMPLES = int(os.environ.get("VISJOB_FUZZ_EXAMPLES", "500"))
JOBS = {"205", "197", "flowers-tb", "thanks"}


def names_job(word: str) -> bool:
    return word.casefold() in JOBS


HEARD: dict[str, Command | None] = {
    "@visjob": Help(),
    "@visjob ??": Help(),
    "@visjob 205 share please": Show(JobNumber("205"), share=True),
    "@visjob please share 205": Show(JobNumber("205")),
    "@visjob flow share": Show(JobByWord("flow"), share=True),
    "@visjob last": Show(LastJob()),
    "@visjob name: x-y": Show(JobByName("x-y")),
    "@visjob why did 205 take 3 hours": Show(JobNumber("205")),
    "@visjob why did flowers-tb crash again?": Why(JobByWord("flowers-tb")),
    "@visjob 999": Show(JobNumber("999")),
    "@visjob thanks": None,
    '@visjob "thanks"': Show(JobByWord("thanks")),
    "@visjob unsubscribe all please": Unsubscribe(job=AllTargets()),
    "@visjob could you please subscribe to flowers-tb for failures, thanks": Subscribe(
        job=JobByWord("flowers-tb"), event_filter="failures"
    ),
    "@visjob subscribe this job for failed": Subscribe(job=ThisJob(), event_filter="failed"),
    "@visjob never unsubscribe 205": Show(JobNumber("205")),
    "@visjob if I unsubscribe 205": Show(JobNumber("205")),
    "@visjob list failed jobs please": ListJobs(Phase.FAILED),
    "@visjob stop 205 please": Act(action=JobAction.STOP, job=JobNumber("205")),
    "@visjob can you help with flowers-tb": Show(JobByWord("flowers-tb")),
    "@visjob why": Why(ThisJob()),
    # Quotes around the whole request, or around what is asked.
    '"@visjob 205"': Show(JobNumber("205")),
    "“@visjob 205”": Show(JobNumber("205")),
    '"@visjob list running"': ListJobs(Phase.RUNNING),
    '@visjob "list running"': ListJobs(Phase.RUNNING),
    '@visjob "205"': Show(JobNumber("205")),
    'she wrote "@visjob 205" yesterday': Show(JobNumber("205")),
    '@visjob list "my text"': ListJobs(None, "my text"),
    # Nods and copies are no questions.
    "cc @visjob": None,
    "cc: @visjob @bob": None,
    "fyi @visjob": None,
    "@visjob ok": None,
    "@visjob got it, thanks": None,
    "@visjob noted!": None,
    "@visjob yes": None,
    "+1 @visjob": None,
    "@visjob 👍🏽": None,
    "@visjob 收到": None,
    "@visjob 好的 谢谢": None,
    "@visjob lgtm": None,
    "is @visjob down?": Status(),
    "@visjob is flow still running?": Show(JobByWord("flow")),
    "@visjob we must not stop 205 before 18:00": Show(JobNumber("205")),
    "@visjob ok 205": Show(JobNumber("205")),
    "@visjob ok list running": ListJobs(Phase.RUNNING),
    # Writing of another kind, or letters, at an id or a name.
    "@visjob 205的状态": Show(JobNumber("205")),
    "@visjob 请看一下205号任务": Show(JobNumber("205")),
    "请问205怎么样了？ @visjob": Show(JobNumber("205")),
    "@visjob flowers-tb的状态": Show(JobByWord("flowers-tb")),
    "@visjob 205번": Show(JobNumber("205")),
    "@visjob статус205": Show(JobNumber("205")),
    "@visjob job205": Show(JobNumber("205")),
    "@visjob 205th": Show(JobNumber("205")),
    "@visjob 999的状态": Show(JobNumber("999")),
    "@visjob job999": Show(JobByWord("job999")),
    "@visjob flow-205": Show(JobByWord("flow-205")),
    # A list in other words.
    "@visjob show me the list of running jobs": ListJobs(Phase.RUNNING),
    "@visjob give me a list of failed jobs": ListJobs(Phase.FAILED),
    "@visjob list all running": ListJobs(Phase.RUNNING),
    "@visjob which jobs are running?": ListJobs(Phase.RUNNING),
    "@visjob show running jobs": ListJobs(Phase.RUNNING),
    "@visjob list of flowers": ListJobs(None, "of flowers"),
    # A hello, and questions in people's own words.
    "@visjob hello": Help(is_brief=True),
    "hi @visjob": Help(is_brief=True),
    "@visjob 你好": Help(is_brief=True),
    "@visjob 大家好！": Help(is_brief=True),
    "@visjob 你能做什么？": Help(),
    "@visjob what runs?": ListJobs(Phase.RUNNING),
    "@visjob what is running?": ListJobs(Phase.RUNNING),
    "@visjob anything still running?": ListJobs(Phase.RUNNING),
    "@visjob has anything crashed?": ListJobs(Phase.FAILED),
    "@visjob what is waiting, share": ListJobs(Phase.QUEUED, share=True),
    "@visjob 在跑什么": ListJobs(Phase.RUNNING),
    "@visjob 现在有哪些作业在运行？": ListJobs(Phase.RUNNING),
    "@visjob 有失败的吗": ListJobs(Phase.FAILED),
    "@visjob 还有什么在排队": ListJobs(Phase.QUEUED),
    "@visjob 作业列表": ListJobs(),
    "@visjob 谢谢你": None,
    "@visjob 谢谢啦，辛苦了": None,
    "@visjob is anything stuck?": ListJobs(Phase.QUEUED),
    "@visjob 有卡住的吗": ListJobs(Phase.QUEUED),
    # Options before the verb.
    "@visjob in dm subscribe 205": Subscribe(job=JobNumber("205"), where="dm"),
    "@visjob in dm please subscribe 205": Subscribe(job=JobNumber("205"), where="dm"),
    # The job of the thread.
    "@visjob share": Show(ThisJob(), share=True),
    "@visjob please share this": Show(ThisJob(), share=True),
    "unsubscribe all\n@visjob why 205": Why(JobNumber("205")),
    "our @visjob was restarted yesterday evening, so look there": None,
}


@pytest.mark.parametrize("text", HEARD)
def test_each_text_asks_for_one_thing_or_for_nothing(text: str) -> None:
    assert parse_mention(text, names_job=names_job) == HEARD[text]


@pytest.mark.parametrize(
    ("in_thread", "asked"), [(True, Show(ThisJob())), (False, Help(is_brief=True))]
)
def test_a_question_about_nothing_is_about_the_thread(*, in_thread: bool, asked: Command) -> None:
    heard = parse_mention("@visjob how is it going?", names_job=names_job, in_thread=in_thread)

    assert heard == asked


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("@visjob wacth 205", ("subscribe 205", "unsubscribe 205")),
        ("@visjob 205 and 197?", ("205", "197")),
        ("@visjob what happened to curves", ()),
        ("the list is long\n@visjob", ()),
        ("@visjob " + "x" * 500, ()),
    ],
)
def test_a_try_is_met_with_the_nearest_sentence(text: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadCommand) as caught:
        parse_mention(text, names_job=names_job)

    assert caught.value.suggestions == suggestions


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("digest me at 25:00", "`25:00` is not a time of the day."),
        ("please digest here at 9:75", "`9:75` is not a time of the day."),
        ("quiet me 22:00-99:00", "`99:00` is not a time of the day."),
        ("snooze 205 until 27:00", "I can't snooze until `27:00`."),
        ("keep 205 until 25:00", "25:00"),
        ("subscribe 205 until someday", "someday"),
        ("redeliver 7", "`7` is not the id of an undelivered message."),
    ],
)
@pytest.mark.parametrize("is_direct", [True, False])
def test_a_sentence_with_a_wrong_figure_is_told_what_is_wrong(
    text: str, says: str, *, is_direct: bool
) -> None:
    with pytest.raises(BadCommand) as caught:
        parse_mention(f"{SELF} {text}", names_job=names_job, is_direct=is_direct)

    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("停止 205", "stop 205"), ("请 取消订阅 205", "unsubscribe 205"), ("为什么 197", "why 197")],
)
def test_a_verb_in_chinese_is_suggested_in_the_words_of_the_grammar(
    text: str, suggestion: str
) -> None:
    with pytest.raises(BadCommand) as caught:
        parse_mention(f"{SELF} {text}", names_job=names_job)

    assert caught.value.suggestions == (suggestion,)


def test_any_heap_of_snippets_is_heard_or_a_bad_command() -> None:
    choose = random.Random(206)  # noqa: S311 - repeatable, not secret
    snippets = (*SNIPPETS, SELF, SELF, "please", "thanks", "=", "id:", "job", "\n", ":pray:", ">")
    for _ in range(EXAMPLES):
        size = choose.choice((1, 2, 3, 5, 9, 30))
        parts = (f"{choose.choice(snippets)}{choose.choice((' ', ' ', ''))}" for _ in range(size))
        _check("".join(parts), in_thread=choose.random() < 0.5)


def _check(text: str, *, in_thread: bool) -> None:
    try:
        parse_mention(text, names_job=names_job, in_thread=in_thread)
    except BadCommand as error:
        refused = error
    else:
        return
    assert problem_card(refused).lines


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("thanks", Help(is_nod=True)),
        ("thank you!", Help(is_nod=True)),
        ("谢谢", Help(is_nod=True)),
        ("多谢啦", Help(is_nod=True)),
        ("hello", Help(is_brief=True)),
        # Nobody wants an answer to a nod.
        ("ok", None),
        ("好的", None),
        ("great!", None),
        ("收到", None),
    ],
)
def test_thanks_are_answered_where_nobody_else_reads_along(
    text: str, asked: Command | None
) -> None:
    assert parse_mention(f"{SELF} {text}", names_job=lambda _: False, is_direct=True) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("is it done?", Show(ThisJob())),
        ("done?", Show(ThisJob())),
        ("still running?", Show(ThisJob())),
        ("why is it still running?", Why(ThisJob())),
        ("how long has it been running?", Show(ThisJob())),
        ("who started this?", Show(ThisJob())),
        ("怎么样了", Show(ThisJob())),
        ("跑完了吗", Show(ThisJob())),
        # These are about others, or about nothing.
        ("what is running?", ListJobs(Phase.RUNNING)),
        ("any failed jobs?", ListJobs(Phase.FAILED)),
        ("what else is running?", ListJobs(Phase.RUNNING)),
        ("running", ListJobs(Phase.RUNNING)),
        ("在跑什么？", ListJobs(Phase.RUNNING)),
        ("is 231 done?", Show(JobNumber("231"))),
        ("thanks, is it done?", Show(ThisJob())),
        # A report, and questions without a question mark.
        ("it failed again :(", Show(ThisJob())),
        ("it is still running", Show(ThisJob())),
        ("still running", Show(ThisJob())),
        ("it hangs", Show(ThisJob())),
        ("what happened", Show(ThisJob())),
        ("any update?", Show(ThisJob())),
        ("ready yet?", Show(ThisJob())),
        ("since when?", Show(ThisJob())),
        ("who started it", Show(ThisJob())),
        ("don't stop it", Show(ThisJob())),
        ("又失败了", Show(ThisJob())),
        ("什么情况", Show(ThisJob())),
        ("链接", Show(ThisJob())),
        ("unsubscribe from this", Unsubscribe(job=ThisJob())),
        ("ok stop it", Act(action=JobAction.STOP, job=ThisJob())),
        ("well done", None),
        ("hmm", None),
        ("thanks for the update", None),
        ("it's fixed", None),
        ("no idea", None),
        ("it does not work", Show(ThisJob())),
        ("no need to stop it", Show(ThisJob())),
        ("later", None),
        ("好的，谢谢", None),
    ],
)
def test_a_question_below_a_card_is_about_its_job(text: str, asked: Command | None) -> None:
    assert (
        parse_mention(f"{SELF} {text}", names_job=lambda word: word == "231", in_thread=True)
        == asked
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("subscribe 205 for faild", "subscribe 205 for failed"),
        ("please subscribe 205 untill 18:00", "subscribe 205 until 18:00"),
        ("unsubscribe 205 in me", "unsubscribe 205 in dm"),
        ("snooze 205 unitl monday 9:00", "snooze 205 until monday 9:00"),
    ],
)
def test_a_slip_in_an_option_is_met_with_what_was_meant(text: str, meant: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse_mention(f"{SELF} {text}", names_job=lambda word: word == "205")

    assert refused.value.suggestions == (meant,)


@pytest.mark.parametrize("text", ["keep an eye on 205", "subscribe or not, how is 205?"])
def test_a_verb_in_other_words_about_a_job_still_shows_the_job(text: str) -> None:
    heard = parse_mention(f"{SELF} {text}", names_job=lambda word: word == "205")

    assert heard == Show(JobNumber("205"))


@pytest.mark.parametrize("text", ["is it done?", "done?", "are they done?"])
def test_a_question_with_a_word_of_praise_is_not_met_with_silence(text: str) -> None:
    assert parse_mention(f"{SELF} {text}", names_job=lambda _: False) == Help(is_brief=True)


@pytest.mark.parametrize(
    "text",
    [
        "the training was done and it failed",
        "我昨天停止了实验",
        "训练代码运行报错了怎么办",
        "跑了失败了",
    ],
)
def test_what_is_told_in_other_words_is_no_question(text: str) -> None:
    try:
        heard = parse_mention(f"{SELF} {text}", names_job=lambda _: False)
    except BadCommand:
        heard = None

    assert heard is None
