"""A `JobSource` that reads, stops and restarts the visualization jobs of ModelArts over HTTP."""
