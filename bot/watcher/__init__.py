"""The cloud changes: jobs are read, compared and recorded."""
