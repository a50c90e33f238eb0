"""Data that the program reads: nothing here is code."""
