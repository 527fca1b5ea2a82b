"""How the collector of traces is spoken to, and what is said when it is away."""

from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from structlog.testing import capture_logs

from bot.serve.traces import OutageLoggingExporter, headers_from

LOST, ARRIVED = SpanExportResult.FAILURE, SpanExportResult.SUCCESS


class Scripted(SpanExporter):
    """Does in turn what is foreseen."""

    def __init__(self, *results: SpanExportResult) -> None:
        self._results = [*results]

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        del spans
        return self._results.pop(0)


#: How the exports end, and what is said of it.
DAYS = [
    ([ARRIVED, ARRIVED], []),
    ([LOST, LOST, LOST], ["traces_lost"]),
    ([ARRIVED, LOST, LOST, ARRIVED, ARRIVED], ["traces_lost", "traces_arrive_again"]),
    ([LOST, ARRIVED, LOST], ["traces_lost", "traces_arrive_again", "traces_lost"]),
]


@pytest.mark.parametrize(("results", "said"), DAYS)
def test_a_collector_that_is_away_has_one_line_and_its_return_another(
    results: list[SpanExportResult], said: list[str]
) -> None:
    exporter = OutageLoggingExporter(Scripted(*results))

    with capture_logs() as lines:
        assert [exporter.export(()) for _ in results] == results

    assert [line["event"] for line in lines] == said


def test_headers_are_read_as_opentelemetry_writes_them() -> None:
    pairs = ("API-Key=abc%20def", " x-team = 7 ", "x-sum=a=b")

    assert headers_from(pairs) == {"api-key": "abc def", "x-team": "7", "x-sum": "a=b"}
