"""Shards to profiles."""
