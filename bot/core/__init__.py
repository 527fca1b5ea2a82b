"""The domain: jobs, subscriptions, commands, cards and the decisions about them. Pure: standard
library only, no clock, no I/O."""
