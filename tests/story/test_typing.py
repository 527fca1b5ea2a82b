"""The running bot understands what people type: one sentence of each kind per row."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import LINK_HOSTS, a_job
from tests.world import JSON, Json, World, command_form, event, open_world, settle

_UNKNOWN = "I don't know a job or command called"
FLOWERS = "flowers-tb has been running"
BERT = "bert-finetune has been running"
UNDERSCORED = "_flowers_ has been running"
DASHED = "a–b has been running"
QUEUED = "apiTest-11 is queued"
BY_ID = "https://console.huaweicloud.com/modelarts2/tensorboard/04f679b17380d32a2f32c00335c4b5ba"

#: The text after the command, typed or as Slack sends it, and the beginning of the answer.
COMMANDS: list[tuple[str, str, str]] = [
    ("a zero-width space before", "\u200b205", FLOWERS),
    ("a byte order mark after", "205\ufeff", FLOWERS),
    ("marks of direction around", "\u200f205\u200e", FLOWERS),
    ("an override of direction", "\u202e205", FLOWERS),
    ("NUL and ESC inside", "2\x000\x1b5", FLOWERS),
    ("a soft hyphen in a name", "bert-fine\u00adtune", BERT),
    ("a variation selector behind", "205\ufe0f", FLOWERS),
    ("a word joiner between words", "list\u2060 running", "7 running jobs."),
    ("a filler that shows nothing", "\u31642\uffa005", FLOWERS),
    ("backticks", "`205`", FLOWERS),
    ("three backticks", "```bert-finetune```", BERT),
    ("stars", "*205*", FLOWERS),
    ("underscores", "_bert-finetune_", BERT),
    ("tildes", "~bert-finetune~", BERT),
    ("underscores around digits", "_205_", FLOWERS),
    ("single curly quotes", "‘bert-finetune’", BERT),
    ("straight single quotes", "'bert-finetune'", BERT),
    ("low and high quotes", "„bert-finetune“", BERT),
    ("guillemets", "‹205›", FLOWERS),
    ("Chinese brackets", "【205】", FLOWERS),
    ("brackets", "(205)", FLOWERS),
    ("square brackets", "[205]", FLOWERS),
    ("angle brackets, as they are escaped", "&lt;bert-finetune&gt;", BERT),
    ("a number sign", "#205", FLOWERS),
    ("a full stop", "205.", FLOWERS),
    ("a question mark", "205?", FLOWERS),
    ("a full-width question mark", "205？", FLOWERS),
    ("a comma", "bert-finetune,", BERT),
    ("several at once", "*`bert-finetune`*!", BERT),
    ("full-width digits", "２０５", FLOWERS),
    ("bold digits", "𝟐𝟎𝟓", FLOWERS),
    ("a no-break hyphen", "bert‑finetune", BERT),
    ("a dash", "bert–finetune", BERT),
    ("a long dash", "bert—finetune", BERT),
    ("a minus sign", "bert−finetune", BERT),
    ("a name with underscores of its own", "_flowers_", UNDERSCORED),
    ("a name with a dash of its own", "a–b", DASHED),
    ("the other of two names", "a-b", "a-b has been running"),
    ("the command again", "/visjob 205", FLOWERS),
    ("the command's name", "visjob 205", FLOWERS),
    ("our name again", "<@U0VISJOB01|visjob> 205", FLOWERS),
    ("a slash before the verb", "/list running", "7 running jobs."),
    ("a label", "job 205", FLOWERS),
    ("a label before a name", "job bert-finetune", BERT),
    ("a label and an equals sign", "id=205", FLOWERS),
    ("a label, a colon and a blank", "id: 205", FLOWERS),
    ("the vendor's label", "job_id 205", FLOWERS),
    ("a label with a full-width colon", "id：205", FLOWERS),
    ("a label in capitals", "Job: 205", FLOWERS),
    ("a label that asks for a name", "name: 197", "197 has been running"),
    ("a label and a number sign", "job #205", FLOWERS),
    ("a decorated verb", "`list` running", "7 running jobs."),
    ("a decorated sentence", "`list running`", "7 running jobs."),
    ("an underscored verb", "_list_ running", "7 running jobs."),
    ("an underscored verb alone", "_help_", "I report on your ModelArts"),
    ("`show`", "show 205", FLOWERS),
    (
        "a phone number of a mobile client",
        "<tel:1865551234|1865551234>",
        "phone-job has been running",
    ),
    ("an address of mail", "<mailto:bert-finetune|bert-finetune>", BERT),
    ("a word of which Slack makes a link", "<http://bert-finetune|bert-finetune>", BERT),
    ("a link", f"<{BY_ID}/205/>", FLOWERS),
    ("a link with a title", f"<{BY_ID}/205/|my board>", FLOWERS),
    ("a link with more path", f"<{BY_ID}/205/data/plugin/scalars/tags>", FLOWERS),
    ("a link with more numbers", f"<{BY_ID}/205/data/7/>", FLOWERS),
    ("a link of the API", "https://m.example/v1/0123/visualization-jobs/205/start", FLOWERS),
    ("a link in a sentence", f"see <{BY_ID}/205/> for it", FLOWERS),
    ("a link in brackets", f"({BY_ID}/205/)", FLOWERS),
    ("a label before a link", f"job: <{BY_ID}/205/>", FLOWERS),
    ("a question", "how is bert-finetune?", BERT),
    ("small digits are others", "205²", "`205²` is neither a job id nor a job name."),
    ("a mistyped kind of list", "list runing", "No job has “runing” in its name. Did you mean"),
    ("the beginning of a kind of list", "list run",
     "No job has “run” in its name. Did you mean `list running`?"),
    ("another program's kind of list", "list completed",
     "No job has “completed” in its name. Did you mean `list finished`?"),
    ("everything is a list", "list all", "No job has “all” in its name. Did you mean `list`?"),
    ("Chinese around a number", "205的状态", FLOWERS),
    ("a list of all that run", "list all running jobs", "7 running jobs."),
    ("a mistyped name", "brt-finetune", f"{_UNKNOWN} `brt-finetune`. Did you mean"),
    (
        "a mistyped verb",
        "lst running",
        "I don't know a command called `lst`. Did you mean `list running`?",
    ),
    ("an action asks first", "stop 205", "Stop flowers-tb (205)? It has run 2 h 14 min."),
    (
        "what cannot be, by name",
        "restart flowers-tb",
        "flowers-tb (205) cannot be restarted as it is now.",
    ),
    ("nothing found", "find seg", "No job has “seg” in its name."),
    ("no job", "why", "`why` needs a job. Which one?"),
    ("no job, but an option", "unsubscribe in dm", "`unsubscribe` needs a job. Which one?"),
    ("too long", "x" * 501, "That is 501 characters long; I read at most 500."),
    ("far too long", "<@A|" * 10_000, "That is 40000 characters long"),
]  # fmt: skip

#: A message that mentions the bot, as Slack sends it, and the beginning of the answer; None if the
#: bot does not answer.
MENTIONS: list[tuple[str, str, str | None]] = [
    ("a colon", "<@U0VISJOB01>: 205", FLOWERS),
    ("a comma", "<@U0VISJOB01>, 205", FLOWERS),
    ("words before", "hey <@U0VISJOB01> 205", FLOWERS),
    ("our name with a label", "hey <@U0VISJOB01|visjob> 205", FLOWERS),
    ("the job before our name", "205 <@U0VISJOB01>", FLOWERS),
    ("a please", "<@U0VISJOB01> 205 please", FLOWERS),
    ("another person", "<@U0VISJOB01> 205 <@U0BEN00001>", FLOWERS),
    ("everybody", "<!here> <@U0VISJOB01> 205", FLOWERS),
    ("an emoji", "<@U0VISJOB01> 205 :pray:", FLOWERS),
    ("an emoji of a colour", "<@U0VISJOB01> :wave::skin-tone-3: 205", FLOWERS),
    ("thanks below", "<@U0VISJOB01> 205\nthanks!", FLOWERS),
    ("the job below", "<@U0VISJOB01>\n205", FLOWERS),
    ("the job above", "205 is slow\n<@U0VISJOB01>", FLOWERS),
    ("a quotation", "&gt; <@U0VISJOB01> 205", FLOWERS),
    ("a question", "<@U0VISJOB01> how is bert-finetune?", BERT),
    ("a longer question", "<@U0VISJOB01> could you tell us how bert-finetune is doing?", BERT),
    ("a sentence and a please", "<@U0VISJOB01> list running please", "7 running jobs."),
    ("a polite sentence", "Hi <@U0VISJOB01>, could you list running jobs? Thanks a lot!",
     "7 running jobs."),
    ("the command inside", "<@U0VISJOB01> /visjob 205", FLOWERS),
    ("a link inside", f"<@U0VISJOB01> see <{BY_ID}/205/> please", FLOWERS),
    ("a label inside", "<@U0VISJOB01> please show job 205", FLOWERS),
    ("a negation is no sentence", "<@U0VISJOB01> don't unsubscribe bert-finetune", BERT),
    ("a report is no sentence", "I had to unsubscribe bert-finetune <@U0VISJOB01>", BERT),
    ("a number that is no job beside one", "<@U0VISJOB01> is 205 at 80 steps?", FLOWERS),
    ("two jobs", "<@U0VISJOB01> 205 or bert-finetune?", "You named several jobs"),
    ("a mistyped verb", "<@U0VISJOB01> lst running", "I don't know a command called `lst`."),
    ("a mistyped name", "<@U0VISJOB01> brt-finetune", f"{_UNKNOWN} `brt-finetune`."),
    ("a beginning", "<@U0VISJOB01> bert please", BERT),
    ("an odd quote", '<@U0VISJOB01> 205"', FLOWERS),
    ("our name alone", "<@U0VISJOB01>", "I report on your ModelArts"),
    ("a hello", "hello <@U0VISJOB01>!", "I report on your ModelArts"),
    ("a call for help", "<@U0VISJOB01> help me please", "I report on your ModelArts"),
    ("a try", "<@U0VISJOB01> what happened with the curves yesterday night", "I found neither"),
    ("a question to the room", "does <@U0VISJOB01> know about curves of yesterday?",
     f"{_UNKNOWN} `curves`."),
    ("far too long", "<@U0VISJOB01> " + "<@A|" * 10_000, "That is 40014 characters long"),
    ("quotes around all of it", '"<@U0VISJOB01> 205"', FLOWERS),
    ("quotes around the job", '<@U0VISJOB01> "205"', FLOWERS),
    ("Chinese around a number", "<@U0VISJOB01> 205的状态", FLOWERS),
    ("a list in other words", "<@U0VISJOB01> show me the list of running jobs", "7 running jobs."),
    ("thanks", "thanks <@U0VISJOB01>", None),
    ("a copy", "cc <@U0VISJOB01>", None),
    ("a nod", "<@U0VISJOB01> ok", None),
    ("thanks with more words", "<@U0VISJOB01> thank you so much!", None),
    ("praise", "great bot <@U0VISJOB01>", None),
    ("praise with a word of ours", "good job, <@U0VISJOB01>", None),
    ("a thumb", "<@U0VISJOB01> 👍", None),
    ("a thumb as Slack writes it", "<@U0VISJOB01> :+1:", None),
    ("Chinese thanks", "<@U0VISJOB01> 谢谢", None),
    ("talk about us", "I think that <@U0VISJOB01> was down last week, ask somebody else", None),
]  # fmt: skip


@pytest.fixture
async def named(tmp_path: Path) -> AsyncIterator[World]:
    """A world whose jobs have names that are hard to type."""
    jobs = [
        a_job(205),
        a_job(240, name="bert-finetune"),
        a_job(241, name="_flowers_"),
        a_job(242, name="a–b"),
        a_job(243, name="a-b"),
        a_job(812, name="197"),
        a_job(197, 7, name="apiTest-11"),
        a_job(1865551234, name="phone-job"),
    ]
    hosts = ",".join(LINK_HOSTS)
    async with open_world(tmp_path, jobs=FakeSource(jobs), VISJOB_LINK_HOSTS=hosts) as made:
        yield await settle(made)


async def typed(world: World, text: str, number: int) -> str:
    """Type a command, and return the answer in its acknowledgement."""
    status, body = await world.post(command_form(text=text, trigger_id=f"{number}.1.x"))
    assert status == 200
    return answer_of(body)


def answer_of(body: str) -> str:
    return str(json.loads(body)["text"]) if body.startswith("{") else body


async def mentioned(world: World, text: str, number: int, **fields: object) -> None:
    """Send a message of Ana's that mentions the bot, and do not wait for an answer."""
    said: Json = {"type": "app_mention", "user": ME, "text": text, "ts": f"1700000000.{number:06}"}
    said |= {"channel": EXPERIMENTS, "team": "T0VISION01"} | fields
    assert await world.post(event(event_id=f"Ev{number}", event=said), kind=JSON) == (200, "")


