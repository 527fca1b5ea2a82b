"""Everything that is sent to Slack: calls, messages, searches."""
