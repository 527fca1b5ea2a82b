"""What is sent to Slack: calls, messages, searches."""
