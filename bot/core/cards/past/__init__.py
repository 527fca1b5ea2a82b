"""Cards about the past of jobs: their history, and what they cost."""
