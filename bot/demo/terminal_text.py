"""Render a message's `text` for a terminal: Slack's tokens become words."""

import html
import re

from bot.demo.workspace.state import WorkspaceState

# docs.slack.dev/messaging/formatting-message-text: the target of a token, and its words.
_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def spoken(text: str, state: WorkspaceState) -> str:
    """Return the text in words, with the names of people and channels."""

    def words_for(token: re.Match[str]) -> str:
        target, words = token[1], token[2]
        if target.startswith("@") and (person := state.people.get(target[1:])):
            return person.real_name
        if target.startswith("#") and (channel := state.find_channel(target[1:])):
            return f"#{channel.name}"
        return words or target

    return html.unescape(_TOKEN.sub(words_for, text))
