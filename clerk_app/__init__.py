"""Amtsstube: the offline-capable desk of a municipal clerk."""

__version__ = "0.1.0"
