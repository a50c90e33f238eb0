"""All that knows medicine and data, and nothing that knows Qt."""
