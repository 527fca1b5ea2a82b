"""What every door to the network needs: secrets, and whom to trust."""

import ssl
from functools import cache
from pathlib import Path

from pydantic import SecretStr


def revealed(secret: SecretStr | None) -> str | None:
    """The secret itself, for the one who needs it."""
    return secret.get_secret_value() if secret else None


@cache
def trusted(ca_file: Path | None) -> ssl.SSLContext | None:
    """Whom both ways to the outside trust beside the system's certificates; None: nobody else."""
    if ca_file is None:
        return None
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context
