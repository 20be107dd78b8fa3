"""Simulation: a whole community-year that nobody lived, counted while it is made.

It exercises every kind that the packs declare, and its own totals are held against the figures. What
it writes is marked 模拟数据 wherever it shows.
"""
