"""From settings to open doors: the cloud, Slack, the database; each imports only what it needs."""
