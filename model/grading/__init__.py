"""CTCAE grades of one patient: proposals, regrading, treatment-emergent."""
