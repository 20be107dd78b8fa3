"""Workbooks into records."""
