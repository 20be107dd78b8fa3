"""Floor 2: the truth, append-only and audited."""
