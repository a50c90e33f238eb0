"""Computed from records: eGFR, clearance, body surface and the like, and the profile."""
