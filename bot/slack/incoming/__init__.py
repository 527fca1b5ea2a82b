"""What Slack sends: proved, read, answered."""
