"""The grammar: one module per verb, their registry, and one parser for typed and clicked text."""
