"""The steps of the story about quiet hours, snoozes, digests, and shortcuts and links."""

from bot.demo.acts import typed
from bot.demo.quiet_acts import (
    a_bad_night,
    find_from_the_composer,
    follow_flowers,
    make_general_speak_chinese,
    pasted,
    the_morning,
    told_the_app,
    watch_what_ben_means,
)
from bot.demo.step import Step
from bot.demo.workspace.cast import LI

QUIET = (
    Step(
        sentence="Ana subscribes to flowers-tb, too.",
        do=follow_flowers,
        sees=("Subscribed to flowers-tb",),
    ),
    Step(
        sentence="And at night she wants to hear nothing.",
        do=typed("/visjob quiet here 22:00-08:00"),
        sees=("Quiet 22:00-08:00 Europe/Berlin", "Cards stay up to date"),
    ),
    Step(
        sentence="Night falls. The job fails and is restarted: its card says so, nobody is woken.",
        do=a_bad_night,
        sees=("flowers-tb failed after", "flowers-tb is running", "told 0 times"),
    ),
    Step(
        sentence="Why was I not told? Until when it is held.",
        do=typed("/visjob why 205"),
        sees=(
            "waits: quiet hours until",
            "Failed → Running, held back",
        ),
    ),
    Step(
        sentence="In the morning all of it comes, in order, once.",
        do=the_morning,
        sees=("failed after", "was restarted", "told 2 times"),
    ),
    Step(
        sentence="A meeting: nothing of this job for 4 hours.",
        do=typed("/visjob snooze 205 4h"),
        sees=("flowers-tb (205) is snoozed here until",),
    ),
    Step(
        sentence="It is over sooner.",
        do=typed("/visjob wake 205"),
        sees=("is no longer snoozed",),
    ),
    Step(
        sentence="Ben asks about a job. She watches it from the menu of his message.",
        do=watch_what_ben_means,
        sees=("apiTest-11 (197)", "Where to post", "apiTest-11 (197)"),
    ),
    Step(
        sentence="A shortcut beside the text box finds a job from anywhere.",
        do=find_from_the_composer,
        sees=("Which job?", "resnet-sweep"),
    ),
    Step(
        sentence="A pasted link shows the job below it.",
        do=pasted(812),
        sees=("Do you see what I see?", "812", "Running", "Subscribe"),
    ),
    Step(
        sentence="Li writes to the app, without a slash, and reads Chinese.",
        do=told_the_app("flowers-tb"),
        sees=("作业", "已运行", "JOBSTAT_RUNNING"),
    ),
    Step(
        sentence="So does whatever only Li sees; the channel keeps its language.",
        do=typed("/visjob resnet-sweep", user=LI),
        sees=("resnet-sweep", "JOBSTAT_"),
    ),
    Step(
        sentence="What happens from now on comes together, once a day.",
        do=typed("/visjob digest here at 17:30 weekdays"),
        sees=("Digest at 17:30 Europe/Berlin, Monday to Friday",),
    ),
    Step(
        sentence="All of that is in one form. There she lets #general speak Chinese, and it does.",
        do=make_general_speak_chinese,
        sees=("A dialog: Settings", "Start of the quiet hours", "修改了此频道的设置"),
    ),
)
