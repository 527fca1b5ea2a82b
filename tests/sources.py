"""The code as Python reads it: read once, for all the tests that look through it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@cache
def sources() -> tuple[Path, ...]:
    """Every file of the program."""
    return tuple(sorted((ROOT / "bot").rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """What a file says."""
    return ast.parse(path.read_text())


@cache
def calls(path: Path) -> tuple[ast.Call, ...]:
    """Every call of a file."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
