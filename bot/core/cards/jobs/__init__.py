"""The cards of one job and of lists of jobs, and their buttons."""
