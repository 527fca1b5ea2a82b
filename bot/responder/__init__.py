"""A person asks: a request becomes a reply."""
