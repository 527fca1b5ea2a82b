"""The help card: what can be typed."""

from functools import lru_cache

from bot.core.cards.card import (
    Action,
    Card,
    Code,
    Emphasis,
    Line,
    Strong,
)
from bot.core.commands.command import Command
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.job_reference import LastJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import Show
from bot.core.commands.status import Status
from bot.core.job import Phase

_HELP: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("205", "how job 205 is: by id, name, the beginning of a name, or a pasted link"),
        ("list [running|failed|queued|stopped|finished] [text]", "the project's jobs"),
        ("find text", "search while you type"),
        ("last", "the job you last asked for"),
        ("subscribe 205", "tell this channel whenever the job changes; also: text*, project"),
        ("unsubscribe 205", "tell it no more"),
        ("subscriptions [here|mine|all]", "who is told of what"),
        ("why 205", "what was seen of a job, and what was sent of it"),
        ("status [letters]", "is the bot itself well; what was never sent, and why"),
        ("… share", "as the last word: answer in the channel, for everybody"),
    ),
    "list": (
        ("list", "all jobs, newest first"),
        ("list running", "one kind: running, failed, queued, stopped or finished"),
        ("list failed flowers", "of these, the ones with the text in name or description"),
        ("ls", "the same, shorter"),
    ),
    "find": (
        ("find", "a search box that looks while you type"),
        ("find flowers", "the same, with what the text finds"),
    ),
    "subscribe": (
        ("subscribe 205", "every change of one job, until it ends"),
        ("subscribe flowers* for failures", "all jobs whose name matches; project means every job"),
        (
            "subscribe 205 for running,failed",
            "events: started, running, failed, stopped, finished, deleted; or all, failures",
        ),
        ("subscribe 205 in dm until 18:00", "elsewhere: dm or a #channel; an end: 4h, tomorrow"),
        (
            "subscribe 205 as card",
            "thread: below its card; card: no message; channel: for all",
        ),
        ("subscribe project preview", "what the last 7 days would have sent; nothing is kept"),
        ("watch 205", "the same, shorter"),
    ),
    "unsubscribe": (
        ("unsubscribe 205", "one job, pattern or project, told here"),
        ("unsubscribe all in dm", "everything that is told in one place"),
    ),
    "subscriptions": (
        ("subscriptions", "what is told here; mine: what you asked for; all: everywhere"),
        ("subscriptions export", "the same as YAML, in sentences that can be said again"),
    ),
    "copy": (
        ("copy 205 to dm", "one subscription of this place for another: dm or a #channel"),
        ("copy all to #channel", "all of them, with # picked from Slack's list"),
    ),
    "why": (("why 205", "when the job changed, and what this place was told, or why not"),),
    "status": (
        ("status", "last good read of the cloud, database, Slack: is the bot well?"),
        ("status letters", "what was never sent, and why, with buttons that send it again"),
    ),
    "redeliver": (
        ("redeliver all", "send again what was never sent; what may have been is looked for first"),
    ),
    "help": (("help", "everything that can be said"), ("help list", "one verb, with examples")),
}


@lru_cache(maxsize=16)
def help_card(command: Help, *, slash_command: str) -> Card:
    """The grammar, with examples and buttons that say them."""
    rows = _HELP[command.verb]
    lines: list[Line] = [
        (Code(f"{slash_command} {sentence}"), f"  {meaning}") for sentence, meaning in rows
    ]
    if not command.verb:
        lines.insert(0, (Strong("I tell how TensorBoard jobs in ModelArts are doing."),))
    return Card(
        summary="What you can say: "
        + "; ".join(f"{slash_command} {sentence}: {meaning}" for sentence, meaning in rows)
        + ".",
        lines=tuple(lines),
        controls=(
            say_button("List running", ListJobs(Phase.RUNNING)),
            say_button("List all", ListJobs()),
            say_button("Find…", Find()),
            say_button("Last job", Show(LastJob())),
            say_button("Status", Status()),
        ),
    )


def say_button(
    label: str,
    command: Command,
    emphasis: Emphasis = Emphasis.PLAIN,
    *,
    renews: bool = False,
) -> Action:
    return Action(label=label, command=command, emphasis=emphasis, renews_card=renews)
