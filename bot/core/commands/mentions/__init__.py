"""Requests among other words: a mention of the bot is free text, unlike a slash command."""
