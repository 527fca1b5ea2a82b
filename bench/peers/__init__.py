"""The servers that the bot is measured against; none of them imports the bot."""
