"""Files named by their hash, and what they prove."""
