"""Floor 3: what is measured; reads the truth, never writes it."""
