"""The bot's words about itself: welcomes to channels and people, and answers to small talk."""

from bot.core.cards.card import Action, Card, Code, Emphasis, Line, Strong
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.subscribe import SubscribeForm
from bot.core.job import Phase
from bot.core.text import say, sentences

_HELLO = say("Hello! I report on your ModelArts TensorBoard jobs.")


def channel_welcome(*, slash_command: str, is_shared: bool) -> Card:
    """Return the welcome to a channel; `is_shared` if another company is in it."""
    meanings = {
        f"{slash_command} 205": say("how a job is, and where to open it"),
        f"{slash_command} list running": say("what is running now"),
        f"{slash_command} subscribe 205": say("post every change of a job here"),
    }
    how = say("Subscribe this channel to a job, or type a command:")
    lines: list[Line] = [(Code(text), "  ", meaning) for text, meaning in meanings.items()]
    rows = [
        say("{sentence}: {meaning}.", sentence=Code(text), meaning=meaning)
        for text, meaning in meanings.items()
    ]
    whom = say("I only answer people of the workspace that installed me.")
    return Card(
        summary=sentences(_HELLO, how, *rows, whom if is_shared else ""),
        lines=((Strong(_HELLO),), (how,), *lines),
        notes=((whom,),) if is_shared else (),
        controls=(
            Action(
                label=say("Subscribe to a job…"), command=SubscribeForm(), emphasis=Emphasis.PRIMARY
            ),
            Action(label=say("Find…"), command=Find()),
            Action(label=say("Help"), command=Help()),
        ),
    )


def nod_card() -> Card:
    """Answer thanks."""
    return Card(summary=_WELCOME, lines=((_WELCOME,),))


_WELCOME = say("You're welcome.")


def brief_help(*, slash_command: str) -> Card:
    """Answer a hello, with the most used commands; `slash_command` is empty where none is
    needed."""
    meanings = {
        f"{slash_command} list running".strip(): say("what is running now"),
        f"{slash_command} 205".strip(): say("how a job is, and where to open it"),
        f"{slash_command} subscribe 205".strip(): say("post every change of a job here"),
    }
    purpose = say("I report on your ModelArts TensorBoard jobs. For example:")
    rows = [
        say("{sentence}: {meaning}.", sentence=Code(text), meaning=meaning)
        for text, meaning in meanings.items()
    ]
    return Card(
        subject=say("Help"),
        summary=sentences(purpose, *rows),
        lines=(
            ("👋 ", purpose),
            *((Code(text), "  ", meaning) for text, meaning in meanings.items()),
        ),
        controls=(
            Action(
                label=say("List running"),
                command=ListJobs(Phase.RUNNING),
                emphasis=Emphasis.PRIMARY,
            ),
            Action(label=say("Find…"), command=Find()),
            Action(label=say("All commands"), command=Help()),
        ),
    )


def direct_welcome() -> Card:
    """Return the welcome to a person, in the direct message with the bot."""
    how = say(
        "Type here without a slash: a job's id or name, `list running`, `subscribe 205` or `help`."
    )
    thread = say("In the thread of a card, `why` or `history` means the job of that card.")
    return Card(
        summary=sentences(_HELLO, how, thread),
        lines=((Strong(_HELLO),), (how,), (thread,)),
        controls=(
            Action(label=say("List running"), command=ListJobs(Phase.RUNNING)),
            Action(label=say("Find…"), command=Find()),
            Action(label=say("Help"), command=Help()),
        ),
    )


def no_text_card() -> Card:
    """Answer a message that has a file and no text."""
    sentence = say("I can't read files. Type a job's id or name, such as `205`, or `help`.")
    return Card(
        summary=sentence,
        lines=((sentence,),),
        controls=(
            Action(label=say("Find…"), command=Find()),
            Action(label=say("Help"), command=Help()),
        ),
    )
