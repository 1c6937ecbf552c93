"""What services really answer, and everything that can go wrong on the way."""
