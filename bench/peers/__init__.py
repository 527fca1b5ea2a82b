"""The servers that the bot is compared with; none of them imports the bot."""
