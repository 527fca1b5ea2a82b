"""The answers to people's requests: a request becomes a reply."""
