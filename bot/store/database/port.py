"""Make the methods of a port over SQL: each runs one function in one transaction."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.store.database.database import CALL_DEADLINE, Database, Transaction

P = ParamSpec("P")
Answer = TypeVar("Answer")


class SqlPort:
    """The base of all ports over SQL. Their methods raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database


def reading(
    work: Callable[Concatenate[Transaction, P], Answer],
) -> Callable[Concatenate[SqlPort, P], Coroutine[Any, Any, Answer]]:
    """Make a port's method of a function that only reads."""

    @wraps(work)
    async def method(port: SqlPort, /, *given: P.args, **named: P.kwargs) -> Answer:
        return await port._database.read(lambda transaction: work(transaction, *given, **named))

    return method


def writing(
    work: Callable[Concatenate[Transaction, P], Answer],
    *,
    deadline: timedelta = CALL_DEADLINE,
    checkpoints_after: bool = False,
) -> Callable[Concatenate[SqlPort, P], Coroutine[Any, Any, Answer]]:
    """Make a port's method of a function that writes: everything is committed, or nothing.

    `checkpoints_after` checkpoints a SQLite file afterwards, because people copy the bare file.
    """

    @wraps(work)
    async def method(port: SqlPort, /, *given: P.args, **named: P.kwargs) -> Answer:
        answer = await port._database.write(
            lambda transaction: work(transaction, *given, **named), deadline=deadline
        )
        if checkpoints_after:
            await port._database.checkpoint()
        return answer

    return method
