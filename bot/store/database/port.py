"""A port of the store: each of its methods runs one function in one transaction."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.store.database.database import CALL_DEADLINE, Database, Transaction

P = ParamSpec("P")
Answer = TypeVar("Answer")


class SqlPort:
    """Its methods are `reading` and `writing` functions, and raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database


def reading(
    work: Callable[Concatenate[Transaction, P], Answer],
) -> Callable[Concatenate[SqlPort, P], Coroutine[Any, Any, Answer]]:
    """Make a method of a function that only reads."""

    @wraps(work)
    async def method(port: SqlPort, /, *given: P.args, **named: P.kwargs) -> Answer:
        return await port._database.read(lambda transaction: work(transaction, *given, **named))

    return method


def writing(
    work: Callable[Concatenate[Transaction, P], Answer],
    *,
    deadline: timedelta = CALL_DEADLINE,
    is_for_copies: bool = False,
) -> Callable[Concatenate[SqlPort, P], Coroutine[Any, Any, Answer]]:
    """Make a method of a function that writes; all that it does is kept, or nothing.

    `is_for_copies` brings it into the SQLite file itself, which people copy as it is.
    """

    @wraps(work)
    async def method(port: SqlPort, /, *given: P.args, **named: P.kwargs) -> Answer:
        answer = await port._database.write(
            lambda transaction: work(transaction, *given, **named), deadline=deadline
        )
        if is_for_copies:
            await port._database.shorten_log()
        return answer

    return method
