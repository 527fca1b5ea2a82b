"""Run migrations that are killed: `python -m tests.proof.dying_migration`.

The program reads lines `STATEMENT URL`. For each it forks a process that migrates that database and
kills itself just before the statement of this number (the COMMIT counts as one); then it answers
`killed` or `done`.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import alembic.command  # noqa: F401 - so that no fork has to import it
import psycopg  # noqa: F401 - likewise
from sqlalchemy import event

from bot.store.database.schema import bring_up
from bot.store.open import open_engine


def main() -> None:
    """Fork a process for each line of the input."""
    for line in sys.stdin:
        fatal, url = line.split()
        process_id = os.fork()
        if not process_id:
            _migrate(url, int(fatal))
            os._exit(0)
        _, status = os.waitpid(process_id, 0)
        assert os.WIFSIGNALED(status) or not status, "the migration failed by itself"
        sys.stdout.write("killed\n" if status else "done\n")
        sys.stdout.flush()


def _migrate(url: str, fatal: int) -> None:
    engine, _ = open_engine(url)
    passed = 0

    def die_at_last(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", die_at_last)
    event.listen(engine, "commit", die_at_last)
    bring_up(engine)
    engine.dispose()


class Deaths:
    """The running program, as a test uses it."""

    def __init__(self, program: "Popen[str]") -> None:
        self._program = program

    def migrate(self, url: str, fatal: int) -> bool:
        """Migrate a database; True if the process was killed before the end."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(f"{fatal} {url}\n")
        self._program.stdin.flush()
        answer = self._program.stdout.readline().strip()
        assert answer in ("killed", "done"), "the migration failed by itself"
        return answer == "killed"


@contextmanager
def dying(source: Path) -> Iterator[Deaths]:
    """Run the program until the end of the context."""
    command = [sys.executable, "-m", "tests.proof.dying_migration"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=source) as program:
        yield Deaths(program)
        assert program.stdin
        program.stdin.close()


if __name__ == "__main__":
    main()
