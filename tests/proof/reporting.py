"""Collect the results of the proofs from all test processes, and print them as one table."""

from typing import Any

import pytest

from tests.proof.extent import Results

RESULTS = pytest.StashKey[Results]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the list of results of this process."""
    config.stash[RESULTS] = Results()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Pass the results of a worker process to the main process."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["proof"] = session.config.stash[RESULTS].lines


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the results of a worker process that has ended."""
    found = getattr(node, "workeroutput", {}).get("proof", ())
    node.config.stash[RESULTS].lines += found


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table."""
    config.stash[RESULTS].show(terminalreporter)
