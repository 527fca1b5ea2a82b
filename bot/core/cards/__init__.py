"""The cards that people see: facts and controls, without markup."""
