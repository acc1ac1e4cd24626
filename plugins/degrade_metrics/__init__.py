"""The metrics that come with degrade, one family a module."""
