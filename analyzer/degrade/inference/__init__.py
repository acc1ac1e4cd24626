"""From two profiles to what can be said of their difference."""
