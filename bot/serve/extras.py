"""The extras `otel` and `sentry`, which variables of OpenTelemetry and Sentry switch on."""

from dataclasses import dataclass
from importlib import import_module

from bot.config import Settings
from bot.core.text import Text, say
from bot.serve.adapters import revealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """An optional extra of the distribution, and the setting that asks for it."""

    name: str
    setting: str
    #: A module that can be imported only if the extra is installed.
    module: str
    #: The value of the setting; empty if it is not set.
    address: str
    #: The warning if the extra is wanted but not installed.
    problem: Text

    @property
    def is_installed(self) -> bool:
        """True if the packages of the extra can be imported."""
        try:
            import_module(self.module)
        except ImportError:
            return False
        return True

    @property
    def cure(self) -> Text:
        """Return how to install the extra, or do without it."""
        command = f"pip install '.[{self.name}]'"
        return say(
            "Run `{command}` in the folder of VisJob and start it again, or unset {setting}.",
            command=command,
            setting=self.setting,
        )


def wanted_extras(settings: Settings) -> tuple[Extra, ...]:
    """Return the extras whose setting is set."""
    otel = Extra(
        name="otel",
        setting="OTEL_EXPORTER_OTLP_ENDPOINT",
        module="opentelemetry.exporter.otlp.proto.http.trace_exporter",
        address=settings.otlp_endpoint or "",
        problem=say(
            "{setting} is set, but the packages for traces are not installed: nothing is traced",
            setting="OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
    )
    sentry = Extra(
        name="sentry",
        setting="SENTRY_DSN",
        module="sentry_sdk",
        address=revealed(settings.sentry_dsn) or "",
        problem=say(
            "{setting} is set, but the package of Sentry is not installed: no error is reported",
            setting="SENTRY_DSN",
        ),
    )
    return tuple(extra for extra in (otel, sentry) if extra.address)
