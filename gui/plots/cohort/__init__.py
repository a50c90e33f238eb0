"""Figures of the cohort, each drawn from one value of `model.cohort`."""
