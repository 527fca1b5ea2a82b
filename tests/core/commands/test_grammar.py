"""The grammar: each form, each way to get it wrong, and the way back from command to sentence."""

import os
import random
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.acting import JobAction
from bot.core.cards.bot.help import help_card
from bot.core.cards.bot.problem import problem_card
from bot.core.cards.card import Code
from bot.core.change import Event
from bot.core.commands.command import Command
from bot.core.commands.grammar import parse
from bot.core.commands.targets.job_reference import (
    JobById,
    JobByName,
    JobByWord,
    JobNumber,
    JobRef,
    LastJob,
    ThisJob,
)
from bot.core.commands.targets.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.times.until import exact_words
from bot.core.commands.verbs.act import Act
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.cost import Cost
from bot.core.commands.verbs.details import Details
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.history import History
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.redeliver import Redeliver
from bot.core.commands.verbs.registry import VERB_NAMES, VERBS
from bot.core.commands.verbs.settings import SettingsForm
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.status import DeadLetters, Status
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.verb import Verb
from bot.core.commands.verbs.why import Why
from bot.core.errors import BadCommand
from bot.core.job import LARGEST_JOB_ID, JobId, Phase
from bot.core.subscription import DeliveryMode, spelled_pattern

EXAMPLES = int(os.environ.get("VISJOB_FUZZ_EXAMPLES", "500"))

