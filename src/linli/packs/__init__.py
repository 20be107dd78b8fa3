"""Floor 1, plain Python: what may be recorded, declared as data, and its loader."""
