"""Sentences typed on unusual keyboards or in a hurry, in the running bot."""

import pytest

from tests.world import World, said

#: A sentence, the beginning of the answer, and its first button if that matters.
TYPED: list[tuple[str, str, str]] = [
    ("205 :rocket:", "flowers-tb has been running", ""),
    ("205 🚀", "flowers-tb has been running", ""),
    ("stop 205 🙏", "Stop flowers-tb (205)?", ""),
    ("ｓｔｏｐ ２０５ :pray:", "Stop flowers-tb (205)?", ""),
    ("list running 🙏", "3 running jobs.", ""),
    ("stop stop 205", "Stop flowers-tb (205)?", ""),
    ("subscribe subscribe 205", "Subscribed to flowers-tb (205).", ""),
    ("stop 205 please", "Stop flowers-tb (205)?", ""),
    ("stop the job 205", "`stop` takes one job. Did you mean `stop 205`?", "stop 205"),
    ("stop 205, 231", "You asked for several things; I do one at a time.", "stop 205"),
    ("205 stop now", "I don't know a command called `205`. Did you mean `stop 205`?", "stop 205"),
    ("why did 231 fail?", "resnet-sweep (231) has been running", ""),
    ("why 231 banana", "`why` takes one job, and `details` after it.", "why 231"),
    ("status of 205", "flowers-tb has been running", ""),
    ("205 status", "flowers-tb has been running", ""),
    ("205 231", "You named several jobs", "205"),
    ("205\n231", "You named several jobs", "205"),
    ("remind me about 205 in 2h", "I can't remind you at a set time",
     "subscribe 205 for stuck,cost in dm"),
    ("notify me when 205 finishes", "A subscription does that.",
     "subscribe 205 for failed,stopped,finished in dm"),
    ("205 完成时通知我", "A subscription does that.",
     "subscribe 205 for failed,stopped,finished in dm"),
    ("静默 205 4小时", "I don't know a command called `静默`.", "snooze 205 4h"),
    ("subscribe 205 in 4h", "`4h` is a time; `in` takes a channel.", "subscribe 205 until 4h"),
    ("snooze me until 后天", "Your direct messages are snoozed", ""),
    ("is 205 done?", "flowers-tb has been running", ""),
    ("is 205 running?", "flowers-tb has been running", ""),
    ("205 怎么样", "flowers-tb has been running", ""),
    ("205 现在怎么样了？", "flowers-tb has been running", ""),
    ("is flowers-tb done yet?", "flowers-tb has been running", ""),
    ("can you show 205", "flowers-tb has been running", ""),
    ("please stop 205", "Stop flowers-tb (205)?", ""),
    ("could you list running jobs", "3 running jobs.", ""),
    ("are 205 and 231 running?", "You named several jobs", ""),
    ("subscribe 205 dm", "`dm` is one word too many", "subscribe 205 in dm"),
    ("subscribe 205 failed", "`failed` is one word too many", "subscribe 205 for failed"),
    ("history 205 last 7 days", "`history` does not know `last`", "history 205"),
    ("cost this week", "", ""),
    ("language zh", "I don't know a command called `language`.", "settings language zh"),
    ("+205", "`+205` is not a job id", "205"),
    ("kill 205", "I don't know a command called `kill`. Did you mean `stop 205`?", "stop 205"),
    ("停 205", "I don't know a command called `停`. Did you mean `stop 205`?", "stop 205"),
    ("订阅205失败", "I don't know a command called `订阅`.", "subscribe 205 for failed"),
    ("keep 205 4 hours", "Nobody follows flowers-tb (205)", ""),
    ("keep 205 for 1h 30m", "Nobody follows flowers-tb (205)", ""),
    ("snooze 205 30 min", "flowers-tb (205) isn't followed here", ""),
    ("snooze me 2 Days", "Your direct messages are snoozed", ""),
    ("subscribe 205 until 2 days", "Subscribed to flowers-tb (205).", ""),
    ("flowers-tb (205)", "flowers-tb has been running", ""),
    ("205 (flowers-tb)", "flowers-tb has been running", ""),
    ("🟢 flowers-tb (job 205).", "flowers-tb has been running", ""),
    ("197 (812)", "197 ", ""),
    ("stop flowers-tb (205)", "Stop flowers-tb (205)?", ""),
    ("stop (205)", "Stop flowers-tb (205)?", ""),
    ("🙏205", "flowers-tb has been running", ""),
    ("flowers-tb👍🏽", "flowers-tb has been running", ""),
    ("list running🙏", "3 running jobs.", ""),
    ("flowersーtb", "flowers-tb has been running", ""),
    ("№205", "flowers-tb has been running", ""),
    ("- 205", "flowers-tb has been running", ""),
    ("* stop 205", "Stop flowers-tb (205)?", ""),
    ("／visjob 205", "flowers-tb has been running", ""),
    ("flowers\\-tb", "flowers-tb has been running", ""),
    ("console.huaweicloud.com/modelarts2/tensorboard/04f6/205/#scalars",
     "flowers-tb has been running", ""),
    ("GET /v1/04f6/visualization-jobs/205?x=1", "flowers-tb has been running", ""),
    ("205,231", "`205,231` names several jobs; I take one at a time. Did you mean", "205"),
    ("stop 205；231", "`205;231` names several jobs; I take one at a time. Did you mean",
     "stop 205"),
    ("subscribe 205、231 for failed", "`205、231` names several jobs",
     "subscribe 205 for failed"),
    ("subscribe 205 and 231 for failed", "`and` is one word too many", "subscribe 205 for failed"),
    ("1,865,551,234", "`1,865,551,234` is not a job id", ""),
    ("keep 205 4 parsecs", "`keep` takes one job, and until when.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "begins", "button"), TYPED, ids=[row[0] for row in TYPED])
async def test_it_is_understood_or_met_with_what_was_meant(
    world: World, typed: str, begins: str, button: str
) -> None:
    answer = await world.type(f"/visjob {typed}")

    assert answer["text"].startswith(begins)
    assert f'"value": "{button}' in said(answer)
