"""What is due, whose it is, by when, and whether it was done (应办)."""
