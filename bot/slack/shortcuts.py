"""The shortcuts of the app. docs.slack.dev/interactivity/implementing-shortcuts"""

from typing import NamedTuple

FIND = "visjob_find"
WATCH = "visjob_watch"


class Shortcut(NamedTuple):
    """One line of Slack's list of shortcuts; the fields are the manifest's."""

    name: str
    type: str
    callback_id: str
    description: str


SHORTCUTS = (
    Shortcut("Find a job", "global", FIND, "Search for a TensorBoard job and see how it is"),
    Shortcut("Watch this job", "message", WATCH, "Subscribe to the job that this message is about"),
)
