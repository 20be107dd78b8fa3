"""Floor 0, plain Python: errors, clock, days, ids, periods, quantities."""
