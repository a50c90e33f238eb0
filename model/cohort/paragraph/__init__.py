"""The paragraph of a paper: template, names and numbers."""
