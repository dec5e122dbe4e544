"""Aktualisierung: a signed channel that says which version is newest, and hands out its files."""
