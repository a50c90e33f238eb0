"""Laboratory results of a cohort."""
