"""Times as people type them: clock times, days, spans, and the ends that they make."""
