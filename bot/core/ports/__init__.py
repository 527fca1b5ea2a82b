"""The four doors: the cloud, Slack, the store, and time."""
