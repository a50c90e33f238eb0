"""Input fields of the forms."""
