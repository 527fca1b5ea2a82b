"""Find the recipients of changes, and end, revive and list subscriptions."""
