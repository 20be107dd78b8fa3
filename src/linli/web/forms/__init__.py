"""Forms: what a person typed, kept as typed, with every fault at its field."""
