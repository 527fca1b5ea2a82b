"""The door to the database."""

from bot.clock import monotonic
from bot.config import Settings
from bot.core.health import Check, Verdict
from bot.core.ports import Clock
from bot.steady_clock import SteadyClock
from bot.store.open import open_store
from bot.store.sql_store import SqlStore


def open_database(settings: Settings, project_id: str, clock: Clock) -> SqlStore:
    """The database, not touched yet. Raises StoreUnavailable if the URL is none."""
    return open_store(
        settings.database_url.get_secret_value(),
        project_id=project_id,
        # Due times and leases must not wait for a wall clock that was set back.
        clock=SteadyClock(clock, monotonic=monotonic),
        lease=settings.lease,
        settle=settings.settle,
        interval=settings.poll_interval,
    )


async def store_checks(store: SqlStore) -> tuple[Check, ...]:
    """How the database is, as rows."""
    condition = await store.check()
    if not condition.is_reachable:
        return (_check("database", condition.problem, condition.cure),)
    schema = _check("schema", condition.problem, condition.cure) if condition.problem else None
    return (
        Check(name="database", verdict=Verdict.OK, found=condition.place),
        schema or Check(name="schema", verdict=Verdict.OK, found="up to date"),
    )


def _check(name: str, problem: str, cure: str) -> Check:
    return Check(name=name, verdict=Verdict.FAILED, found=problem, cure=cure)
