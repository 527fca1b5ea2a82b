"""Sentences in Chinese, and the words that people use for events."""
