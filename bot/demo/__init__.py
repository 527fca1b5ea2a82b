"""The demo: the bot with a stand-in ModelArts and a stand-in Slack on one machine, and a story."""
