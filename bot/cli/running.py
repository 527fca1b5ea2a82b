"""The start of every command: its settings and its event loop."""

import gc
import logging
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from bot.cli.sentences import complain, fail, wants_facts
from bot.core.errors import BotError
from bot.core.text import Text, say_many

if TYPE_CHECKING:
    from bot.config import Need, Settings

_T = TypeVar("_T")


def settings_for(needs: "frozenset[Need]") -> "Settings":
    """Return the settings, or print all that is wrong with them and exit with code 2."""
    from bot.config import BadSettings, load_settings

    try:
        return load_settings(needs)
    except BadSettings as error:
        from bot.locale import language_of

        language = language_of(error.language)
        problems = [language.plain(problem.sentence) for problem in error.problems]
        verdict = language.plain(_verdict(len(problems)))
        if wants_facts():
            from bot.cli.terminal import write_json

            write_json({"error": {"sentence": verdict, "hint": None, "problems": problems}})
        for sentence in (*problems, verdict):
            complain(sentence)
        sys.exit(2)


def _verdict(count: int) -> Text:
    return say_many(
        "{count} setting needs fixing (see docs/settings.md).",
        "{count} settings need fixing (see docs/settings.md).",
        count,
    )


def fail_with(error: BotError, settings: "Settings") -> NoReturn:
    """Print the error and its hint, and exit with code 1."""
    from bot.locale import language_of

    language = language_of(settings.language)
    fail(f"{language.plain(error.sentence)}\n{language.plain(error.hint)}")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run the coroutine to its end, and return its result."""
    import asyncio

    if not gc.isenabled():  # we run as the program, not inside a test or another program
        # Freezing excludes the imported modules from the first collection, which saves a tenth of
        # every start.
        gc.freeze()
        gc.enable()
    try:
        import uvloop
    except ImportError:  # uvloop is not available on every platform
        with _answer_alone():
            return asyncio.run(work)
    with _answer_alone(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def _answer_alone() -> Iterator[None]:
    """Keep the log out of standard output, which has the answer, and print its errors alone;
    `serve` has set up a log before."""
    # A command that does not import structlog has nothing to log, and starts sooner.
    structlog: Any = sys.modules.get("structlog")
    if structlog is None or structlog.is_configured():
        yield
        return
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,  # without local variables, which may be secrets
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.reset_defaults()
