"""Cards about snoozes and about the rules of a place: quiet hours and the digest."""
