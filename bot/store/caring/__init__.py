"""Enqueue guard notices of running and waiting jobs, and record the leases and owners of jobs."""
