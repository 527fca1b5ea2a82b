"""The door: standard library only, until it is sure that the rest is installed."""

import gc
import sys

_INSTALL = (
    "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt "
    "&& .venv/bin/python -m bot demo"
)


def main() -> None:
    """Hand over to the command line, or say what to install."""
    # What is imported stays: to look through it for garbage is a tenth of every start.
    gc.disable()
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
    open_streams()
    cli(prog_name="visjob")


if __name__ == "__main__":
    main()
