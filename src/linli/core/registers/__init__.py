"""Registers: buildings and dwellings, households and persons, with dates, as known then."""
