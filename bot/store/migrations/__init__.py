"""The steps from an empty database to the tables of today; each is applied once, in order."""
