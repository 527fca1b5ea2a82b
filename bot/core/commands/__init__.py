"""The sentences: one file a verb, one parser for what is typed and what is clicked."""
