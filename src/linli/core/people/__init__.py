"""Persons, households and organisations, versioned."""
