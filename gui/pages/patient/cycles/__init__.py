"""The Cycles tab."""
