"""The outbox empties: deliveries are posted once, and cards kept true."""
