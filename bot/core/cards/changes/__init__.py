"""The cards that the outbox posts and edits: changes, guard notices, outages, dead letters."""