SENTENCES: dict[str, Command] = {
    "": Help(),
    "   ": Help(),
    '""': Help(),
    "help": Help(),
    "?": Help(),
    "？": Help(),
    "--help": Help(),
    "HELP": Help(),
    "help list": Help("list"),
    "help ls": Help("list"),
    "help nonsense": Help(unknown="nonsense"),
    "help me": Help(),
    "help please": Help(),
    "open 205": Show(JobNumber("205")),
    "open flowers-tb": Show(JobByWord("flowers-tb")),
    "help ???": Help(),
    "help thanks": Help(is_nod=True),
    "status letters": DeadLetters(),
    "STATUS Letters share": DeadLetters(),
    "redeliver all": Redeliver("all"),
    "REDELIVER ALL": Redeliver("all"),
    "redeliver 0E8C7C5E-5a5e-5a5e-9d53-5b1c3f1d7a01": Redeliver(
        "0e8c7c5e-5a5e-5a5e-9d53-5b1c3f1d7a01"
    ),
    "205": Show(JobNumber("205")),
    "0205": Show(JobNumber("0205")),
    '"205"': Show(JobNumber("205")),
    "205 share": Show(JobNumber("205"), share=True),
    "205 SHARE": Show(JobNumber("205"), share=True),
    "id:205": Show(JobById(JobId(205))),
    "ID:205 share": Show(JobById(JobId(205)), share=True),
    "name:197": Show(JobByName("197")),
    "NAME:flowers-tb": Show(JobByName("flowers-tb")),
    'name:"two words"': Show(JobByName("two words")),
    'name:"share"': Show(JobByName("share")),
    "flowers-tb": Show(JobByWord("flowers-tb")),
    "bold-_move_ share": Show(JobByWord("bold-_move_"), share=True),
    '"list"': Show(JobByWord("list")),
    '"last"': Show(JobByWord("last")),
    '"watch" share': Show(JobByWord("watch"), share=True),
    "subscribe list": Subscribe(job=JobByWord("list")),
    "share": Show(ThisJob(), share=True),
    '"share"': Show(JobByWord("share")),
    "last": Show(LastJob()),
    "Last share": Show(LastJob(), share=True),
    "https://console.huaweicloud.com/tensorboard/p/205/": Show(JobById(JobId(205))),
    "https://console.huaweicloud.com/tensorboard/p/205": Show(JobById(JobId(205))),
    "HTTPS://console.huaweicloud.com/tensorboard/p/205/?locale=en#a/7/": Show(JobById(JobId(205))),
    "http://10.0.0.1/205/ share": Show(JobById(JobId(205)), share=True),
    "list": ListJobs(),
    "ls": ListJobs(),
    "list share": ListJobs(share=True),
    "list running": ListJobs(Phase.RUNNING),
    "list FAILED flowers": ListJobs(Phase.FAILED, "flowers"),
    "list queued": ListJobs(Phase.QUEUED),
    "list stopped": ListJobs(Phase.STOPPED),
    "list finished": ListJobs(Phase.FINISHED),
    "list flowers in spring": ListJobs(None, "flowers in spring"),
    'list "running"': ListJobs(None, "running"),
    'list running "share"': ListJobs(Phase.RUNNING, "share"),
    "list “two  words”": ListJobs(None, "two  words"),
    "list «guillemets»": ListJobs(None, "guillemets"),
    "list stopping": ListJobs(None, "stopping"),
    "find": Find(),
    "find flowers": Find("flowers"),
    "find flowers share": Find("flowers"),
    "status": Status(),
    "status share": Status(share=True),
    "subscribe": SubscribeForm(),
    "watch share": SubscribeForm(),
    "subscribe 205": Subscribe(job=JobNumber("205")),
    "watch 205": Subscribe(job=JobNumber("205")),
    "subscribe 205 share": Subscribe(job=JobNumber("205")),
    "subscribe last": Subscribe(job=LastJob()),
    "in dm subscribe 205": Subscribe(job=JobNumber("205"), where="dm"),
    "for failed subscribe 205 in dm": Subscribe(
        job=JobNumber("205"), event_filter="failed", where="dm"
    ),
    "subscribe project": Subscribe(job=WholeProject()),
    'subscribe "project"': Subscribe(job=JobByWord("project")),
    "Subscribe Flowers-* for failures": Subscribe(
        job=NamePattern("Flowers-*"), event_filter="failures"
    ),
    "subscribe 205 for all": Subscribe(job=JobNumber("205"), event_filter="all"),
    "subscribe 205 for changes": Subscribe(job=JobNumber("205"), event_filter="changes"),
    "subscribe 205 for link,cost stuck": Subscribe(
        job=JobNumber("205"), event_filter="stuck,cost,link"
    ),
    "subscribe 205 for Running,FAILED": Subscribe(
        job=JobNumber("205"), event_filter="running,failed"
    ),
    "subscribe 205 for failed, running": Subscribe(
        job=JobNumber("205"), event_filter="running,failed"
    ),
    **dict.fromkeys(
        (
            "subscribe 205 for failed and deleted",
            "subscribe 205 for failed, and deleted",
            "subscribe 205 for Failed & Deleted",
            "subscribe 205 for failed/deleted",
            "subscribe 205 for failed; deleted",
            "subscribe 205 for failed or deleted",
            "subscribe 205 for failed、deleted",
            "subscribe 205 for failed 和 deleted",
        ),
        Subscribe(job=JobNumber("205"), event_filter="failed,deleted"),
    ),
    "subscribe 205 for failed running failed": Subscribe(
        job=JobNumber("205"), event_filter="running,failed"
    ),
    "subscribe 205 preview until 2d as card in dm for deleted": Subscribe(
        job=JobNumber("205"),
        event_filter="deleted",
        where="dm",
        until="2d",
        delivery_mode=DeliveryMode.CARD,
        preview=True,
    ),
    "subscribe 205 in #c0exp00001 until Monday as CHANNEL": Subscribe(
        job=JobNumber("205"),
        where="#C0EXP00001",
        until="monday",
        delivery_mode=DeliveryMode.CHANNEL,
    ),
    "subscribe 205 until 2026-03-25T09:05Z": Subscribe(
        job=JobNumber("205"), until="2026-03-25t09:05z"
    ),
    "details 205": Details(JobNumber("205")),
    "205 details": Details(JobNumber("205")),
    "show 205 details": Details(JobNumber("205")),
    "show me flowers-tb Details": Details(JobByWord("flowers-tb")),
    "job 205 details": Details(JobNumber("205")),
    "show details": Details(ThisJob()),
    "205 details share": Details(JobNumber("205")),
    "unsubscribe flowers-tb": Unsubscribe(job=JobByWord("flowers-tb")),
    "unwatch project in dm": Unsubscribe(job=WholeProject(), where="dm"),
    "unsubscribe all": Unsubscribe(job=AllTargets()),
    "unsubscribe everything": Unsubscribe(job=AllTargets()),
    "unsubscribe all in #C0EXP00001": Unsubscribe(job=AllTargets(), where="#C0EXP00001"),
    'unsubscribe "all"': Unsubscribe(job=JobByWord("all")),
    "copy 205 to dm": Copy(job=JobNumber("205"), to="dm"),
    "copy 205": Copy(job=JobNumber("205"), to=""),
    "copy flow* in dm to #C0EXP00001": Copy(job=NamePattern("flow*"), where="dm", to="#C0EXP00001"),
    "copy all to #C0EXP00001 in #c0exp00002": Copy(
        job=AllTargets(), where="#C0EXP00002", to="#C0EXP00001"
    ),
    "subscriptions": ListSubscriptions(),
    "watching mine": ListSubscriptions(Scope.MINE),
    "subscriptions export": ListSubscriptions(export=True),
    "subscriptions ALL export": ListSubscriptions(Scope.ALL, export=True),
    "why 205": Why(JobNumber("205")),
    "why last": Why(LastJob()),
    "why": Why(ThisJob()),
    "history 205": History(JobNumber("205")),
    "history 205 24h": History(JobNumber("205"), "24h"),
    "History 30D flowers-tb share": History(JobByWord("flowers-tb"), "30d", share=True),
    "history": History(ThisJob()),
    "history 24h": History(ThisJob(), "24h"),
    "history last 7d": History(LastJob()),
    'history "24h" 30d': History(JobByWord("24h"), "30d"),
    'history "3w"': History(JobByWord("3w")),
    "history job 205 24h": History(JobNumber("205"), "24h"),
    "history 3dmodel": History(JobByWord("3dmodel")),
    "cost": Cost(),
    "cost share": Cost(share=True),
    "cost project": Cost(names_project=True),
    "cost month": Cost(period="month"),
    "cost all today": Cost(period="today", names_project=True),
    "cost of 205 this month": Cost(JobNumber("205"), "month"),
    "cost month last": Cost(LastJob(), "month"),
    'cost "past" month': Cost(JobByWord("past"), "month"),
    'cost "total"': Cost(JobByWord("total")),
    "cost today project": Cost(period="today", names_project=True),
    "cost 205 week": Cost(JobNumber("205")),
    "cost month name:197 share": Cost(JobByName("197"), "month", share=True),
    'cost "today"': Cost(JobByWord("today")),
    'cost "project" today': Cost(JobByWord("project"), "today"),
    "unsubscribe": Unsubscribe(job=ThisJob()),
    "unsubscribe in dm": Unsubscribe(job=ThisJob(), where="dm"),
    "subscribe for failed": Subscribe(job=ThisJob(), event_filter="failed"),
    "copy to dm": Copy(job=ThisJob(), to="dm"),
    "show": Show(ThisJob()),
    "refresh share": Show(ThisJob(), share=True),
    "show 205": Show(JobNumber("205")),
    "show me flowers-tb share": Show(JobByWord("flowers-tb"), share=True),
    "show list running": ListJobs(Phase.RUNNING),
    '"show"': Show(JobByWord("show")),
    "stop 205": Act(action=JobAction.STOP, job=JobNumber("205")),
    "Restart flowers-tb": Act(action=JobAction.RESTART, job=JobByWord("flowers-tb")),
    "stop": Act(action=JobAction.STOP, job=ThisJob()),
    "stop id: 205 share": Act(action=JobAction.STOP, job=JobById(JobId(205))),
    "stop 205 #0a1B": Act(action=JobAction.STOP, job=JobNumber("205"), action_id="0a1B"),
    "restart last #no-id_": Act(action=JobAction.RESTART, job=LastJob(), action_id="no-id_"),
    "subscribe to 205": Subscribe(job=JobNumber("205")),
    "watch for failed": Subscribe(job=ThisJob(), event_filter="failed"),
    "unsubscribe from flowers* in dm": Unsubscribe(job=NamePattern("flowers*"), where="dm"),
    "unsubscribe from in dm": Unsubscribe(job=JobByWord("from"), where="dm"),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_form_means_one_command(sentence: str) -> None:
    assert parse(sentence) == SENTENCES[sentence]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("../", "neither a job id nor a job name"),
        ("..", "neither a job id nor a job name"),
        ("§", "neither a job id nor a job name"),
        ("=", "neither a job id nor a job name"),
        ("why = ", "neither a job id nor a job name"),
        ("history 205 3w", "`3w`; beside a job it takes `24h`, `7d` or `30d`"),
        ("history 3w", "`3w`; beside a job it takes `24h`, `7d` or `30d`"),
        ("history 205 7d 24h", "takes only one of `24h`, `7d` or `30d`"),
        ("history 205 231", "does not know `231`"),
        ("history 205 week", "does not know `week`"),
        ("cost 205 year", "`year`; beside a job it takes `today`, `week` or `month`"),
        ("cost yesterday", "does not know `yesterday`"),
        ("cost 205 7d", "does not know `7d`"),
        ("cost today week", "takes only one of `today`, `week` or `month`"),
        ("cost 205 all", "does not know `all`"),
        ("cost me today", "one job, or the whole project"),
        ("cost last month", "not at the month before"),
        ("cost 205 previous week", "not at the week before"),
        ("cost ../", "neither a job id nor a job name"),
        ("205?x=1", "neither a job id nor a job name"),
        ("#", "neither a job id nor a job name"),
        ("%2e", "neither a job id nor a job name"),
        ("%2e%2e%2f", "neither a job id nor a job name"),
        ("//host", "neither a job id nor a job name"),
        ("205/../206", "neither a job id nor a job name"),
        ("file:///etc/205/", "neither a job id nor a job name"),
        ("name:", "neither a job id nor a job name"),
        ("²", "neither a job id nor a job name"),
        ("1.5", "ids are whole numbers"),
        ("id:1e9", "ids are whole numbers"),
        ("1,000", "ids are whole numbers"),
        ("x" * 65, "neither a job id nor a job name"),
        ("-205", "is not a job id"),
        ("−205", "is not a job id"),
        ("٢٠٥", "is not a job id"),
        ("id:-1", "is not a job id"),
        ("id:", "belongs after `id:`"),
        ("id:../..", "is not a job id"),
        ("id:1e3", "is not a job id"),
        ("9" * 400, "too large for a job id: it has 400 digits"),
        (str(LARGEST_JOB_ID + 1), "too large for a job id"),
        ("https://console.huaweicloud.com/", "no job id in that link"),
        (f"https://console.huaweicloud.com/{'9' * 400}/", "too large"),
        ('list "half', "has no partner"),
        ("“half", "has no partner"),
        ("status please", "Only `letters` can follow `status`; you wrote `please`"),
        ("wacth 205", "I don't know a command called `wacth`"),
        ("share 205", "I don't know a command called `share`"),
        ("x" * 501, "501 characters long"),
        ("stop 205 206", "`stop` takes one job"),
        ("restart 205 #0a1b #0a1b", "`restart` takes one job"),
        ("stop 205 #é", "`stop` takes one job"),
        ("subscribe 205 206", "`206` is one word too many"),
        ("205 foo bar", "`foo` is one word too many after `205`"),
        ("subscribe 205 for", "`for` needs an event"),
        ("subscribe 205 for ,", "`for` needs an event"),
        ("subscribe 205 for @bob", "I can't subscribe other people"),
        ("subscribe 205 for nonsense", "`nonsense` is not an event"),
        ("subscribe 205 for all,failed", "`all` is not an event"),
        ("subscribe 205 for stuck,changes", "`changes` is not an event"),
        ("subscribe 205 in", "`in` needs a channel or `dm` after it"),
        ("subscribe 205 in #exp", "I can't reach a channel called"),
        ("subscribe 205 in #general", "I can't reach a channel called"),
        ("subscribe 205 in #C1", "I can't reach a channel called"),
        ("subscribe 205 in #C024BE7", "I can't reach a channel called"),
        ("subscribe 205 in #U024BE7LH", "I can't reach a channel called"),
        ("subscribe 205 for and", "`for` needs an event."),
        ("copy 205 to #goodnews", "I can't reach a channel called"),
        ("subscribe 205 in dm in dm", "`in` is there twice"),
        (
            "subscribe 205 until",
            "`until` needs a time or a span after it",
        ),
        ("subscribe 205 as", "`as` needs `thread`, `card` or `channel` after it"),
        ("subscribe 205 until 25:00", "as a time"),
        ("subscribe 205 until 0h", "as a time"),
        ("subscribe 205 until 99999d", "more than a year"),
        ("subscribe 205 as poem", "I can't post `as poem`"),
        ("subscribe 205 preview please", "`preview` takes no word"),
        ("unsubscribe 205 for failed", "`for` is one word too many"),
        ("copy", "needs a channel to copy to, or `dm`"),
        ("copy 205 to", "`to` needs a channel or `dm` after it"),
        ("copy 205 to nowhere", "I can't reach a channel called"),
        ("copy 205 to dm until 4h", "a channel or `dm`; you wrote `dm until 4h`"),
        ("subscriptions nowhere", "I don't know `subscriptions"),
        ("subscriptions here there", "I don't know `subscriptions"),
        ("why 205 206", "`why` takes one job"),
    ],
)
def test_what_is_no_sentence_says_why(typed: str, says: str) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert says in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("copy", "copy 205 to dm"),
        ("copy 801 general", "copy 205 to dm"),
        ("copy 801 to", "copy 205 to dm"),
        ("copy 801 to no where", "copy 205 to dm"),
        ("copy 801 to general", "copy 205 to dm"),
        ("subscribe 801 in", "for failed in dm until 18:00 as card"),
        ("unsubscribe 801 here", "unsubscribe all"),
        ("unsubscribe 801 in", "unsubscribe flowers* in dm"),
    ],
)
def test_who_errs_in_a_subscribing_sentence_sees_one_with_the_same_verb(
    typed: str, example: str
) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert example in str(caught.value.hint)
    for sentence in str(caught.value.hint).partition("For example: ")[2].split("`")[1::2]:
        command = parse(sentence.replace("#channel", "#C0EXP00001"))
        assert command.text.split()[0] == typed.split()[0]


