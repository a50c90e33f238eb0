"""The tables of a cohort: frames in, frames out."""
