"""The card of `why`: what was seen of a job, and what came of each delivery."""