@pytest.mark.parametrize(
    ("typed", "suggestions"),
    [
        ("lst running", ("list running",)),
        ("wacth 205", ("subscribe 205", "unsubscribe 205")),
        ("qqqq 205", ("205",)),
        ("fnid flowers", ("find flowers",)),
        ("tell list running", ("list running",)),
        ("tell me list", ()),
        ("please list running share", ("list running share",)),
        ("show status please", ("status", "status letters")),
        ("-205", ("205",)),
        ("٢٠٥", ("205",)),
        ("id:job", ()),
        ("status please", ("status", "status letters")),
        ("sub 231", ("subscribe 231",)),
        ("unsub 231", ("unsubscribe 231",)),
        ("hist 231 7d", ("history 231 7d",)),
        ("停止 231", ("stop 231",)),
        ("状态", ("status",)),
        ("订阅", ("subscribe",)),
        ("取消订阅？", ("unsubscribe",)),
        ("保持", ("keep 4h", "keep until 18:00")),
        ("重启 231", ("restart 231",)),
        ("订阅 231", ("subscribe 231",)),
        ("取消订阅 231", ("unsubscribe 231",)),
        ("保持 231 4h", ("keep 231 4h",)),
        ("继续 231 4h", ("keep 231 4h",)),
        ("历史 231", ("history 231",)),
        ("费用 231", ("cost 231",)),
        ("为什么 231", ("why 231",)),
        ("静音 231 4h", ("snooze 231 4h",)),
        ("静默 231 4h", ("snooze 231 4h",)),
        ("取消静默 231", ("wake 231",)),
        ("结束静默 231", ("wake 231",)),
        ("暂停 here 4h", ("snooze here 4h",)),
        ("列表 running", ("list running",)),
        ("帮助 list", ("help list",)),
        ("状态 letters", ("status letters",)),
        ("状态 231", ("231",)),
        ("quiet #", ("quiet here 22:00-08:00", "quiet me 22:00-08:00")),
        ("quiet", ("quiet here 22:00-08:00", "quiet me 22:00-08:00")),
        ("quiet 23:00-7 weekdays", ("quiet here 23:00-7 weekdays", "quiet me 23:00-7 weekdays")),
        ("quiet off", ("quiet here off", "quiet me off")),
        ("quiet here me at night", ("quiet here 22:00-08:00", "quiet me 22:00-08:00")),
        ('quiet "here" 22-8', ("quiet here 22:00-08:00", "quiet me 22:00-08:00")),
        ("digest #C0EXP00001 at 9", ("digest here at 09:00", "digest me at 09:00")),
        ("digest at 9 weekdays", ("digest here at 9 weekdays", "digest me at 9 weekdays")),
        ("digest lunchtime", ("digest here at 09:00", "digest me at 09:00")),
    ],
)
def test_a_slip_is_met_with_sentences_that_work(typed: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert caught.value.suggestions == suggestions
    for suggestion in caught.value.suggestions:
        parse(suggestion)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("redeliver 7", "`7` is not the id of an undelivered message."),
        ("redeliver all 205", "`all 205` is not the id"),
        ("redeliver", "needs to know which message"),
    ],
)
def test_what_is_no_undelivered_message_is_answered_with_where_they_are(
    typed: str, says: str
) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert says in str(caught.value)
    assert "`status letters`" in str(caught.value.hint)
    assert caught.value.offers == ("status letters",)


