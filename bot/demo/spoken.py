"""What a message's `text` says, as a terminal shows it: Slack's tokens as the words for them."""

import html
import re

from bot.demo.workspace.state import WorkspaceState

# docs.slack.dev/messaging/formatting-message-text: what it points to, and the words for it.
_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def spoken(text: str, state: WorkspaceState) -> str:
    """The text in words; people and channels by their names."""

    def words_for(token: re.Match[str]) -> str:
        target, words = token[1], token[2]
        if target.startswith("@") and (person := state.people.get(target[1:])):
            return person.real_name
        if target.startswith("#") and (channel := state.find_channel(target[1:])):
            return f"#{channel.name}"
        return words or target

    return html.unescape(_TOKEN.sub(words_for, text))
