"""Open connections to PostgreSQL, and drop the pooled ones that have become useless."""

from typing import TYPE_CHECKING

from sqlalchemy.engine import ExceptionContext

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.database.cuttable_connection import hold_new
from bot.store.database.failures import Address

if TYPE_CHECKING:
    import psycopg

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_USELESS_CONNECTION = frozenset(
    {
        "25006",  # read_only_sql_transaction: the server is no primary (any more)
        "25P02",  # in_failed_sql_transaction: none of our transactions goes on after an error
        "25P03",  # idle_in_transaction_session_timeout
        "57P01",  # admin_shutdown
        "57P02",  # crash_shutdown
        "57P03",  # cannot_connect_now
        "57P05",  # idle_session_timeout
    }
)
_CONNECTION_EXCEPTIONS = "08"  # the class of codes to which PgBouncer's own errors belong


def connect(conninfo: str, address: Address) -> "psycopg.Connection":
    """Open a connection. Raises StoreUnavailable if the database's encoding is not UTF8."""
    import psycopg  # slow to import, and SQLite does not need it

    # Behind a transaction pooler each transaction may run in another server process, which does
    # not know the statements that were prepared in the last one.
    connection = psycopg.Connection.connect(conninfo, prepare_threshold=None)
    hold_new(connection)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding == "UTF8":
        return connection
    connection.close()
    raise StoreUnavailable(
        say(
            "The encoding is {encoding}, and UTF8 is needed for names and notices of every script:"
            " {database}.",
            database=address.words,
            encoding=str(encoding),
        ),
        hint=say(
            "Make one that has it: CREATE DATABASE visjob_utf8 ENCODING 'UTF8' LC_COLLATE 'C'"
            " LC_CTYPE 'C' TEMPLATE template0; and name it in DATABASE_URL."
        ),
    )


def drop_useless_connections(context: ExceptionContext) -> None:
    """Mark the error as a disconnect, so that SQLAlchemy drops this and all older connections."""
    code = getattr(context.original_exception, "sqlstate", None) or ""
    if code in _USELESS_CONNECTION or code.startswith(_CONNECTION_EXCEPTIONS):
        context.is_disconnect = True
