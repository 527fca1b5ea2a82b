"""Cards about stopping and restarting a job: the buttons, the question, the result, the audit."""
