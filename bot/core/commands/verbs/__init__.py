"""One module a verb: its command, its parser and its help; and the registry of all verbs."""
