"""Workbooks and documents become records."""
