"""What a running job costs, about. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an hour of a running job costs, as the settings say."""

    hourly: Decimal
    #: Empty where the settings name none.
    currency: str


def cost_of(span: timedelta, price: Price) -> Decimal:
    """What so long a run costs, to the cent."""
    hours = Decimal(span // timedelta(seconds=1)) / (_HOUR // timedelta(seconds=1))
    return (price.hourly * hours).quantize(Decimal("0.01"))
