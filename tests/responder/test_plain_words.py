"""Sentences in plain words, typed after the command and said in a mention."""

import pytest

from tests.make import OURS
from tests.responder.test_subscriber import World
from tests.responder.test_wishes import answer

SHOWN = "flowers-tb has been running for"


@pytest.fixture
async def world() -> World:
    world = World()
    await world.catalog.sweep(OURS)
    return world


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        # A job by id and by name.
        ("205 flowers-tb", SHOWN),
        ("flowers-tb 205", SHOWN),
        ("flowers-tb · 205", SHOWN),
        ("#205 - Flowers-TB", SHOWN),
        ("id:205 flowers-tb", SHOWN),
        ("197 apiTest-11", "apiTest-11 has been queued"),
        ("stop 205 flowers-tb", "Stop flowers-tb (205)?"),
        ("details flowers-tb 205", "flowers-tb has been running for"),
        # Courtesy, and a quotation mark without a partner.
        ("205 please", SHOWN),
        ("205, thank you!", SHOWN),
        ("stop 205 please", "Stop flowers-tb (205)?"),
        ("205 谢谢", SHOWN),
        ('"205', SHOWN),
        ("“flowers-tb", SHOWN),
        # Remarks and greetings.
        ("good morning", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("what can you do?", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("who are you", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("show all running jobs", "3 running jobs."),
        # A job that is not named.
        ("stop it", "`stop` needs a job. Which one?"),
        ("keep it till 6pm", "`keep` needs a job. Which one?"),
        ("list subscriptions", "Nothing is followed here."),
        ("my subscriptions", "You follow nothing."),
        ("my jobs", "4 jobs"),
        ("unkeep 205", "`keep` lets a job run on"),
        ("list mine", "The Home tab of this app shows your own jobs."),
        ("cost mine", "`cost` adds up one job, or the whole project."),
        ("assign 205 to @bob", "The new owner types that"),
        ("restart failed", "`restart` takes one job."),
        ("claim all", "`claim` takes one job."),
        ("who follows 205?", "flowers-tb"),
        # Money.
        ("how much did 205 cost?", "flowers-tb (205)"),
        ("what does flowers-tb cost this month", "flowers-tb (205)"),
        ("how much did we spend this week?", "I saw no followed job running"),
        # The beginning of a name, and a time.
        ("has flowers-t crashed?", SHOWN),
        ("what failed last night?", "No failed jobs."),
        ("how expensive is a new cluster of 205?", SHOWN),
        # Questions about the bot and its commands.
        ("help with keep", "`/visjob keep 205 4h`"),
        ("how do I stop a job?", "`/visjob stop 205`"),
        ("what does snooze do?", "`/visjob snooze 205 4h`"),
        ("explain quiet", "`/visjob quiet here"),
        ("test", "I don't know a job or command called `test`. Did you mean `help`?"),
        ("how does this work?", "I report on your ModelArts TensorBoard jobs."),
        ("what am I following?", "You follow nothing."),
        ("what is followed here?", "Nothing is followed here."),
        ("are you up?", "All is well."),
        ("dead letters", "No undelivered messages."),
        ("I got no message about 205", "flowers-tb (205) has been running for 2 h 14 min. The"),
        ("205 details", SHOWN),
        ("audit last 20", "Only operators"),
        # A refusal.
        ("don't stop 205", SHOWN),
        ("do not stop 205", SHOWN),
        ("never stop 205", SHOWN),
    ],
)
async def test_plain_words_are_understood(
    world: World, typed: str, begins: str, *, is_mention: bool
) -> None:
    words, _ = await answer(world, typed, is_mention=is_mention)

    assert words.replace("\u00a0", " ").startswith(begins)


#: What is typed, and the sentences that the buttons say beside Help.
OFFERED = {
    "205 flowers-xl": ["205", "flowers-xl"],
    "stop 205 and restart 231": ["stop 205", "restart 231"],
    "stop 205; restart 231": ["stop 205", "restart 231"],
    "restart 205 or 231?": ["restart 205", "restart 231"],
    "subscribe to flowers-tb, flowers-xl": ["subscribe flowers-tb", "subscribe flowers-xl"],
    "stop telling me about 205": ["unsubscribe 205", "snooze 205 4h"],
    "subscribe me to 205": ["subscribe 205 in dm", "subscribe 205"],
    "kill 205": ["stop 205"],
    "flowers tb": ["flowers-tb"],
    "Flowers . XL?": ["flowers-xl"],
    "subscribe flowers tb for failed": ["subscribe flowers-tb for failed"],
    "extend 205 4h": ["keep 205 4h"],
    "speak chinese": ["settings language zh-CN"],
    "language zh": ["settings language zh-CN"],
    "subscribe to failures": ["subscribe project for failures"],
    "stop everything": ["list running"],
    "stop all running jobs": ["list running"],
    "restart all": ["list failed"],
    "kill": ["stop"],
    "start 231": ["restart 231"],
    "describe 205": ["details 205"],
    "logs": ["history"],
    "link": ["show"],
    "unclaim 205": ["disclaim 205"],
    "mine": ["claim"],
    "delete 205": ["stop 205", "unsubscribe 205"],
    "retry 231": ["restart 231"],
    "pause 205": ["snooze 205 4h", "snooze 205 until 18:00"],
    "extend 205": ["keep 205 4h", "keep 205 until 18:00"],
    "timeline of 205": ["history 205"],
    "move 205 to dm": ["copy 205 to dm"],
    "in english please": ["settings language en"],
    "undelivered": ["status letters"],
    # No more messages.
    **dict.fromkeys(  # noqa: RUF024 - nothing changes the lists
        (
            *("delete subscription 205", "cancel my subscription to 205", "end subscription 205"),
            *("no more messages about 205", "no notifications for 205", "disable alerts 205"),
            *("don't ping me about 205", "I don't want to follow 205 anymore", "shut up about 205"),
            *("turn off notifications for 205", "stop the noise about 205", "stop reporting 205"),
            "too many messages about 205",
        ),
        ["unsubscribe 205", "snooze 205 4h"],
    ),
    "turn off alerts for flowers": ["unsubscribe flowers", "snooze flowers 4h"],
    "don't disturb me until 9": ["snooze me until 09:00", "snooze here until 09:00"],
    "do not disturb": ["snooze me 4h", "quiet me 22:00-08:00"],
    "be quiet for 2h": ["snooze here 2h", "snooze me 2h"],
    "turn off quiet hours": ["quiet here off", "quiet me off"],
    "stop the digest": ["digest here off", "digest me off"],
    "send a daily summary here at 8:30": ["digest here at 08:30", "digest me at 08:30"],
    # More time, an owner, a post.
    "let 205 run until 18:00": ["keep 205 until 18:00"],
    "give 205 4 more hours": ["keep 205 4h"],
    "leave 205 running": ["keep 205 4h", "keep 205 until 18:00"],
    "until 18:00": ["keep until 18:00", "snooze until 18:00"],
    "205 is mine": ["claim 205"],
    "205 is not mine": ["disclaim 205"],
    "turn 205 off": ["stop 205"],
    "bring 231 back": ["restart 231"],
    "post 205 to the channel": ["205 share"],
    # What must not act on the wrong job, or at the wrong time.
    "stop 205 at 18:00": ["keep 205 until 18:00", "stop 205"],
    "stop 205 in 2h": ["keep 205 2h", "stop 205"],
    "stop 205 when it is done": ["stop 205"],
    "restart 231 tomorrow": ["restart 231"],
    **dict.fromkeys(  # noqa: RUF024
        (
            *("stop my jobs", "stop failed jobs", "stop all except 205", "stop everything but 205"),
            *("kill all", "stop both"),
        ),
        ["list running"],
    ),
    # Options in people's own spelling.
    "subscribe 205 4 failures": ["subscribe 205 for failures"],
    "subscribe 205 only failures": ["subscribe 205 for failures"],
    "subscribe 205 errors": ["subscribe 205 for failed"],
    "subscribe 205 via dm": ["subscribe 205 in dm"],
    "subscribe 205 to me": ["subscribe 205 in dm"],
    "subscribe dm": ["subscribe in dm", "subscribe"],
    "subscribe this channel to 205": ["subscribe 205"],
    "subscribe all failures": ["subscribe project for failures"],
    "subscribe all running jobs": ["subscribe project for running"],
    "keep 205 running": ["keep 205 4h", "keep 205 until 18:00"],
    "keep 205 a bit longer": ["keep 205 4h", "keep 205 until tomorrow"],
    "keep 205 forever": ["keep 205 30d"],
    "snooze 205 until after lunch": ["snooze 205 until 13:00", "snooze 205 until 14:00"],
    "snooze 205 untl 9": ["snooze 205 until 9:00", "snooze 205 until 21:00"],
    "keep 205 till eod": ["keep 205 until 18:00", "keep 205 until tomorrow"],
    "205 snooze 4h": ["snooze 205 4h"],
    "stop 205,231": ["stop 205", "stop 231"],
    "settings language de": ["settings language en", "settings language zh-CN"],
    "quiet hours": ["quiet here 22:00-08:00", "quiet me 22:00-08:00"],
}


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize("typed", OFFERED)
async def test_what_may_be_meant_is_offered(world: World, typed: str, *, is_mention: bool) -> None:
    _, offered = await answer(world, typed, is_mention=is_mention)

    assert offered == OFFERED[typed]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("stop this job", ["stop"]),
        ("stop the job 205", ["stop 205"]),
        ("subscribe the project", ["subscribe project"]),
        ("subscribe all jobs", ["subscribe project"]),
        ("subscribe 205 205", ["subscribe 205"]),
        ("open tensorboard for 205", ["205"]),
        ("stop 205 and keep 231", ["stop 205"]),
        ("stop and restart 205", ["stop 205"]),
        ("show my subscriptions", ["subscriptions here"]),
        ("stop 205 not 231", ["stop 205"]),
        ("stop not 205 but 231", ["stop 231"]),
        ("stop all jobs", ["list running"]),
        ("jobs", ["list"]),
    ],
)
async def test_a_command_with_too_many_words_is_offered_without_them(
    world: World, typed: str, offered: list[str]
) -> None:
    assert (await answer(world, typed, is_mention=False))[1] == offered


async def test_a_text_to_search_for_keeps_its_words(world: World) -> None:
    card = await world.say("list 205 flowers-tb")

    assert "205 flowers-tb" in str(card.summary)
