"""The entry point. It imports only the standard library until the dependencies are found."""

import gc
import sys

_INSTALL = (
    "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt "
    "&& .venv/bin/python -m bot demo"
)


# The exit status that a shell reports for a process ended by SIGINT: 128 + 2.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line, or print what to install."""
    # Imported modules are never garbage, and scanning them would take a tenth of the start.
    gc.disable()
    if sys.argv[1:2] == ["serve"]:
        from bot.serve.stop_signals import exit_when_asked

        exit_when_asked()
    try:
        from bot.cli import cli
        from bot.cli.streams import open_streams
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "bot":
            raise
        sys.stderr.write(
            f"VisJob needs the package {error.name}, and this Python does not have it.\n"
            f"Install what it needs and start the demo:\n\n    {_INSTALL}\n"
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    open_streams()
    cli(prog_name="visjob")


if __name__ == "__main__":
    main()
