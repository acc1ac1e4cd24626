"""Counting n-grams by group and position."""
