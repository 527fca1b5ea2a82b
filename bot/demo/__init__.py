"""A whole world on one machine: a stand-in ModelArts, a stand-in Slack and a story in them."""
