"""`visjob migrate`: the schema brought up to date, and a restored database made safe to serve."""

from bot.config import Settings
from bot.core.cards.wording import count_words
from bot.serve.clock import utc_now
from bot.store import migrate, reconcile


async def bring_up(settings: Settings, *, reconciles: bool) -> tuple[str, ...]:
    """Do it; what was done, in lines for the operator. Raises StoreUnavailable."""
    url = settings.database_url.get_secret_value()
    applied = await migrate(url)
    schema = f"Applied: {', '.join(applied)}." if applied else "The schema is up to date."
    if not reconciles:
        return (schema,)
    found = await reconcile(url, clock=utc_now)
    return (
        schema,
        f"{count_words(found.open, 'open message')} and {count_words(found.sent, 'sent one')}"
        " of the last 24 h are looked for in Slack; nothing is posted before it was looked for.",
        "Start `visjob serve` now. It needs the right to read history: without it, what is open"
        f" becomes dead letters (see `{settings.command} status letters`).",
    )
