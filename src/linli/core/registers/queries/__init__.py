"""Reads of the registers. Each takes the actor and asks for the permission it needs."""
