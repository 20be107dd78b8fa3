"""Floor 4: what is written, and checked against the figures."""
