"""E-Akte: cases as xdomea packages for other systems, and proof bundles that anybody can check.

The standard library only. Everything comes in as values; this room knows no other room of its level.
"""
