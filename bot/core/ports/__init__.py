"""The four ports, as Protocols: the cloud, Slack, the store, and time."""
