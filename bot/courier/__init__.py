"""The courier: posts each delivery once, and keeps cards up to date."""
