"""Slack as the bot sees it: requests in through a gate, cards out as Block Kit."""
