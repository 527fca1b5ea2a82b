"""The options after a target, as the grammar has them and as people type them."""
