"""One file for each revision, named v and the revision's four digits, then its subject."""
