"""Reasons to read a run with care, with their numbers."""

from degrade.inference.confounders.collect import confounders

__all__ = ["confounders"]
