"""Sentences for every error, one room for each part of the house."""
