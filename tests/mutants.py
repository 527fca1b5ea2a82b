"""Test the tests: change the core by one small mutation at a time, and check that a test fails.

python -m tests.mutants [MODULE ...]

Each mutant is the source with one mistake: `<` for `<=`, a condition dropped, a number one higher,
a line or an argument left out. A mutant exists in memory only: a forked process imports the mutant
and runs the tables of sentences. Type hints, decorators and docstrings are never mutated. Prints
the surviving mutants, and exits with 1 if the score is below the one that docs/proof.md promises.
"""

import ast
import copy
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, NoReturn

import click
import pytest

ROOT = Path(__file__).parent.parent
# Each module with the test file that should notice its mutants first.
MODULES = {
    "change": "test_change.py",
    "subscription": "test_subscription.py",
    "absence": "test_advance.py",
    "advance": "test_advance.py",
    "audience": "test_audience.py",
    "guard": "test_guard.py",
    "usual_wait": "test_usual_wait.py",
    "care": "test_care.py",
    "timeline": "test_timeline.py",
    "runs": "test_timeline.py",
    "spending": "test_spending.py",
    "acting": "test_acting.py",
    "rule_holds": "test_rule_holds.py",
    "hold": "test_hold.py",
}
LEAST_PERCENT = 90

# Seconds of the process's own time, because other programs may use the machine.
_CPU_SECONDS = 10
_SECONDS = 300
_BYTES = 2 * 1024**3

_UNDECIDED = {"annotation", "returns", "decorator_list", "bases", "type_params"}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
_NAMES = {"any": "all", "all": "any", "max": "min", "min": "max"}
# Lists of children of which each member can be left out, if another one remains.
_LISTS = {
    ast.BoolOp: "values",
    ast.Tuple: "elts",
    ast.List: "elts",
    ast.Set: "elts",
    ast.Match: "cases",
}
# Lists of children of which each member can be left out.
_OPTIONS = {ast.Call: "keywords", ast.comprehension: "ifs"}


class Mutant(NamedTuple):
    """A module of the core with one slip."""

    module: str
    line: int
    slip: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module of the core."""
    tree = ast.parse((ROOT / "bot" / "core" / f"{module}.py").read_text())
    for holder, field, at, node in _decisions(tree):
        for other in _slips(node):
            _put(holder, field, at, other)
            slip = f"{ast.unparse(node)}  →  {ast.unparse(other)}".replace("\n", " ")
            yield Mutant(f"bot.core.{module}", _line(node, holder), slip, ast.unparse(tree))
            _put(holder, field, at, node)


def _decisions(holder: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(holder):
        if field in _UNDECIDED:
            continue
        for at, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(node, ast.AST) and not _is_text(node):
                yield holder, field, at, node
                yield from _decisions(node)


def _is_text(node: ast.AST) -> bool:
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_constant or isinstance(node, ast.Import | ast.ImportFrom)


def _put(holder: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[at] = node


def _line(node: ast.AST, holder: ast.AST) -> int:
    return getattr(node, "lineno", getattr(holder, "lineno", 0))


def _slips(node: ast.AST) -> Iterator[ast.AST]:
    for kind in (_omissions, _other_values, _other_operators, _other_ways):
        yield from kind(node)


def _other_values(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as number):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str() as text):
            yield ast.Constant(text + "x")
        case ast.Name(id=name) if name in _NAMES:
            yield _with(node, id=_NAMES[name])


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[first, *others]):
            for other in _COMPARISONS[type(first)]:
                yield _with(node, ops=[other(), *others])
        case ast.BinOp(op=operation) if type(operation) in _OPERATORS:
            yield _with(node, op=_OPERATORS[type(operation)]())
        case ast.BoolOp(op=operation):
            yield _with(node, op=ast.Or() if isinstance(operation, ast.And) else ast.And())
        case ast.UnaryOp(operand=operand):
            yield operand


def _other_ways(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.IfExp():
            yield from (_with(node, test=ast.Constant(value)) for value in (True, False))
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _omissions(node: ast.AST) -> Iterator[ast.AST]:
    name = _LISTS.get(type(node)) or _OPTIONS.get(type(node))
    if name is None or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    members = getattr(node, name)
    if len(members) > (type(node) in _LISTS):
        for at in range(len(members)):
            rest = [*members[:at], *members[at + 1 :]]
            is_alone = isinstance(node, ast.BoolOp) and len(rest) == 1
            yield rest[0] if is_alone else _with(node, **{name: rest})


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return ast.fix_missing_locations(other)


class _Importer(MetaPathFinder, Loader):
    """An importer that loads the mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self._mutant.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, "mutant", "exec"), module.__dict__)  # noqa: S102 - ours


def _noticed(made: Sequence[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Try each mutant in a process of its own, one per processor at a time."""
    running: dict[int, Mutant] = {}
    for mutant in [*made, None]:
        while running and (mutant is None or len(running) >= (os.cpu_count() or 1)):
            process_id, status = os.wait()
            yield running.pop(process_id), status != 0
        if mutant is None:
            return
        process_id = os.fork()
        if process_id == 0:
            _try(mutant)
        running[process_id] = mutant


def _try(mutant: Mutant) -> NoReturn:
    """Run the tests of the mutant's module in this process, and exit with 0 if all pass. A mutant
    that loops, waits or takes memory without end is ended by the kernel, and so fails."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    signal.alarm(_SECONDS)
    sys.meta_path.insert(0, _Importer(mutant))
    own = MODULES[mutant.module.rpartition(".")[2]]
    others = sorted({*MODULES.values()} - {own})
    is_unnoticed = False
    try:
        is_unnoticed = _pass(own) and _pass(*others)
    finally:
        os._exit(not is_unnoticed)


def _pass(*names: str) -> bool:
    arguments = ["-x", "-q", "--noconftest", "-c", os.devnull, "--rootdir", str(ROOT)]
    tests = [str(ROOT / "tests" / "core" / name) for name in names]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return pytest.main([*arguments, "-p", "no:cacheprovider", *tests]) == pytest.ExitCode.OK


def _forget_what_is_ours() -> None:
    for name in [*sys.modules]:
        if name.startswith(("bot.", "tests.")) and name != __name__:
            del sys.modules[name]


def main(modules: Sequence[str]) -> int:
    """Try every mutant of these modules, and return the exit code."""
    began = time.monotonic()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    if not _pass(*MODULES.values()):
        click.echo("The tests fail without any mutant.")
        return 1
    _forget_what_is_ours()
    made = [mutant for module in modules or MODULES for mutant in mutants(module)]
    noticed: dict[Mutant, bool] = {}
    for mutant, is_noticed in _noticed(made):
        noticed[mutant] = is_noticed
        if not is_noticed:
            click.echo(f"{mutant.module}:{mutant.line}: {mutant.slip}")
    for module, total in Counter(mutant.module for mutant in made).items():
        click.echo(
            f"{module}: {sum(noticed[one] for one in made if one.module == module)} of {total}"
        )
    killed = sum(noticed[one] for one in made)
    percent = 100 * killed / len(made)
    took = time.monotonic() - began
    click.echo(f"{killed} of {len(made)} mutants noticed: {percent:.1f} %, in {took:.0f} s")
    return 0 if percent >= LEAST_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
