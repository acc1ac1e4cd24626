"""degrade: what generated text has lost of human text."""
