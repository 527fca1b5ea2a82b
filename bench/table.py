"""Format a run as Markdown: the bars first, then the figures behind them."""

from collections.abc import Iterator, Sequence

from bench.commands import Outcome, Row
from bench.figures import AtMost, spread
from bench.machine import QUIET_ENOUGH, count_processors, list_versions
from bench.rounds import Sample


def markdown(outcome: Outcome) -> str:
    """Return the whole report."""
    return "\n".join((*bars(outcome.rows), "", *_figures(outcome), "", *_remarks(outcome)))


def bars(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the table of figures and bars."""
    yield "| what | beside | figure | must | aim | verdict |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        must, aim = row.bar.shown()
        shown = _shown(row)
        yield f"| {row.what} | {row.beside} | {shown} | {must} | {aim} | {row.verdict.value} |"


def _shown(row: Row) -> str:
    if isinstance(row.bar, AtMost):
        return f"{row.figure.shown(2)} {row.bar.unit}"
    return f"{row.figure.shown(2)}×"


def _figures(outcome: Outcome) -> Iterator[str]:
    yield "| work | server | CPU µs | p50 ms | per second |"
    yield "|---|---|---|---|---|"
    for (work, server), samples in outcome.samples.items():
        yield f"| {work.name} | {server} | {' | '.join(_cells(samples))} |"


def _cells(samples: Sequence[Sample]) -> Iterator[str]:
    yield spread([sample.cpu_seconds * 1e6 for sample in samples]).shown()
    yield spread([sample.p50_seconds * 1e3 for sample in samples]).shown(2)
    yield spread([sample.per_second for sample in samples]).shown()


def _remarks(outcome: Outcome) -> Iterator[str]:
    for name, reason in outcome.missing.items():
        yield f"Left out: {name}, because {reason}."
    gap = f"{outcome.spin_gap:.0%} of a busy second was lost to others"
    judged = "so clocks on the wall are judged"
    if outcome.spin_gap > QUIET_ENOUGH:
        judged = f"more than {QUIET_ENOUGH:.0%}, so clocks on the wall are not judged"
    yield f"{count_processors()} processors; {gap}, {judged}."
    yield f"{list_versions()}."
