"""Benches: every line is a ratio of two programs measured in the same run."""
