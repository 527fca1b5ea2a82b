"""What is switched on by a standard variable of others, and needs packages that few install."""

from dataclasses import dataclass
from importlib import import_module

from bot.config import Settings
from bot.core.text import Text, say
from bot.serve.adapters import revealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """An extra of the distribution."""

    name: str
    setting: str
    #: What cannot be imported without it.
    module: str
    #: The address that the setting gives; empty where it is not set.
    address: str
    #: What is wrong where it is not installed.
    problem: Text

    @property
    def is_installed(self) -> bool:
        """True if its packages are there."""
        try:
            import_module(self.module)
        except ImportError:
            return False
        return True

    @property
    def cure(self) -> Text:
        """What to do about that."""
        command = f"pip install '.[{self.name}]'"
        return say(
            "Run `{command}` in the folder of VisJob and start it again, or unset {setting}.",
            command=command,
            setting=self.setting,
        )


def wanted_extras(settings: Settings) -> tuple[Extra, ...]:
    """Those whose setting is set."""
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
