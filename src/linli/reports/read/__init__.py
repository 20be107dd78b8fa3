"""Readers: a finished file back into paragraphs with their links, and its seal."""
