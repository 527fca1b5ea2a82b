"""How often the cloud of a project may be called, by all replicas: the CallBudget port."""

from datetime import timedelta

from sqlalchemy import bindparam, select, text, update

from bot.store.database import Database, Transaction
from bot.store.tables import call_budget

_MINUTE = timedelta(minutes=1)

_ADD = text(
    "INSERT INTO call_budget (project_id, paid_until, held_until)"
    " VALUES (:project_id, :now, :now) ON CONFLICT (project_id) DO NOTHING"
).bindparams(bindparam("now", type_=call_budget.c.paid_until.type))


class SqlCallBudget:
    """A debt of time: each call adds its share of a minute, and time pays it off."""

    def __init__(self, database: Database, *, project_id: str) -> None:
        self._database = database
        self._project_id = project_id

    async def take_calls(self, calls: int, *, per_minute: int) -> timedelta:
        """Zero if so many calls are granted (they are then spent), else how long to wait."""

        async def write(transaction: Transaction) -> timedelta:
            return await self._take(transaction, calls, per_minute)

        return await self._database.write(write)

    async def hold_calls(self, *, opens_in: timedelta) -> None:
        """The cloud asked to wait: nothing is granted until then."""

        async def write(transaction: Transaction) -> None:
            await self._add(transaction)
            until = transaction.now + opens_in
            await transaction.connection.execute(
                update(call_budget)
                .where(
                    call_budget.c.project_id == self._project_id,
                    call_budget.c.held_until < until,
                )
                .values(held_until=until)
            )

        await self._database.write(write)

    async def _take(self, transaction: Transaction, calls: int, per_minute: int) -> timedelta:
        await self._add(transaction)
        now = transaction.now
        mine = call_budget.c.project_id == self._project_id
        query = select(call_budget).where(mine).with_for_update()
        row = (await transaction.connection.execute(query)).mappings().one()
        if row["held_until"] > now:
            return row["held_until"] - now  # type: ignore[no-any-return]  # a column of times
        if not per_minute:
            return timedelta(0)
        owed: timedelta = max(row["paid_until"] - now, timedelta(0))
        cost = _MINUTE * calls / per_minute
        if owed and owed + cost > _MINUTE:
            return min(owed, owed + cost - _MINUTE)
        await transaction.connection.execute(
            update(call_budget).where(mine).values(paid_until=now + owed + cost)
        )
        return timedelta(0)

    async def _add(self, transaction: Transaction) -> None:
        await transaction.connection.execute(
            _ADD, {"project_id": self._project_id, "now": transaction.now}
        )
