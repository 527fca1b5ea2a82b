"""The watcher: reads jobs from the cloud, compares them, and records their changes."""
