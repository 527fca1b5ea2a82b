"""What every command of the command line begins with: its settings, its logs, its loop."""

import gc
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from bot.cli.sentences import complain

if TYPE_CHECKING:
    from bot.config import Need, Settings

_T = TypeVar("_T")


def settings_for(needs: "frozenset[Need]") -> "Settings":
    """The settings, or all that is wrong with them and exit code 2."""
    from bot.config import BadSettings, load_settings

    try:
        return load_settings(needs)
    except BadSettings as error:
        for problem in error.problems:
            complain(str(problem))
        count = len(error.problems)
        need = "setting needs" if count == 1 else "settings need"
        complain(f"{count} {need} fixing (see Settings in README.md).")
        sys.exit(2)


def start_logs(settings: "Settings") -> None:
    """Write the log as the settings say, without any of their secrets."""
    from bot.serve.logs import set_up_logs

    set_up_logs(settings.log_format, settings.secrets)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it to its end, and return what it returns."""
    import asyncio

    gc.enable()
    try:
        import uvloop
    except ImportError:  # not on every platform
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
