"""CTCAE 5.0 and 6.0: terms, criteria, grading and wording."""
