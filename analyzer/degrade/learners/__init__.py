"""The built-in learners: models of words that are trained in seconds, and transformers."""
