"""Readiness for the next cycle: rule sets, limits and verdicts."""
