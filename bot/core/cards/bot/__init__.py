"""What the bot says about itself and about sentences that it cannot follow."""
