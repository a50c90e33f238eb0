"""What the figures of a cohort draw."""
