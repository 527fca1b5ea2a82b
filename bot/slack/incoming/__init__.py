"""Requests from Slack: verified, parsed, answered."""
