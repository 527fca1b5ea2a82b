"""`visjob migrate`: bring the schema up to date, and make a restored database safe to serve."""

from bot.config import Settings
from bot.core.text import Text, enumeration, say, say_many
from bot.serve.clock import utc_now
from bot.store import migrate, reconcile


async def bring_up(settings: Settings, *, reconciles: bool) -> tuple[Text, ...]:
    """Migrate and, if asked, reconcile; return lines for the operator. Raises StoreUnavailable."""
    url = settings.database_url.get_secret_value()
    applied = await migrate(url)
    schema = say("The schema is up to date.")
    if applied:
        schema = say("Applied: {names}.", names=enumeration(applied))
    if not reconciles:
        return (schema,)
    found = await reconcile(url, clock=utc_now)
    return (
        schema,
        say(
            "{open} and {sent} of the last 24 h are looked for in Slack; nothing is posted before "
            "it was looked for.",
            open=say_many("{count} open message", "{count} open messages", found.open),
            sent=say_many("{count} sent one", "{count} sent ones", found.sent),
        ),
        say(
            "Start `visjob serve` now. It needs the right to read history: without it, open"
            " messages stay undelivered (see `{command} status letters`).",
            command=settings.command,
        ),
    )
