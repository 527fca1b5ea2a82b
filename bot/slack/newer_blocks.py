"""Replace the blocks that Slack has not enabled in every workspace yet."""

from bot.slack.charts import CHART
from bot.slack.tables import TABLE, table_as_text
from bot.slack.text_objects import Json


def in_older_blocks(message: Json) -> Json:
    """Return the message in blocks that every workspace has: with tables as text, and without
    charts, whose figures the text repeats. A message that has neither is returned itself."""
    blocks = message.get("blocks") or []
    if not any(block.get("type") in (CHART, TABLE) for block in blocks):
        return message
    kept = [block for block in blocks if block.get("type") != CHART]
    older = [table_as_text(one) if one.get("type") == TABLE else one for one in kept]
    return {**message, "blocks": older}