@pytest.mark.parametrize("number", ["-9999999999999999999", "٩" * 400, "id:9x9999999999999999999"])
def test_a_number_beyond_all_ids_is_not_suggested(number: str) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(number)

    assert all(int(digits) <= LARGEST_JOB_ID for digits in caught.value.suggestions)
    assert problem_card(caught.value).summary


def test_hundreds_of_unknown_words_are_one_unknown_word() -> None:
    with pytest.raises(BadCommand, match="I don't know a command called `a`"):
        parse("a " * 249)


def test_backticks_that_were_typed_do_not_end_the_code_around_them() -> None:
    with pytest.raises(BadCommand) as caught:
        parse("a`b`c")

    assert str(caught.value).count("`") == 2


@pytest.mark.parametrize("job_id", [1, 205, LARGEST_JOB_ID])
def test_every_id_of_63_bits_is_an_id(job_id: int) -> None:
    assert parse(f"id:{job_id}") == Show(JobById(JobId(job_id)))
    assert parse(str(job_id)) == Show(JobNumber(str(job_id)))


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_sentence_in_the_help_of_a_verb_can_be_typed(verb: Verb[Command]) -> None:
    for row in verb.help:
        said = parse(row.sentence.replace("#channel", "#C0EXP00001"))

        assert VERB_NAMES[said.text.split()[0]] == verb.name


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_help_of_a_verb_says_each_of_its_rows_and_nothing_else(verb: Verb[Command]) -> None:
    asked = parse(f"help {verb.name}")
    assert asked == Help(verb.name)

    card = help_card(asked, slash_command="/tb")

    assert [line[0] for line in card.lines] == [Code(f"/tb {row.sentence}") for row in verb.help]
    assert card.lines


