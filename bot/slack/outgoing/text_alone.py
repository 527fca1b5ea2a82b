"""What is left of a message if Slack refuses a part of it. People still get the message."""

import hashlib

import orjson
import structlog

from bot.core.errors import MessageRejected
from bot.slack.text_objects import Json

_log = structlog.get_logger(__name__)

#: Slack's code for a reply that it does not show in the channel as well.
BROADCAST_REFUSED = "cant_broadcast_message"
#: Slack's codes for blocks that it refuses; such a refusal is a bug of ours.
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})


def reduced(message: Json, refused: MessageRejected) -> Json:
    """Return a message without the part that Slack refused: the broadcast of a reply, or the
    blocks. Raises `refused` if Slack refused anything else."""
    if refused.code == BROADCAST_REFUSED and message.get("reply_broadcast"):
        _log.warning("broadcast_refused", channel=message.get("channel"))
        return {name: part for name, part in message.items() if name != "reply_broadcast"}
    return text_alone(message, refused)


def text_alone(message: Json, refused: MessageRejected) -> Json:
    """Return a message without its blocks, but with the metadata by which it is found. Raises
    `refused` if Slack refused anything but the blocks."""
    if refused.code not in BLOCKS_REFUSED or not (message.get("blocks") and message.get("text")):
        raise refused
    # The log must not show the words of the message, so log a digest of its blocks.
    digest = hashlib.sha256(orjson.dumps(message["blocks"])).hexdigest()
    _log.error("blocks_refused", code=refused.code, blocks_sha256=digest)
    return {name: part for name, part in message.items() if name != "blocks"}
