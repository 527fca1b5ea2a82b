"""The steps of the story about a job that runs for too long, and another that waits."""

from bot.core.text import NO_BREAK
from bot.demo.acts import clicked, told, typed
from bot.demo.care_acts import (
    a_day_passes,
    a_minute_passes,
    card_says,
    drawn,
    noted,
    still_waits,
    waits_in_line,
)
from bot.demo.step import Step
from bot.demo.workspace.cast import BEN

NOTICED = (
    Step(
        sentence="resnet-sweep has run for 1 d 2 h. Who follows it hears that at once.",
        do=typed("/visjob subscribe 231"),
        sees=("Subscribed", "resnet-sweep has already been running for 1 d 2 h"),
    ),
    Step(
        sentence="It is Ana's. She says so.",
        do=typed("/visjob claim 231"),
        sees=("is yours now",),
    ),
    Step(
        sentence="yolo-traffic waits for a machine. Ben subscribes to it, and says that it is his.",
        do=waits_in_line,
        sees=("Subscribed to yolo-traffic", "yolo-traffic (244) is yours now"),
    ),
)

CARE = (
    Step(
        sentence="A day later nobody has stopped it: the channel is told, and she is asked.",
        do=a_day_passes,
        sees=(
            "has been running for 2 d 2 h and is billed",
            "EUR so far",
            "is it still needed?",
            "Stop…",
            "Keep 4 h",
            "Keep until 18:00",
            "Not mine",
        ),
    ),
    Step(
        sentence="One press keeps it for 4 hours,",
        do=noted(231, "cost", f"Keep 4{NO_BREAK}h"),
        sees=("resnet-sweep (231) is kept until", "Undo"),
    ),
    Step(
        sentence="and its card says until when, and for whom.",
        do=card_says(231, "Kept until"),
        sees=("Kept until", "by <@U0ANA00001>"),
    ),
    Step(
        sentence="On second thoughts, a minute will do.",
        do=typed("/visjob keep resnet-sweep 1m"),
        sees=("resnet-sweep (231) is kept until",),
    ),
    Step(
        sentence="A minute later it still runs: that is said once.",
        do=a_minute_passes,
        sees=("is no longer kept", "has been running for 2 d 2 h", "Stop…"),
    ),
    Step(
        sentence="And Ben's job still waits, for longer than usual here: that is said, too.",
        do=still_waits,
        sees=("has been queued for", "is slow to start", "<@U0BEN00001>, please have a look"),
    ),
    Step(
        sentence="Ben wants to stop a job. He is no operator.",
        do=clicked("/visjob flowers-tb", "Stop…", user=BEN),
        sees=("Only operators may stop jobs.", "Ask "),
    ),
    Step(
        sentence="Ana is one. Slack asks her whether she means it, and the job is stopped once.",
        do=noted(231, "lease_over", "Stop…"),
        sees=("The page closes for everybody", "Stopping resnet-sweep", "ModelArts has accepted"),
    ),
    Step(
        sentence="Its card says who asked.",
        do=card_says(231, "Stopping, asked by"),
        sees=("Stopping, asked by <@U0ANA00001>",),
    ),
    Step(
        sentence="It has stopped. The channel hears it once the cloud says so,",
        do=told(12, 231),
        sees=("resnet-sweep was stopped after",),
    ),
    Step(
        sentence="and the card keeps who it was.",
        do=card_says(231, "Stopped, asked by"),
        sees=("Stopped, asked by <@U0ANA00001>",),
    ),
    Step(
        sentence="Ben's job gets its machine,",
        do=told(8, 244),
        sees=("yolo-traffic is running",),
    ),
    Step(
        sentence="and fails. Its owner is mentioned, and nobody else.",
        do=told(11, 244),
        sees=("yolo-traffic", "failed", "<@U0BEN00001>"),
    ),
    Step(
        sentence="What has it been through? A bar, the steps, and a chart.",
        do=drawn("/visjob history 240 7d"),
        sees=("bert-finetune (240) ran", "Watched since", "A chart: "),
    ),
    Step(
        sentence="What has it all cost?",
        do=drawn("/visjob cost today"),
        sees=("resnet-sweep (231)", "EUR"),
    ),
    Step(
        sentence="Who stopped what? Every attempt is written down.",
        do=typed("/visjob audit"),
        sees=("wanted to stop", "ModelArts accepted it", "refused, no operator"),
    ),
)