def test_the_overview_names_every_verb() -> None:
    said = str(help_card(Help(), slash_command="/tb").summary)

    assert [verb.name for verb in VERBS if f"`{verb.name}`" not in said] == []


def test_no_word_means_two_verbs() -> None:
    words = [word for verb in VERBS for word in (verb.name, *verb.aliases)]

    assert len(words) == len(set(words))


def any_words() -> st.SearchStrategy[str]:
    """Text as it can stand in a parsed sentence: words with single or quoted blanks."""
    letters = st.characters(exclude_categories=("C", "Z"), exclude_characters='"“”„‟«»')
    word = st.text(letters, min_size=1, max_size=12) | st.sampled_from(["share", "last", "list"])
    return st.lists(word, min_size=1, max_size=4).map(" ".join)


def any_name() -> st.SearchStrategy[str]:
    return st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True) | st.sampled_from(
        [
            "share",
            "last",
            "list",
            "find",
            "status",
            "running",
            "show",
            "stop",
            "job",
            "_list_",
            "id",
        ]
    )


def any_ref() -> st.SearchStrategy[JobRef]:
    ids = st.integers(1, LARGEST_JOB_ID).map(JobId)
    numbers = st.from_regex(r"[0-9]{1,18}", fullmatch=True)
    odd = st.sampled_from(["a–b", "‘a’", "flowers-tb.", "１a", "(x)", "`job`"])
    names = any_name() | odd
    words = names.filter(lambda name: not name.isdecimal() and name.strip("0123456789") != "-")
    return st.one_of(
        ids.map(JobById),
        numbers.map(JobNumber),
        any_words().map(JobByName),
        words.map(JobByWord),
        st.just(LastJob()),
    )


