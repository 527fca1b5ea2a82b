"""Parse the code once, for all the tests that inspect its syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@cache
def sources() -> tuple[Path, ...]:
    """Return every source file of the program."""
    return tuple(sorted((ROOT / "bot").rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text())


@cache
def calls(path: Path) -> tuple[ast.Call, ...]:
    """Return every call in a file."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
