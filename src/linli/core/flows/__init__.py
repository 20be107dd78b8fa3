"""Matters that move through the steps of a flow, within an area and between areas."""
