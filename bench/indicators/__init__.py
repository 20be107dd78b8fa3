"""Indicators over millions of records and a tree of five levels."""
