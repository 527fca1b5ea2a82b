"""The nouns: jobs, commands, cards and errors. Standard library only, no clock, no I/O."""
