"""Declarations: what an office may record, count, list and write, as data (TOML), never code."""