@pytest.mark.slow
async def test_whatever_is_typed_after_the_command_is_understood(named: World) -> None:
    wrong = []
    for number, (sentence, text, begins) in enumerate(COMMANDS):
        named.clock.advance(seconds=2)  # one person may read 30 jobs a minute
        answer = await typed(named, text, number)
        if not answer.startswith(begins):
            wrong.append((sentence, answer[:120]))

    assert wrong == []


@pytest.mark.slow
async def test_whatever_is_said_to_us_is_understood_or_left_alone(named: World) -> None:
    wrong = []
    for number, (sentence, text, begins) in enumerate(MENTIONS):
        named.clock.advance(seconds=4)
        before = len(named.whispers())
        await mentioned(named, text, number)
        if begins is None:
            # The next mention is answered, and so was none before it.
            await mentioned(named, "<@U0VISJOB01> 205", 1000 + number)
        answer = await whisper_after(named, before)
        if not answer.startswith(begins or FLOWERS) or len(named.whispers()) != before + 1:
            wrong.append((sentence, answer[:120]))

    assert wrong == []


async def whisper_after(world: World, before: int) -> str:
    """Return the last message that only Ana sees, once there are more than `before`."""
    await world.workspace.until(lambda: len(world.whispers()) > before)
    return str(world.whispers()[-1]["text"])
