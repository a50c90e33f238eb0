"""The one-page summary of a patient: laid out, drawn, and written as PDF."""
