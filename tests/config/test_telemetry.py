"""Where traces and reports go: what is accepted, and what is said of the rest."""

import pytest

from tests.config.environment import Environment, problems_of

GOOD = [
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otlp.example.com/otlp/"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=abc%20def,x-team = 7"),
    ("SENTRY_DSN", "https://0123456789abcdef@o1.ingest.sentry.io/42"),
    ("SENTRY_DSN", "https://key@sentry.example.com/prefix/7"),
    ("SENTRY_DSN", "http://key@127.0.0.1:9000/7"),
]


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_what_others_document_is_accepted(environment: Environment, name: str, text: str) -> None:
    environment.set({name: text})

    assert name not in problems_of()


#: A value, and what is wrong with it.
BAD = [
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "does not start with"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://collector:4317", "does not start with"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://ana:pa55word@collector", "a password"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector?key=pa55word", "a query"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "pa55word", "not name=value"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a,pa55word", "not name=value"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=pa55\nword: x", "not name=value"),
    ("SENTRY_DSN", "https://o1.ingest.sentry.io/42", "no key"),
    ("SENTRY_DSN", "https://pa55word@o1.ingest.sentry.io", "number of a project"),
    ("SENTRY_DSN", "https://pa55word@o1.ingest.sentry.io/visjob", "number of a project"),
    ("SENTRY_DSN", "http://pa55word@sentry.example/42", "loopback"),
    ("SENTRY_DSN", "pa55word", "does not start with"),
]


@pytest.mark.parametrize(("name", "text", "wrong"), BAD)
def test_what_is_none_is_named_with_its_cure_and_not_shown(
    environment: Environment, name: str, text: str, wrong: str
) -> None:
    environment.set({name: text})

    problem = problems_of()[name]

    assert wrong in str(problem)
    assert "for example" in str(problem)
    assert "pa55" not in str(problem)
