"""Cards that ask for subscriptions, confirm them, list them and end them."""
