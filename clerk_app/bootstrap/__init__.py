"""Wires the house: the one place that knows every room. Decides nothing a clerk would notice."""
