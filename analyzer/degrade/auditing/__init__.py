"""Audits of one corpus: which sources stand out, and which documents are worst."""