def any_command() -> st.SearchStrategy[Command]:
    phases = st.sampled_from(
        [None, Phase.RUNNING, Phase.FAILED, Phase.QUEUED, Phase.STOPPED, Phase.FINISHED]
    )
    texts = st.just("") | any_words()
    typed_patterns = st.from_regex(r"[a-z_-]{0,9}\*[A-Z0-9*]{0,9}", fullmatch=True)
    patterns = typed_patterns.map(spelled_pattern).map(NamePattern)
    targets = st.one_of(any_ref(), patterns, st.just(WholeProject()))
    wheres = st.sampled_from(["", "dm", "#C0EXP00001", "#D024BE91L"])
    action_ids = st.just("") | st.from_regex(r"[0-9A-Za-z_-]{1,64}", fullmatch=True)
    events = st.lists(st.sampled_from([*Event]), min_size=1, unique=True)
    lists = events.map(lambda chosen: ",".join(e.value for e in Event if e in chosen))
    event_filter = st.sampled_from(["", "all", "changes", "failures"]) | lists
    return st.one_of(
        st.builds(
            Subscribe,
            job=targets,
            event_filter=event_filter,
            where=wheres,
            until=st.sampled_from(["", "done", "18:00", "tomorrow", "sunday", "30m", "4h", "2d"])
            | st.datetimes().map(lambda at: exact_words(at.replace(tzinfo=UTC))),
            delivery_mode=st.none() | st.sampled_from(DeliveryMode),
            preview=st.booleans(),
        ),
        st.builds(Unsubscribe, job=targets | st.just(AllTargets()), where=wheres),
        st.builds(
            Copy,
            job=targets | st.just(AllTargets()),
            where=wheres,
            to=st.sampled_from(["dm", "#C0EXP00001"]),
        ),
        st.builds(ListSubscriptions, st.sampled_from(Scope), st.booleans()),
        st.builds(Why, any_ref() | st.just(ThisJob())),
        st.builds(Act, action=st.sampled_from(JobAction), job=any_ref(), action_id=action_ids),
        st.builds(Show, any_ref(), st.booleans()),
        st.builds(ListJobs, phases, texts, st.booleans()),
        st.builds(Find, texts),
        st.builds(Status, st.booleans()),
        st.just(DeadLetters()),
        st.just(SubscribeForm()),
        st.builds(Subscribe, job=targets, where=wheres).map(SubscribeForm),
        st.builds(SettingsForm, wheres),
        st.builds(Redeliver, st.uuids().map(str) | st.just("all")),
        st.sampled_from(["", *(verb.name for verb in VERBS)]).map(Help),
    )


