"""All that knows Qt, and nothing that knows SQL."""
