"""The tree of areas, with dates."""
