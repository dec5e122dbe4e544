"""Abgleich: fetches what arrived, pushes what the clerk decided; knows neither HTTP nor SQLite."""
