"""Blocks that Slack gives to one workspace after the other, and a message without them."""

from bot.slack.charts import CHART
from bot.slack.tables import TABLE, table_as_text
from bot.slack.text_objects import Json


def in_older_blocks(message: Json) -> Json:
    """The same message in blocks that every workspace has: a table as text, and no charts, as the
    rest says the same. The message itself where it has neither."""
    blocks = message.get("blocks") or []
    if not any(block.get("type") in (CHART, TABLE) for block in blocks):
        return message
    kept = [block for block in blocks if block.get("type") != CHART]
    older = [table_as_text(one) if one.get("type") == TABLE else one for one in kept]
    return {**message, "blocks": older}
