"""What the courier and the card keeper work with: a clock, an outbox and a Slack in memory."""

import pytest

from tests.fakes import ManualClock
from tests.outbox_fakes import FakeMessenger, FakeOutbox


@pytest.fixture
def clock() -> ManualClock:
    """Stands still unless a test moves it."""
    return ManualClock()


@pytest.fixture
def outbox(clock: ManualClock) -> FakeOutbox:
    """Empty."""
    return FakeOutbox(clock)


@pytest.fixture
def slack(clock: ManualClock) -> FakeMessenger:
    """Takes every post, unless a test says otherwise."""
    return FakeMessenger(clock)
