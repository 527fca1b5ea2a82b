"""The metric, the span and the log line of each answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.core.commands.command import Command
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.show import Show
from bot.core.errors import BotError, JobNotFound, JobSourceError, MessengerError, StoreUnavailable
from bot.core.ports.meter import CommandOutcome, Meter
from bot.core.ports.time import Monotonic
from bot.core.ports.tracing import span

_log = structlog.get_logger(__name__)

_FAILURES = {CommandOutcome.FAILED, CommandOutcome.BUG}


@dataclass(slots=True)
class CountedAnswer:
    """The command and the outcome of one answer, filled in while it is made."""

    command: Command | None = None
    outcome: CommandOutcome = CommandOutcome.ANSWERED


@contextmanager
def counted(user_id: str, meter: Meter, monotonic: Monotonic) -> Iterator[CountedAnswer]:
    """Count, trace and log one answer. An exception that is raised within is counted as a bug."""
    answer, began = CountedAnswer(), monotonic()
    with span("command") as traced:
        try:
            yield answer
        except Exception:
            answer.outcome = CommandOutcome.BUG
            raise
        finally:
            verb, outcome = verb_of(answer.command), answer.outcome.value
            seconds = monotonic() - began
            meter.count_command(verb, answer.outcome, seconds=seconds)
            traced.note(verb=verb, outcome=outcome)
            if answer.outcome in _FAILURES:
                traced.fail(outcome)
            # Help costs less than its log line would.
            if not isinstance(answer.command, Help):
                # The sentence itself is not logged, because it may contain anything.
                _log.info(
                    "answered", verb=verb, outcome=outcome, seconds=round(seconds, 3), user=user_id
                )


def verb_of(command: Command | None) -> str:
    """Return the verb as the help names it; `show` for a mere job, `none` for no command."""
    if command is None:
        return "none"
    return "show" if isinstance(command, Show) else command.text.partition(" ")[0]


def outcome_of(error: BotError) -> CommandOutcome:
    """Return FAILED if the cloud, Slack or the database failed, else REFUSED."""
    is_theirs = isinstance(error, JobSourceError | MessengerError | StoreUnavailable)
    if is_theirs and not isinstance(error, JobNotFound):
        return CommandOutcome.FAILED
    return CommandOutcome.REFUSED
