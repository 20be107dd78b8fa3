"""Spans of days, their close, and dated corrections."""
