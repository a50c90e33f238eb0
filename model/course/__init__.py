"""The course of one patient as one value."""
