"""The story of the demo: play each step as a person would act, and check what is shown."""

from rich.console import Console
from rich.text import Text

from bot.core.cards.cleaning import shown
from bot.core.text import NO_BREAK
from bot.demo.acts import (
    after,
    ask_in_thread,
    clicked,
    comes_back,
    count_doubles,
    end_of_outage,
    goes_dark,
    moves_on,
    open_home,
    search,
    stop_in_an_outage,
    told,
    typed,
)
from bot.demo.care_story import CARE, NOTICED
from bot.demo.indent import print_below
from bot.demo.quiet_story import QUIET
from bot.demo.step import Json, Step
from bot.demo.terminal_text import spoken
from bot.demo.world import World

_LONGEST_SAYING = 400


async def play(world: World, console: Console) -> bool:
    """Play every step, even after one failed; return True if all happened."""
    catalog = world.bot.catalog
    # The bot must know the names of jobs before the first question.
    await catalog.sweep(catalog.project(""))
    failed = 0
    for number, step in enumerate(STORY, start=1):
        seen = await _done(step, world)
        said = _words(seen)
        missing = [words for words in step.sees if words not in said]
        failed += bool(missing)
        print_below(console, Text(step.sentence, "bold"), f"{'✖' if missing else '✔'} {number}. ")
        for message in seen:
            if words := spoken(message.get("text", ""), world.workspace.state):
                print_below(console, Text(shown(words, _LONGEST_SAYING), "dim"))
        if missing:
            print_below(console, Text(f"not seen: {', '.join(missing)}", "red"))
    total = len(STORY)
    console.print(f"{total - failed} of {total} steps happened.")
    return not failed


async def _done(step: Step, world: World) -> list[Json]:
    """Return the messages of a step; none after a timeout, the error if a button is missing."""
    try:
        return await step.do(world)
    except TimeoutError:
        return []
    except LookupError as error:
        return [{"text": str(error)}]


STORY = (
    Step(
        sentence="Ana asks how job 205 is.",
        do=typed("/visjob 205"),
        sees=("flowers-tb", "Running", "JOBSTAT_RUNNING", "2 h 14 min", "/205/"),
    ),
    Step(
        sentence="She presses Refresh, and the card is drawn anew.",
        do=clicked("/visjob 205", "Refresh"),
        sees=("flowers-tb", "Running", "as of <!date^"),
    ),
    Step(
        sentence="197 is the id of one job and the name of another: she is asked which.",
        do=typed("/visjob 197"),
        sees=("Which one?", "id 197", "name 197"),
    ),
    Step(
        sentence="She means the id.",
        do=clicked("/visjob 197", "id 197"),
        sees=("apiTest-11", "Queued", "JOBSTAT_WAITING"),
    ),
    Step(
        sentence="The job gets its turn in the cloud, and the next card says so.",
        do=after(moves_on, "/visjob apiTest"),
        sees=("apiTest-11", "Running", "Open TensorBoard"),
    ),
    Step(
        sentence="What runs now?",
        do=typed("/visjob list running"),
        sees=("running jobs", "flowers-tb", "resnet-sweep", "1 d 2 h"),
    ),
    Step(
        sentence="A typing mistake gets the nearest sentence.",
        do=typed("/visjob lits running"),
        sees=("I don't know a command", "Did you mean", "list running"),
    ),
    Step(
        sentence="One press says it.",
        do=clicked("/visjob lits running", "list running"),
        sees=("running jobs", "flowers-tb"),
    ),
    Step(
        sentence="The search box finds while she types, without asking the cloud.",
        do=search,
        sees=("Which job?", "flowers-tb"),
    ),
    Step(
        sentence="The last word “share” answers in the channel.",
        do=typed("/visjob resnet-sweep share"),
        sees=("resnet-sweep", "Running"),
    ),
    Step(
        sentence="In a thread, where slash commands do not work, a mention does.",
        do=ask_in_thread,
        sees=("resnet-sweep", "Running"),
    ),
    *NOTICED,
    Step(
        sentence="She subscribes the channel to job 240.",
        do=typed("/visjob subscribe 240"),
        sees=("Subscribed", "bert-finetune", "every change of state", "Unsubscribe"),
    ),
    Step(
        sentence="The job runs, and the channel hears it from the card's thread.",
        do=told(8),
        sees=("bert-finetune", "running", "Open TensorBoard"),
    ),
    Step(
        sentence="Slack has an outage: it takes messages and loses its answers. The job stops.",
        do=stop_in_an_outage,
        sees=("loses answers",),
    ),
    Step(
        sentence="Slack is well again, and what happened meanwhile is told in order.",
        do=end_of_outage,
        sees=("bert-finetune is stopping", "bert-finetune was stopped"),
    ),
    Step(
        sentence="Nothing was lost, and nothing was told twice.",
        do=count_doubles,
        sees=("told 1 + 1 + 1 times",),
    ),
    Step(
        sentence="Why was I told? Receipts.",
        do=typed("/visjob why 240"),
        sees=("bert-finetune", "posted"),
    ),
    Step(
        sentence="A name that would ping everybody is text and nothing else.",
        do=typed("/visjob 666"),
        sees=("(666)", "<!channel> *bold*"),
    ),
    Step(
        sentence="There is no job 99999: the cloud's own words, and what to do.",
        do=typed("/visjob 99999"),
        sees=("99999", "ModelArts.0102", "List all"),
    ),
    Step(
        sentence="The cloud goes dark: the bot says so, and what it last knew.",
        do=after(goes_dark, "/visjob 205"),
        sees=("not been confirmed since", "Not confirmed since", "last seen running", "Try again"),
    ),
    Step(
        sentence="It is back.",
        do=after(comes_back, "/visjob 205"),
        sees=("flowers-tb", "Running", "Open TensorBoard"),
    ),
    *CARE,
    *QUIET,
    Step(
        sentence="Her Home tab shows what runs and what has failed.",
        do=open_home,
        # Which failures are listed, and which only counted, depends on the hour the story began.
        sees=("Running now", "flowers-tb", "Failed"),
    ),
    Step(
        sentence="Is the bot itself well?",
        do=typed("/visjob status"),
        sees=("All is well", "cloud", "database", "Slack token"),
    ),
)


def _words(messages: list[Json]) -> str:
    """Return all text of these messages that a person can see."""
    return " ".join(" ".join(_texts(message)) for message in messages).replace(NO_BREAK, " ")


def _texts(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        url = [node["url"]] if isinstance(node.get("url"), str) else []
        return own + url + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value)]
    return []
