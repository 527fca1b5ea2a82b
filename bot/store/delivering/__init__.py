"""The outbox and the cards in SQL."""
