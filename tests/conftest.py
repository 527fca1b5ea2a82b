"""What every test may use: the switch that rewrites golden files."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one review cards by their difference: `pytest --rewrite-golden`, then `git diff`."""
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew from the code"
    )
