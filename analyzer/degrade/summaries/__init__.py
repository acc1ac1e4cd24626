"""What a corpus is reduced to."""
