"""Who hears of a change: subscriptions and their ends."""
