"""The Slack side: requests come in through a gate, cards go out as Block Kit."""
