"""The words that several cards share: for changes, subscriptions, holds and statuses."""
