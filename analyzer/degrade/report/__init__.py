"""What is said of a run, and how it looks."""
