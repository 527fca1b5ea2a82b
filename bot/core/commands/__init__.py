"""The sentences: one file a verb, one registry of verbs, one parser for typing and clicking."""