@given(any_command())
@pytest.mark.slow
def test_every_command_says_a_sentence_that_means_it(command: Command) -> None:
    assert parse(command.text) == command


@given(st.text(max_size=600))
def test_any_text_is_a_command_or_a_bad_command(text: str) -> None:
    _check(text)


SNIPPETS = (
    "205", "share", "list", "ls", "find", "status", "help", "last", "running", "name:", "id:", '"',
    "“", "”", "../", "%2e", "//host", "?", "#", "-", "−7", "٢٠٥", "²", "\u202e", "\u200b", "\x00",
    "9" * 400, "https://a/205/", "<@U1>", "<!channel>", "`", "*", "&lt;", "\n", "\t", "\u2028",
    "flowers-tb", "lst", "fnid", "\ud800", "🟢", "e\u0301\u0301", ":", "name:share", "id:1e3", "dm",
    "subscribe", "unwatch", "why", "for", "in", "until", "as", "preview", "project", "all", "card",
    "redeliver", "letters", "2026-03-25t09:05z", "0e8c7c5e-5a5e-5a5e-9d53-5b1c3f1d7a01",
    "#C0EXP00001", "18:00", "2d", "flow*", "failed,", "export", "mine", "subscriptions",
    "copy", "to", "form", "settings", "language", "off",
)  # fmt: skip


@pytest.mark.timeout(900)  # for more examples
def test_any_heap_of_snippets_is_a_command_or_a_bad_command() -> None:
    choose = random.Random(205)  # noqa: S311 - repeatable, not secret
    for _ in range(EXAMPLES):
        size = choose.choice((1, 1, 2, 2, 3, 5, 9, 40))
        glue = choose.choice((" ", "", " "))
        _check(glue.join(choose.choice(SNIPPETS) for _ in range(size)))


def _check(text: str) -> None:
    try:
        command = parse(text)
    except BadCommand as error:
        _check_refusal(error)
    else:
        assert parse(command.text) == command


def _check_refusal(error: BadCommand) -> None:
    assert str(error)
    for suggestion in error.suggestions:
        parse(suggestion)
    assert problem_card(error).lines
