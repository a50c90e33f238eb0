"""The data that the figures of a cohort draw."""
