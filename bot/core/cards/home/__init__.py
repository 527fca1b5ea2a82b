"""A person's Home, part by part."""
