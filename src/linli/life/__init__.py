"""The life of an installation: backup, restore, upgrade, check-up, move, certificates.

This floor copies whole tables and whole folders; it decides nothing about what they say. So it is
the one place beside actions that writes tables (`tables.py`), and it stands above everything that
has something to be copied or checked, below the doors.
"""
