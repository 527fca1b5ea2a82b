"""The recipients of a change: subscriptions and their ends."""
