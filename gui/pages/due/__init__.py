"""The Due page."""
