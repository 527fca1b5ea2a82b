"""One file for each revision; its name begins with v and the revision's four digits."""
