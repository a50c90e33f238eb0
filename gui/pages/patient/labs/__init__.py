"""The Labs tab."""
