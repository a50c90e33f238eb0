"""The page of one patient: its head, and one file for each tab."""
