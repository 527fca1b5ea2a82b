"""VisJob: nouns in `core/`, verbs at the root of `bot/`, the outside world in one package each."""
